package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import s4j.data.series.Scaling;

final class EtsTest {
    private static double[] series(int n, java.util.function.IntToDoubleFunction f) {
        double[] out = new double[n];
        Arrays.setAll(out, f);
        return out;
    }

    @Test
    void lineIsContinued() {
        double[] f = new Ets(3, 1).best(series(40, t -> 5 + 2.0 * t)).forecast(3);
        assertArrayEquals(new double[]{85, 87, 89}, f, 0.1);
    }

    @Test
    void growingSeasonIsContinuedAsAProduct() {
        double[] season = {0.7, 1.0, 1.5, 0.8};
        double[] y = series(60, t -> (100 + 3.0 * t) * season[t % 4]);
        double[] f = new Ets(4, 4).best(y).forecast(4);
        for (int h = 0; h < 4; h++) {
            double truth = (100 + 3.0 * (60 + h)) * season[(60 + h) % 4];
            assertEquals(truth, f[h], 0.02 * truth, "step " + h);
        }
    }

    @Test
    void levelOfNoiseIsItsMeanAndItsSpreadThatOfTheNoise() {
        SplittableRandom random = new SplittableRandom(3);
        Smoothed s = new Ets(5, 1).best(series(400, t -> 7 + random.nextGaussian()));
        assertEquals(7, s.forecast(1)[0], 0.4);
        assertEquals(1, s.spread(5)[4], 0.15);
    }

    @Test
    void intervalsOfARandomWalkGrowWithTheRootOfTheSteps() {
        SplittableRandom random = new SplittableRandom(4);
        double[] walk = new double[500];
        for (int t = 1; t < walk.length; t++) {
            walk[t] = walk[t - 1] + random.nextGaussian();
        }
        double[] s = new Ets(16, 1).best(walk).spread(16);
        assertEquals(4, s[15] / s[0], 0.6);
    }

    @Test
    void shortAndConstantSeriesHaveForecasts() {
        for (int n = 1; n < 12; n++) {
            double[] f = new Ets(3, 4).best(series(n, t -> 2)).forecast(3);
            assertArrayEquals(new double[]{2, 2, 2}, f, 1e-6, n + " steps");
        }
    }

    @Test
    void nothingBehindTheCutIsSeenAndScaleChangesNothing() {
        float[] x = new float[60];
        float[] spoilt = new float[60];
        for (int t = 0; t < 60; t++) {
            x[t] = (float) (20 + t + 5 * Math.sin(t * Math.PI / 6));
            spoilt[t] = t < 48 ? x[t] : Float.NaN;
        }
        Ets ets = new Ets(6, 12);
        SeriesInput plain = new SeriesInput(new TimeSeries("", Axis.positions(), List.of(x)), Scaling.none(1));
        SeriesInput nan = new SeriesInput(new TimeSeries("", Axis.positions(), List.of(spoilt)), Scaling.none(1));
        assertArrayEquals(ets.forecast(plain, 0, 48), ets.forecast(nan, 0, 48));
        SeriesInput scaled = new SeriesInput(new TimeSeries("", Axis.positions(), List.of(x)), new Scaling(new double[]{
                50}, new double[]{10}));
        double[] a = ets.forecast(plain, 0, 48);
        double[] b = ets.forecast(scaled, 0, 48);
        for (int h = 0; h < 6; h++) {
            assertEquals(a[h], b[h] * 10 + 50, 1e-2);
            assertTrue(Math.abs(a[h] - x[48 + h]) < 2, "near the truth");
        }
    }
}
