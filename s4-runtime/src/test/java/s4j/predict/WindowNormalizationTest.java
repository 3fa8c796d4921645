package s4j.predict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.io.TensorData;

/** What is done to inputs before a network sees them, and what triggers an event. */
final class WindowNormalizationTest {
    private static float[] noise(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    /** In whatever channel and place a window stands, its location and scale are those of its own values. */
    @ParameterizedTest
    @EnumSource(WindowNormalization.class)
    void aChannelsScaleKnowsNothingOfTheOthers(WindowNormalization n) {
        float[] x = noise(60, 3);
        for (int c = 0; c < 3; c++) {
            float[] alone = new float[10];
            for (int t = 0; t < 10; t++) {
                alone[t] = x[15 + t * 3 + c];
            }
            assertEquals(n.location(alone, 0, 1, 10), n.location(x, 15 + c, 3, 10), 1e-6, n + ", channel " + c);
            assertEquals(n.scale(alone, 0, 1, 10), n.scale(x, 15 + c, 3, 10), 1e-6, n + ", channel " + c);
        }
    }

    /** A shift moves the location as far, and a factor stretches the scale. */
    @ParameterizedTest
    @EnumSource(WindowNormalization.class)
    void shiftsMoveTheLocation(WindowNormalization n) {
        float[] x = noise(20, 4);
        float[] moved = x.clone();
        for (int i = 0; i < 20; i++) {
            moved[i] = 4 * x[i] + 32;
        }
        float by = n == WindowNormalization.NONE ? 0 : 4 * n.location(x, 0, 1, 20) + 32;
        assertEquals(by, n.location(moved, 0, 1, 20), 1e-4, n.toString());
        boolean scales = n == WindowNormalization.MEAN_STD || n == WindowNormalization.REVIN;
        assertEquals(scales ? 4 * n.scale(x, 0, 1, 20) : 1, n.scale(moved, 0, 1, 20), 1e-3, n.toString());
        assertTrue(n.scale(new float[20], 0, 1, 20) > 0, "a flat window is not divided by nothing");
        assertEquals(n != WindowNormalization.ANCHOR, n.ofInputs());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 5, 100})
    void aMovingMeanIsTheMeanOfTheLastRows(int n) {
        MovingMean mean = new MovingMean(n, 2);
        float[] x = noise(2 * 40, n);
        for (int t = 0; t < 40; t++) {
            float[] row = {x[2 * t], 1000 + x[2 * t + 1]};
            mean.next(row);
            int from = Math.max(0, t + 1 - Math.max(1, n));
            double sum = 0;
            for (int k = from; k <= t; k++) {
                sum += x[2 * k];
            }
            assertEquals(sum / (t + 1 - from), row[0], 1e-5, n + " rows, step " + t);
            assertEquals(1000, row[1], 4);
        }
    }

    @Test
    void anEventComesOnceUntilItsWordWasGone() {
        Trigger trigger = new Trigger(List.of("yes", "_silence_", "no"), 0.5, 2);
        float[] yes = {0.8f, 0.1f, 0.1f};
        float[] no = {0.1f, 0.1f, 0.8f};
        float[] still = {0.1f, 0.8f, 0.1f};
        assertEquals(0, trigger.next(0, yes), "the first step may be one");
        assertEquals(-1, trigger.next(1, no), "too soon");
        assertEquals(-1, trigger.next(2, still), "silence is none");
        assertEquals(2, trigger.next(3, no));
        assertEquals(-1, trigger.next(9, no), "still the same word");
        assertEquals(0, trigger.next(10, yes));
        assertEquals(2, trigger.next(13, no), "it was gone in between");
        assertEquals(-1, trigger.next(20, new float[]{0.49f, 0.02f, 0.49f}), "nothing is likely enough");
    }

    @Test
    void anInputsScaleComesFromTheModelFile() {
        Map<String, TensorData> tensors = new HashMap<>();
        assertEquals(0, InputTransform.of(tensors, 2).mean().length, "none is written");
        assertFails(IllegalArgumentException.class, () -> InputTransform.required(tensors, 2),
                "data.mean in the model file is missing; expected one number, or one for each of 2 values");
        tensors.put("data.mean", TensorData.of(new double[]{1, 2}, 2));
        assertFails(IllegalArgumentException.class, () -> InputTransform.of(tensors, 2), "data.std", "is missing");
        tensors.put("data.std", TensorData.of(new double[]{2, 4, 8}, 3));
        assertFails(IllegalArgumentException.class, () -> InputTransform.of(tensors, 2), "data.std",
                "each of 2 values");
        for (double bad : new double[]{0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            tensors.put("data.std", TensorData.of(new double[]{bad}, 1));
            assertFails(IllegalArgumentException.class, () -> InputTransform.of(tensors, 2), "data.std", "holds " + bad,
                    "above 0");
        }
        tensors.put("data.std", TensorData.of(new double[]{2}, 1));
        InputTransform scaled = InputTransform.of(tensors, 2);
        assertArrayEquals(new float[]{0, 0, 1, 1}, scaled.series(new float[]{1, 2, 3, 4}, 2));
        float[] step = {3, 4};
        scaled.step(step);
        assertArrayEquals(new float[]{1, 1}, step, "a step alone as in its series");
        tensors.put("data.permutation", TensorData.of(new int[]{0, 2, 2}, 3));
        assertFails(IllegalArgumentException.class, () -> InputTransform.of(tensors, 2), "is no order of its 3 steps");
    }

    @Test
    void aPermutedSeriesHasAsManySteps() {
        Map<String, TensorData> tensors = Map.of("data.permutation", TensorData.of(new int[]{2, 0, 1}, 3));
        InputTransform t = InputTransform.of(tensors, 2);
        assertArrayEquals(new float[]{5, 6, 1, 2, 3, 4}, t.series(new float[]{1, 2, 3, 4, 5, 6}, 2));
        assertFails(IllegalArgumentException.class, () -> t.series(new float[4], 2), "a series of 2 steps; expected 3");
        float[] raw = {1, 2, 3, 4};
        assertArrayEquals(raw, InputTransform.none().series(raw, 2));
        assertEquals(7, InputTransform.none().steps(7));
    }

    @Test
    void optionsOfASpotterHaveTheirRanges() {
        for (double bad : new double[]{0, -0.1, 1.1, Double.NaN}) {
            assertFails(IllegalArgumentException.class, () -> new SpotterOptions(bad, 0.5, 0.5, 0), "threshold: got "
                    + bad);
        }
        for (double bad : new double[]{-1, 61, Double.NaN}) {
            assertFails(IllegalArgumentException.class, () -> new SpotterOptions(0.5, bad, 0.5, 0),
                    "average: got " + bad);
            assertFails(IllegalArgumentException.class, () -> new SpotterOptions(0.5, 0.5, bad, 0),
                    "suppression: got ");
            assertFails(IllegalArgumentException.class, () -> new SpotterOptions(0.5, 0.5, 0.5, bad), "window: got ");
        }
        assertEquals(0.7, SpotterOptions.DEFAULTS.threshold());
    }
}
