package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import s4j.data.series.Scaling;
import s4j.model.SequenceBatch;
import s4j.model.Targets;
import s4j.predict.WindowNormalization;

/** What a network starts from. */
final class LinearChoiceTest {
    private static final int CONTEXT = 24;
    private static final int HORIZON = 6;

    private static Windows windows(float[] x, int from, int to, int context) {
        WindowLayout layout = new WindowLayout(context, HORIZON, false, WindowNormalization.LAST, 1, 0, 0, List.of(),
                List.of(0));
        SeriesInput in = new SeriesInput(new TimeSeries("", Axis.positions(), List.of(x)), Scaling.none(1));
        return new Windows(layout, List.of(new Windows.Part(in, from, Math.max(0, to - from - HORIZON + 1))));
    }

    private static float[] series(int n, IntToDoubleFunction f) {
        float[] x = new float[n];
        for (int t = 0; t < n; t++) {
            x[t] = (float) f.applyAsDouble(t);
        }
        return x;
    }

    private static LinearPart chosen(float[] x) {
        int train = x.length * 7 / 10;
        return Objects.requireNonNull(new LinearChoice(windows(x, CONTEXT, train, CONTEXT), windows(x, train, x.length,
                CONTEXT), true).best(12));
    }

    private static double[] forecast(float[] x) {
        SeriesInput in = new SeriesInput(new TimeSeries("", Axis.positions(), List.of(x)), Scaling.none(1));
        return chosen(x).forecast(in, 0, x.length - HORIZON);
    }

    @Test
    void randomWalkOfFewStepsIsLeftToItsLastValue() {
        SplittableRandom random = new SplittableRandom(5);
        float[] x = new float[90];
        for (int t = 1; t < x.length; t++) {
            x[t] = x[t - 1] + (float) random.nextGaussian();
        }
        for (double v : forecast(x)) {
            assertEquals(x[90 - HORIZON - 1], v, 0.8);
        }
    }

    @Test
    void noisySeasonOfFewStepsIsRepeated() {
        SplittableRandom random = new SplittableRandom(6);
        double[] season = random.doubles(12).map(v -> 10 * v).toArray();
        float[] x = series(90, t -> season[t % 12] + 0.1 * random.nextGaussian());
        double[] f = forecast(x);
        for (int h = 0; h < HORIZON; h++) {
            assertEquals(season[(90 - HORIZON + h) % 12], f[h], 0.6, "step " + h);
        }
    }

    @Test
    void swingThatGrowsWithTheLevelIsOnePattern() {
        double[] season = {1, 1.2, 0.8, 1.5, 0.9, 1, 1.1, 0.7, 1.3, 1, 0.95, 1.05};
        float[] x = series(200, t -> Math.exp(0.02 * t) * season[t % 12]);
        LinearPart part = chosen(x);
        assertEquals(LinearForecast.Kind.SCALED, part.model().kind());
        double[] f = forecast(x);
        for (int h = 0; h < HORIZON; h++) {
            assertEquals(x[200 - HORIZON + h], f[h], 0.05 * x[200 - HORIZON + h], "step " + h);
        }
    }

    @Test
    void spreadIsThatOfErrorsOnWindowsThatWereNotFitted() {
        SplittableRandom random = new SplittableRandom(7);
        LinearPart part = chosen(series(1500, t -> random.nextGaussian()));
        for (double s : part.spread()) {
            assertEquals(1, s, 0.15);
        }
    }

    @Test
    void networkSeesWhatTheLinearPartLeavesAndAModelFileGivesTheSame() {
        SplittableRandom random = new SplittableRandom(8);
        float[] x = series(300, t -> 3 + Math.sin(t * Math.PI / 6) + 0.2 * random.nextGaussian());
        LinearPart part = chosen(x);
        LinearPart read = LinearPart.of(part.tensors());
        assertNotNull(read);
        SequenceBatch batch = windows(x, 280, 300, CONTEXT).with(read).batch(new int[]{3});
        Targets.Frame frame = Objects.requireNonNull(batch.values().frame());
        SeriesInput in = new SeriesInput(new TimeSeries("", Axis.positions(), List.of(x)), Scaling.none(1));
        double[] f = part.forecast(in, 0, 283);
        for (int h = 0; h < HORIZON; h++) {
            assertEquals(f[h], frame.restored(0, h), 1e-5, "an output of 0 is the linear model's forecast");
            assertEquals(x[283 + h], frame.restored(batch.values().values()[h], h), 1e-4);
        }
        assertArrayEquals(part.spread(), read.spread());
        assertNull(LinearPart.of(java.util.Map.of()));
    }

    @Test
    void seriesThatAreTooShortHaveNoLinearPart() {
        float[] x = series(20, t -> t);
        assertNull(new LinearChoice(windows(x, 5, 18, CONTEXT), windows(x, 18, 20, CONTEXT), true).best(1));
    }

    @Test
    void decompositionsPenaltyIsWhatTwoWeightsCost() {
        double[][] m = Decomposition.average(40);
        double[][] inverse = Decomposition.penalty(40);
        // of two weights of the least squares that make w, their sum of squares is wᵀ P⁻¹ w
        double[] w = new SplittableRandom(9).doubles(40).toArray();
        double[] half = new double[40];
        for (int i = 0; i < 40; i++) {
            for (int j = 0; j < 40; j++) {
                half[i] += inverse[i][j] * w[j];
            }
        }
        double cost = 0;
        double[] made = new double[40];
        for (int k = 0; k < 40; k++) {
            double trend = 0;
            for (int i = 0; i < 40; i++) {
                trend += m[k][i] * half[i];
            }
            double rest = half[k] - trend;
            cost += trend * trend + rest * rest;
            for (int i = 0; i < 40; i++) {
                made[i] += m[k][i] * trend + ((k == i ? 1 : 0) - m[k][i]) * rest;
            }
        }
        assertArrayEquals(w, made, 1e-8);
        double expected = 0;
        for (int i = 0; i < 40; i++) {
            expected += w[i] * half[i];
        }
        assertEquals(expected, cost, 1e-8);
        assertTrue(cost > 0);
    }
}
