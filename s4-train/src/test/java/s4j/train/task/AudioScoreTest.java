package s4j.train.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import s4j.audio.Waveform;

/** Clips of sound before a classifier. */
final class AudioScoreTest {
    @Test
    void certainAndVariedClipsScoreTheNumberOfClassesAndEqualOnesScoreOne() {
        AudioScore best = AudioScore.of(List.of(new double[]{1, 0, 0}, new double[]{0, 1, 0}, new double[]{0, 0, 1}),
                List.of(0, 1, 2));
        assertEquals(3, best.inception(), 1e-6);
        assertEquals(3, best.coverage());
        assertEquals(1, best.rate());
        double[] any = {0.5, 0.3, 0.2};
        AudioScore worst = AudioScore.of(List.of(any, any, any), List.of(0, 1, 2));
        assertEquals(1, worst.inception(), 1e-9);
        assertEquals(1, worst.coverage());
        assertEquals(1.0 / 3, worst.rate(), 1e-12);
    }

    @Test
    void recognitionIsOfEachClassAndAClassWithoutClipsHasNone() {
        AudioScore s = AudioScore.of(List.of(new double[]{0.6, 0.3, 0.1}, new double[]{0.2, 0.7, 0.1}, new double[]{0.1,
                0.8, 0.1}), List.of(0, 0, 1));
        assertArrayEquals(new double[]{0.5, 1, Double.NaN}, s.recognized());
        assertEquals(0.75, s.rate(), 1e-12);
        assertEquals(3, s.clips());
        assertFails(IllegalArgumentException.class, () -> AudioScore.of(List.of(), List.of()), "0 clips");
    }

    @Test
    void markovNoiseHasTheLevelsOfRealSoundAndRepeatsByItsSeed() {
        float[] x = new float[2000];
        for (int i = 0; i < x.length; i++) {
            x[i] = i % 4 < 2 ? 0.5f : -0.5f;
        }
        MarkovSound markov = new MarkovSound(List.of(new Waveform(8000, x)));
        float[] y = markov.draw(500, 3).samples();
        assertArrayEquals(y, markov.draw(500, 3).samples());
        assertNotEquals(Arrays.hashCode(y), Arrays.hashCode(markov.draw(500, 4).samples()));
        int same = 0;
        for (int i = 1; i < y.length; i++) {
            assertEquals(0.5, Math.abs(y[i]), 0.03);
            same += y[i] == y[i - 1] ? 1 : 0;
        }
        assertTrue(same > 150 && same < 350, same + " of 499 stay, in the sound every second does");
    }
}
