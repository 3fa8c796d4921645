package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.config.ConfigException;
import s4j.data.series.Scaling;
import s4j.io.TensorData;
import s4j.predict.WindowNormalization;

/** What models without a network must not depend on, and what stands beside a series. */
final class SimpleModelsTest {
    private static final int HORIZON = 6;
    private static final int CUT = 70;

    private static float[] series(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[90];
        for (int t = 0; t < x.length; t++) {
            x[t] = (float) (30 + 0.2 * t + 6 * Math.sin(t * Math.PI / 6) + random.nextGaussian());
        }
        return x;
    }

    private static SeriesInput input(float... x) {
        TimeSeries s = new TimeSeries("", Axis.positions(), List.of(x));
        return new SeriesInput(s, SeriesInput.scaling(s, 0, Math.min(x.length, CUT)));
    }

    static List<Forecaster> models() {
        return List.of(new Naive(HORIZON), new SeasonalNaive(HORIZON, 12), new Drift(HORIZON), new Ets(HORIZON, 1),
                new Ets(HORIZON, 12));
    }

    private static double[] restored(Forecaster f, float[] x) {
        SeriesInput in = input(x);
        return Arrays.stream(f.forecast(in, 0, CUT)).map(v -> v * in.scaling.std()[0] + in.scaling.mean()[0]).toArray();
    }

    /** In other units the forecasts are the same, in those units. */
    @ParameterizedTest
    @MethodSource("models")
    void unitsChangeNothing(Forecaster f) {
        float[] x = series(1);
        float[] doubled = x.clone();
        for (int t = 0; t < x.length; t++) {
            doubled[t] = 4 * x[t];
        }
        double[] a = restored(f, x);
        double[] b = restored(f, doubled);
        for (int h = 0; h < HORIZON; h++) {
            assertEquals(4 * a[h], b[h], 1e-2 * Math.abs(b[h]), f.name() + ", step " + h);
        }
    }

    /** What comes after the cut is not looked at, and a longer horizon begins as a shorter one. */
    @ParameterizedTest
    @MethodSource("models")
    void theFutureIsNotSeen(Forecaster f) {
        float[] x = series(2);
        float[] spoilt = x.clone();
        Arrays.fill(spoilt, CUT, spoilt.length, 1e6f);
        assertArrayEquals(restored(f, x), restored(f, spoilt), f.name());
    }

    @ParameterizedTest
    @MethodSource("models")
    void whatIsFurtherAheadIsLessCertain(Forecaster f) {
        double[] spread = f.spread(input(series(3)), 0, CUT);
        double[] expected = f.expected(input(series(3)), 0, CUT).spread();
        assertNotNull(expected);
        for (int h = 1; h < HORIZON; h++) {
            assertTrue(expected[h] >= expected[h - 1] && expected[h - 1] > 0, f.name() + Arrays.toString(expected));
        }
        if (!(f instanceof Ets)) {
            assertArrayEquals(expected, spread, f.name());
        }
    }

    /** One value, two, a constant series: there is always a forecast, and it is a number. */
    @ParameterizedTest
    @MethodSource("models")
    void theShortestSeriesHaveForecasts(Forecaster f) {
        for (int cut = 1; cut < 16; cut++) {
            for (float v : new float[]{0, 5, -3, 1e30f}) {
                float[] x = new float[cut];
                Arrays.fill(x, v);
                SeriesInput in = input(x);
                for (double y : f.forecast(in, 0, cut)) {
                    double unit = y * in.scaling.std()[0] + in.scaling.mean()[0];
                    assertEquals(v, unit, 1e-6 * Math.max(1, Math.abs(v)), f.name() + " of " + cut + " steps of " + v);
                }
            }
        }
    }

    @Test
    void missingValuesRepeatTheLastAndBeforeTheFirstStandsTheMean() {
        SeriesInput in = new SeriesInput(
                new TimeSeries("", Axis.positions(), List.of(new float[]{Float.NaN, 4, Float.NaN,
                        6})),
                new Scaling(new double[]{5}, new double[]{2}));
        assertArrayEquals(new float[]{0, -0.5f, -0.5f, 0.5f},
                new float[]{in.value(0, 0), in.value(0, 1), in.value(0, 2),
                        in.value(0, 3)});
        assertEquals(in.value(0, 0), in.value(0, -5), "steps before the first repeat it");
        assertTrue(Float.isNaN(in.known(0, 2)) && Float.isNaN(in.known(0, 4)), "missing, and behind the end");
        assertEquals(0.5f, in.known(0, 3));
    }

    @Test
    void theLeastOfAFunctionIsFoundInWhatMayMove() {
        double[] least = NelderMead.least(x -> (x[0] - 3) * (x[0] - 3) + 10 * (x[1] + 1) * (x[1] + 1) + x[2] * x[2],
                new double[]{0, 0, 7}, new boolean[]{true, true, false});
        assertEquals(3, least[0], 1e-2);
        assertEquals(-1, least[1], 1e-2);
        assertEquals(7, least[2], "this one may not move");
        assertArrayEquals(new double[]{1, 2}, NelderMead.least(x -> x[0], new double[]{1, 2}, new boolean[2]));
        assertEquals(0, NelderMead.least(x -> 5, new double[]{0}, new boolean[]{true})[0], 1, "flat everywhere");
    }

    @Test
    void windowsAreCountedAcrossSeriesAndEmptyOnesPassedOver() {
        WindowLayout layout = new WindowLayout(2, 1, false, WindowNormalization.NONE, 1, 0, 0, List.of(), List.of(0));
        SeriesInput a = input(1, 2, 3, 4, 5);
        SeriesInput b = input(10, 20, 30, 40);
        Windows w = new Windows(layout, List.of(new Windows.Part(a, 2, 0), new Windows.Part(a, 2, 3),
                new Windows.Part(b, 1, 0), new Windows.Part(b, 2, 2), new Windows.Part(a, 2, 0)));
        assertEquals(5, w.size());
        int[] cuts = {2, 3, 4, 2, 3};
        for (int i = 0; i < 5; i++) {
            assertEquals(cuts[i], w.cut(i), "window " + i);
            assertEquals(i < 3 ? a : b, w.input(i), "window " + i);
        }
        assertEquals(0, new Windows(layout, List.of(new Windows.Part(a, 2, 0))).size());
        assertFails(ArithmeticException.class, () -> new Windows(layout, List.of(
                new Windows.Part(a, 2, Integer.MAX_VALUE), new Windows.Part(a, 2, 1))), "overflow");
        assertFails(IllegalArgumentException.class,
                () -> new WindowLayout(0, 1, false, WindowNormalization.NONE, 1, 0, 0,
                        List.of(), List.of(0)),
                "context 0");
        assertFails(IllegalArgumentException.class,
                () -> new WindowLayout(1, 1, false, WindowNormalization.NONE, 1, 0, 0,
                        List.of(), List.of()),
                "forecast []");
    }

    private static TimeSeries still(String id, String... statics) {
        return new TimeSeries(id, Axis.positions(), List.of(new float[]{1}), List.of(statics));
    }

    @Test
    void staticColumnsAreNumbersOrCategoriesAndAModelFileGivesThemBack() {
        List<TimeSeries> series = List.of(still("a", "10", "red", "1"), still("b", "20", "blue", "x"),
                still("c", "30", "red", "2"));
        StaticFeatures learned = StaticFeatures.learned(List.of("size", "colour", "code"), series);
        assertEquals("size (a number), colour (2 categories), code (3 categories)", learned.toString());
        assertEquals(1 + 2 + 3, learned.width());
        float[] x = new float[2 * 8];
        learned.write(series.getFirst(), x, 1, 8, 2);
        float low = (float) (-10 / Math.sqrt(200 / 3.0));
        float[] step = {0, low, 0, 1, 1, 0, 0, 0};
        assertArrayEquals(step, Arrays.copyOf(x, 8), 1e-6f);
        assertArrayEquals(step, Arrays.copyOfRange(x, 8, 16), 1e-6f, "the same at each step");
        StaticFeatures read = StaticFeatures.of(learned.tensors());
        assertEquals(learned, read);
        float[] other = new float[6];
        read.write(still("d", "?", "green", "2"), other, 0, 6, 1);
        assertArrayEquals(new float[]{0, 0, 0, 0, 1, 0}, other, "what training did not see is 0");
        assertEquals("size: training saw no [?]; such series are forecast without it; colour: training saw no [green];"
                + " such series are forecast without it", read.unseen(List.of(still("d", "?", "green", "2"))));
        assertEquals("", read.unseen(series));
        assertEquals(StaticFeatures.NONE, StaticFeatures.of(Map.of()));
        assertTrue(StaticFeatures.NONE.tensors().isEmpty());
    }

    @Test
    void manyUnseenCategoriesAreCountedAndDamagedOnesRefused() {
        StaticFeatures learned = StaticFeatures.learned(List.of("c"), List.of(still("a", "x"), still("b", "y")));
        List<TimeSeries> many = java.util.stream.IntStream.range(0, 9).mapToObj(i -> still("s", "z" + i)).toList();
        assertTrue(learned.unseen(many).contains("training saw no z0 and 8 others"), learned.unseen(many));
        byte[] damaged = "c\u001f0".getBytes(StandardCharsets.UTF_8);
        assertFails(IllegalArgumentException.class, () -> StaticFeatures.of(Map.of("data.static",
                TensorData.of(damaged, damaged.length))), "data.static is damaged");
        List<TimeSeries> categories = java.util.stream.IntStream.range(0, 1001).mapToObj(i -> still("s", "z" + i))
                .toList();
        assertFails(ConfigException.class, () -> StaticFeatures.learned(List.of("c"), categories),
                "dataset.static: column c has 1,001 categories; expected at most 1,000");
    }

    @Test
    void aLinearPartOfAnotherShapeIsRefused() {
        LinearPart part = new LinearPart(
                new LinearForecast(LinearForecast.Kind.SCALED, new double[6], new double[2], 0.1),
                new double[]{1, 2});
        LinearPart read = LinearPart.of(part.tensors());
        assertNotNull(read);
        assertEquals(LinearForecast.Kind.SCALED, read.model().kind());
        assertEquals(3, read.model().context());
        Map<String, TensorData> bad = new java.util.HashMap<>(part.tensors());
        bad.put("data.linear_spread", TensorData.of(new double[3], 3));
        assertFails(IllegalArgumentException.class, () -> LinearPart.of(bad), "weight of [3, 2]", "spread of 3");
        bad.remove("data.linear_spread");
        assertNull(LinearPart.of(bad));
    }

    @Test
    void aBackTestChecksItsNumbers() {
        double[] levels = {0.1, 0.9};
        for (int[] n : new int[][]{{0, 1, 1, 1, 0}, {1, 0, 1, 1, 0}, {1, 1, 0, 1, 0}, {1, 1, 1, 0, 0},
                {1, 1, 1, 1, -1}}) {
            assertFails(ConfigException.class, () -> new Backtest(n[0], n[1], n[2], levels, n[3], n[4]),
                    "back-test: got horizon "
                            + n[0],
                    "expected 1 or more");
        }
        Backtest three = new Backtest(4, 3, 2, levels, 1, 0);
        assertEquals(List.of(92, 94, 96), List.of(three.cut(100, 0), three.cut(100, 1), three.cut(100, 2)),
                "the last window ends with the series");
    }

    @Test
    void columnsOfASeriesHaveOneLength() {
        assertFails(IllegalArgumentException.class, () -> new TimeSeries("s", Axis.positions(), List.of(new float[2],
                new float[3])), "series s: columns of different lengths");
        TimeSeries s = new TimeSeries("s", Axis.positions(),
                List.of(new float[]{1, Float.NaN, 3}, new float[]{Float.NaN,
                        Float.NaN, Float.NaN}));
        assertEquals(List.of(1, 3), List.of(s.missing(0), s.missing(1)));
        assertArrayEquals(new float[]{1, Float.NaN}, s.head(2).columns().getFirst());
        assertEquals(3, s.knownSteps(1));
        assertEquals(0, new TimeSeries("s", Axis.positions(), List.of(new float[]{Float.NaN})).knownSteps(1));
        assertTrue(s.known(1, 1) && !s.known(2, 3), "the second column has no value");
    }
}
