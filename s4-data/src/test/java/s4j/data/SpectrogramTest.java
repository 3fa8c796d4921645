package s4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import s4j.audio.Quantization;

/** Sound as a picture. */
final class SpectrogramTest {
    @Test
    void sequencesCanBeLookedAt() {
        byte[] tone = new byte[4000];
        for (int t = 0; t < tone.length; t++) {
            tone[t] = (byte) (128 + 100 * Math.sin(2 * Math.PI * t / 8));
        }
        AudioForm form = new AudioForm(8, Quantization.LINEAR, AudioConfig.Scale.NONE, null, false);
        SequenceSet.Picture picture = new AudioSet(List.of(tone), List.of(-1), form).picture(0);
        int column = picture.width() / 2;
        int brightest = IntStream.range(0, picture.height())
                .reduce((a, b) -> (picture.pixels()[b * picture.width() + column] & 0xff) > (picture.pixels()[a
                        * picture.width() + column] & 0xff) ? b : a)
                .orElseThrow();
        assertEquals(128 - 1 - 32, brightest, 1, "an eighth of the rate is a quarter of the way up");
        assertEquals(picture.width() * picture.height(), picture.pixels().length);
        assertTrue(Arrays.equals(picture.pixels(), new AudioSet(List.of(tone), List.of(-1), form).picture(0).pixels()));
    }
}
