package s4j.train.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import s4j.model.ObjectiveConfig;
import s4j.model.Outputs;
import s4j.model.Targets;

/** Bands that cover what they say. */
final class IntervalsTest {
    private static final ObjectiveConfig.Quantile BAND = new ObjectiveConfig.Quantile("quantile",
            List.of(0.1, 0.5, 0.9));

    /** Windows of two steps: normal errors, of the second step three times as large; the network says N(0, 1) of both. */
    private static Intervals intervals(ObjectiveConfig objective, int windows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] y = new float[2 * windows];
        float[] outputs = new float[y.length * objective.parameters()];
        for (int i = 0; i < y.length; i++) {
            y[i] = (float) (random.nextGaussian() * (i % 2 == 0 ? 1 : 3));
            for (int k = 0; k < objective.parameters(); k++) {
                outputs[i * objective.parameters() + k] = (float) objective.start()[k];
            }
        }
        Intervals out = new Intervals(new Outputs(objective), y.length);
        out.add(new Targets.Values(2, 1, y), outputs);
        return out;
    }

    @Test
    void factorsMakeTheBandCoverFourFifthsOfOtherWindowsToo() {
        double[] widths = intervals(BAND, 2000, 1).widths();
        assertEquals(1, widths[0], 0.1, "what is right stays");
        assertEquals(3, widths[1], 0.3);
        Intervals other = intervals(BAND, 2000, 2);
        assertEquals(0.8, other.coverage(widths), 0.02);
        assertEquals((0.8 + 0.33) / 2, other.coverage(new double[]{1, 1}), 0.02);
    }

    @Test
    void fewWindowsShareOneFactorAndVeryFewHaveNone() {
        double[] shared = intervals(BAND, 100, 3).widths();
        assertEquals(shared[0], shared[1]);
        assertArrayEquals(new double[]{1, 1}, intervals(BAND, 20, 3).widths());
    }

    @Test
    void densitiesHaveTheSameFactors() {
        double[] widths = intervals(ObjectiveConfig.Gaussian.DEFAULTS, 1500, 4).widths();
        assertEquals(3, widths[1] / widths[0], 0.5);
    }

    @Test
    void valuesThatAreNotKnownDoNotCount() {
        Intervals all = new Intervals(new Outputs(BAND), 400);
        Intervals some = new Intervals(new Outputs(BAND), 400);
        float[] y = new float[400];
        float[] mask = new float[400];
        Arrays.fill(mask, 0, 200, 1);
        Arrays.fill(y, 200, 400, 100);
        float[] outputs = new float[1200];
        all.add(new Targets.Values(1, 1, y), outputs);
        some.add(new Targets.Values(1, 1, y, mask), outputs);
        assertEquals(1, some.coverage(new double[]{1}));
        assertEquals(0.5, all.coverage(new double[]{1}));
    }
}
