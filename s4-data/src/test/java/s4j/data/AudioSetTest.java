package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static s4j.testkit.Messages.assertFails;

import java.util.List;
import org.junit.jupiter.api.Test;
import s4j.audio.Quantization;
import s4j.model.SequenceBatch;

/** Levels as batches: what a step sees, what it is to say, what it is told. */
final class AudioSetTest {
    private static final AudioForm FORM = new AudioForm(8, Quantization.MU_LAW, AudioConfig.Scale.NONE, 100, false);

    @Test
    void shorterSequencesArePaddedAndSaySo() {
        AudioSet set = new AudioSet(List.of(new byte[]{1, 2}, new byte[]{3, 4, 5, (byte) 200}), List.of(-1, -1), FORM);
        SequenceBatch batch = set.batch(new int[]{0, 1});
        assertArrayEquals(new int[]{2, 4}, batch.lengths());
        assertEquals(6, batch.realSteps());
        assertArrayEquals(new int[]{1, 2, 128, 128, 3, 4, 5, 200}, batch.classes());
        assertArrayEquals(new float[]{128, 1, 128, 128, 128, 3, 4, 5}, batch.x());
        assertNull(set.batch(new int[]{1}).lengths());
    }

    /** Class 1 has the rows 3, 4 and 5 of the table: what is added is 256 times that. */
    @Test
    void partsOfASequenceAreToldApart() {
        byte[] four = {1, 2, 3, 4};
        AudioSet set = new AudioSet(List.of(four, new byte[]{9, 8}), List.of(1, 0), FORM, 3);
        SequenceBatch batch = set.batch(new int[]{0, 1});
        int silence = 128;
        assertArrayEquals(new float[]{3 * 256 + silence, 3 * 256 + 1, 4 * 256 + 2, 5 * 256 + 3, silence, 256 + 9,
                2 * 256 + silence, 2 * 256 + silence}, batch.x());
        assertArrayEquals(new int[]{1, 2, 3, 4, 9, 8, silence, silence}, batch.classes());
        assertArrayEquals(new float[]{256 + silence, 256 + 1, 256 + 2, 256 + 3},
                new AudioSet(List.of(four), List.of(1), FORM, 1).batch(new int[]{0}).x());
        assertArrayEquals(new float[]{silence, 1, 2, 3},
                new AudioSet(List.of(four), List.of(1), FORM).batch(new int[]{0}).x());
    }

    @Test
    void partsWithoutAClassAreRefused() {
        assertFails(IllegalArgumentException.class, () -> AudioForm.requireTold(false, 24), "parts: got 24",
                "dataset.conditional=true");
        AudioForm.requireTold(true, 24);
        AudioForm.requireTold(false, 1);
    }
}
