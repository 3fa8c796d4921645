package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.math.SplitMix64;

/** What training does to recordings, and evaluation does not. */
final class AugmentTest {
    @TempDir
    Path dir = Path.of("");

    private ClipDataset sc(Map<String, Object> keys) throws IOException { return Spoken.sc(dir, keys, _ -> {}); }

    private static void set(float[] x, java.util.function.IntToDoubleFunction value) {
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) value.applyAsDouble(i);
        }
    }

    @Test
    void augmentationRepeatsBySeedEpochAndRecordingAloneAndLeavesEvaluationAlone() throws IOException {
        Spoken.words(dir, List.of("no", "yes"), 60);
        ClipDataset data = sc(Map.of("augment", Map.of("speed", 0.1, "shift", 0.001, "gain_db", 6, "noise", 1)));
        SequenceSet set = data.train();
        int[] some = {3, 0, 5};
        float[] first = set.batch(some, 7, 1).x();
        assertArrayEquals(first, set.batch(some, 7, 1).x());
        assertArrayEquals(Arrays.copyOfRange(first, 64, 128), set.batch(new int[]{0}, 7, 1).x(), "in any batch");
        assertNotEquals(Arrays.hashCode(first), Arrays.hashCode(set.batch(some, 7, 2).x()), "another epoch");
        assertNotEquals(Arrays.hashCode(first), Arrays.hashCode(set.batch(some, 8, 1).x()), "another seed");
        assertEquals(first.length, set.batch(some).x().length);
        Batches shuffled = new Batches(set, 3, true, false, 7);
        assertArrayEquals(set.batch(shuffled.epoch(2).indices(1), 7, 2).x(), shuffled.epoch(2).batch(1).x());
        Batches inOrder = Batches.inOrder(data.test(), 2);
        assertArrayEquals(data.test().batch(new int[]{0, 1}).x(), inOrder.epoch(3).batch(0).x());
    }

    /** Two tones, below and above every band that can be drawn: one stays as loud as it was, the other is gone. */
    @Test
    void aLowPassKeepsWhatLiesBelowItsBandAlone() {
        Augment augment = new Augment(Binder.bind(ConfigTree.of(Map.of("lowpass", 1, "lowpass_min", 2000), new Origin(
                "test")), AugmentConfig.DEFAULTS), 16_000, List.of());
        for (int seed = 0; seed < 20; seed++) {
            float[] x = new float[4001];
            set(x, i -> Math.sin(2 * Math.PI * 1000 * i / 16_000) + Math.sin(2 * Math.PI * 7900 * i / 16_000));
            float[] y = augment.samples(x, SplitMix64.of(seed, "test", 0));
            assertEquals(4001, y.length);
            assertEquals(0.5, power(y, 1000), 0.01, "below, seed " + seed);
            assertEquals(0, power(y, 7900), 0.01, "above, seed " + seed);
        }
        float[] x = {1, 2, 3};
        assertArrayEquals(new float[]{1, 2, 3},
                new Augment(augment.config(), 4000, List.of()).samples(x, SplitMix64.of(1,
                        "test", 0)),
                "a rate that has no narrower one");
        assertFalse(augment.config().nothing());
    }

    /** Mean square of a tone in the middle of the sound. */
    private static double power(float[] y, int hertz) {
        double re = 0;
        double im = 0;
        int n = 3200;
        for (int i = 0; i < n; i++) {
            re += y[400 + i] * Math.cos(2 * Math.PI * hertz * i / 16_000.0);
            im += y[400 + i] * Math.sin(2 * Math.PI * hertz * i / 16_000.0);
        }
        return 2 * (re * re + im * im) / n / n;
    }

    @Test
    void noiseHasTheRatioThatIsAskedFor() {
        float[] x = new float[1000];
        float[] noise = new float[300];
        set(x, i -> Math.sin(i));
        set(noise, i -> Math.cos(2.3 * i));
        float[] y = x.clone();
        Augment.mix(y, noise, 250, 13);
        double signal = 0;
        double rest = 0;
        for (int i = 0; i < y.length; i++) {
            signal += x[i] * x[i];
            rest += (y[i] - x[i]) * (y[i] - x[i]);
        }
        assertEquals(13, 10 * Math.log10(signal / rest), 1e-3);
        float[] silent = new float[5];
        Augment.mix(silent, noise, 0, 10);
        assertArrayEquals(new float[5], silent, "silence has no ratio");
    }

    @Test
    void framesAreBlankedOnlyWhereThereAreFrames() throws IOException {
        Spoken.words(dir, List.of("no", "yes"), 60);
        assertFails(ConfigException.class, () -> sc(Map.of("augment", Map.of("time_masks", 1))), "augment.time_masks",
                "mfcc");
        assertFails(ConfigException.class, () -> sc(Map.of("augment", Map.of("snr_min", 30))), "snr_max 25");
        ClipDataset data = sc(Map.of("features", Map.of("_name_", "log-mel", "n_fft", 16, "hop_length", 4, "n_mels", 6),
                "augment", Map.of("time_masks", 2, "time_mask", 4, "freq_masks", 1, "freq_mask", 2)));
        int blank = 0;
        for (int epoch = 0; epoch < 5; epoch++) {
            float[] x = data.train().batch(new int[]{0}, 1, epoch).x();
            assertEquals(17 * 6, x.length);
            for (int t = 0; t < 17; t++) {
                int from = t * 6;
                blank += IntStream.range(0, 6).allMatch(i -> x[from + i] == 0) ? 1 : 0;
            }
        }
        assertTrue(blank > 0 && blank < 5 * 9, blank + " frames");
    }
}
