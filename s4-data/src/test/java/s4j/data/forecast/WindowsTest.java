package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.series.Scaling;
import s4j.model.SequenceBatch;
import s4j.model.Targets;
import s4j.predict.WindowNormalization;

final class WindowsTest {
    private static final double EXACT = 1e-6;

    private static TimeTable table(float[]... columns) {
        List<String> names = IntStream.range(0, columns.length).mapToObj(i -> "c" + i).toList();
        Axis axis = new Axis(Frequency.parse("h"), Spelling.POSITION, java.time.LocalDateTime.of(2020, 1, 1, 0, 0),
                null);
        return new TimeTable("x", "wide", names, List.of(), List.of(),
                List.of(new TimeSeries("", axis, Arrays.asList(columns))), List.of());
    }

    private static float[] wave(int n, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] out = new float[n];
        for (int t = 0; t < n; t++) {
            out[t] = (float) (5 + 2 * Math.sin(t * Math.PI / 12) + 0.1 * random.nextGaussian());
        }
        return out;
    }

    private static InformerConfig informer(Map<String, Object> keys) {
        return Binder.bind(ConfigTree.of(new LinkedHashMap<>(keys), new Origin("test")), InformerConfig.DEFAULTS);
    }

    private static Windows windows(float[] x, WindowNormalization n, int context, int horizon, int cut, int count) {
        WindowLayout layout = new WindowLayout(context, horizon, false, n, 1, 0, 0, List.of(), List.of(0));
        return new Windows(layout, List.of(new Windows.Part(new SeriesInput(table(x).series().getFirst(),
                Scaling.none(1)), cut, count)));
    }

    @Test
    void splitsOfEttAreMonthsOfThirtyDays() {
        ForecastDataset d = informer(Map.of("size", List.of(336, 0, 96))).of(table(wave(17_420, 1)), "h");
        assertEquals(8640 - 336 - 96 + 1, d.train().size());
        assertEquals(2880 - 96 + 1, d.validation().size());
        assertEquals(2880 - 96 + 1, d.test().size());
        assertEquals(8640, d.validationWindows().cut(0), "validation looks back into training");
        assertEquals(11_520, d.testWindows().cut(0));
        assertEquals(14_400 - 96, d.testWindows().cut(d.test().size() - 1), "the last window ends with month 20");
    }

    @Test
    void splitsOfTheOthersAreSharesCutToWholeRows() {
        ForecastDataset d = informer(Map.of("set", "ili", "size", List.of(36, 18, 24))).of(table(wave(966, 1)), "h");
        assertEquals(676 - 36 - 24 + 1, d.train().size(), "int(.7 n)");
        assertEquals(193 - 24 + 1, d.test().size(), "int(.2 n)");
        assertEquals(966 - 676 - 193 - 24 + 1, d.validation().size(), "what is between");
        assertEquals(966 - 24, d.testWindows().cut(d.test().size() - 1), "no last batch is left out");
        assertFails(ConfigException.class, () -> informer(Map.of("size", List.of(336, 0, 96)))
                .of(table(wave(600, 1)), "h"), "600 rows", "14400");
    }

    @Test
    void scaleIsThatOfTheTrainingRowsAlone() {
        float[] x = wave(966, 2);
        float[] other = x.clone();
        Arrays.fill(other, 676, 966, 1e6f);
        InformerConfig c = informer(Map.of("set", "ili", "size", List.of(36, 18, 24)));
        assertEquals(c.of(table(x), "h").targets(), c.of(table(other), "h").targets());
        assertEquals(c.of(table(x), "h").transform(), c.of(table(other), "h").transform());
    }

    @Test
    void officialConstructionIsContextThenZeros() {
        ForecastDataset d = informer(Map.of("set", "ili", "size", List.of(4, 2, 3), "features", "MS"))
                .of(table(wave(100,
                        3), wave(100, 4)), "h");
        SequenceBatch b = d.test().batch(new int[]{5});
        assertEquals(7, b.length());
        assertEquals(2, b.features());
        assertEquals(1, b.values().features(), "the last column is forecast");
        assertTrue(IntStream.range(8, 14).allMatch(i -> b.x()[i] == 0), "no value of the horizon");
        int cut = d.testWindows().cut(5);
        Targets.Frame frame = Objects.requireNonNull(b.values().frame());
        for (int h = 0; h < 3; h++) {
            assertEquals(wave(100, 4)[cut + h], frame.restored(b.values().values()[h], h), 1e-5);
        }
    }

    @Test
    void nothingBehindTheCutIsEverSeen() {
        for (WindowNormalization n : WindowNormalization.values()) {
            float[] x = wave(60, 5);
            x[22] = Float.NaN;
            float[] spoilt = x.clone();
            Arrays.fill(spoilt, 40, 60, Float.NaN);
            SequenceBatch a = windows(x, n, 24, 6, 40, 1).batch(new int[]{0});
            SequenceBatch b = windows(spoilt, n, 24, 6, 40, 1).batch(new int[]{0});
            assertArrayEquals(a.x(), b.x(), n + ": bit-equal");
            assertArrayEquals(Objects.requireNonNull(a.values().frame()).location(), Objects.requireNonNull(
                    b.values().frame()).location());
            assertArrayEquals(new float[6], Objects.requireNonNull(b.values().mask()), "missing targets do not count");
        }
        float[] x = wave(400, 6);
        float[] spoilt = x.clone();
        Arrays.fill(spoilt, 300, 400, Float.NaN);
        for (Forecaster f : LinearForecast.simple(Frequency.parse("h"), 8)) {
            assertArrayEquals(f.forecast(new SeriesInput(table(x).series().getFirst(), Scaling.none(1)), 0, 300),
                    f.forecast(new SeriesInput(table(spoilt).series().getFirst(), Scaling.none(1)), 0, 300), f.name());
        }
        LinearForecast linear = LinearForecast.fit(windows(x, WindowNormalization.NONE, 24, 8, 24, 200),
                windows(x, WindowNormalization.NONE, 24, 8, 240, 50), 24);
        assertNotNull(linear);
        assertArrayEquals(linear.forecast(new SeriesInput(table(x).series().getFirst(), Scaling.none(1)), 0, 300),
                linear.forecast(new SeriesInput(table(spoilt).series().getFirst(), Scaling.none(1)), 0, 300));
    }

    @Test
    void scaleAndShiftOfASeriesChangeNoNormalisedWindow() {
        float[] x = wave(40, 7);
        float[] moved = x.clone();
        for (int t = 0; t < moved.length; t++) {
            moved[t] = 8 * x[t] + 64;
        }
        SequenceBatch a = windows(x, WindowNormalization.MEAN_STD, 24, 4, 24, 3).batch(new int[]{2});
        SequenceBatch b = windows(moved, WindowNormalization.MEAN_STD, 24, 4, 24, 3).batch(new int[]{2});
        assertArrayEquals(a.x(), b.x(), 1e-3f);
        SequenceBatch last = windows(moved, WindowNormalization.LAST, 24, 4, 24, 3).batch(new int[]{2});
        assertEquals(0, last.x()[23], "the last value is the origin");
        for (SequenceBatch batch : List.of(b, last)) {
            Targets.Frame frame = Objects.requireNonNull(batch.values().frame());
            assertEquals(moved[26], frame.restored(batch.values().values()[0], 0), 1e-3);
        }
    }

    @Test
    void simpleModelsAreWhatTheirNamesSay() {
        float[] x = {1, 2, 3, 10, 20, 30, 7};
        SeriesInput in = new SeriesInput(table(x).series().getFirst(), Scaling.none(1));
        assertArrayEquals(new double[]{30, 30}, new Naive(2).forecast(in, 0, 6), EXACT);
        assertArrayEquals(new double[]{10, 20, 30, 10}, new SeasonalNaive(4, 3).forecast(in, 0, 6), EXACT);
        assertArrayEquals(new double[]{30 + 5.8, 30 + 11.6}, new Drift(2).forecast(in, 0, 6), EXACT);
        ForecastErrors e = ForecastErrors.of(new Naive(1), windows(x, WindowNormalization.NONE, 2, 1, 5, 2), 9);
        assertEquals(2, e.count());
        assertEquals((100.0 + 23 * 23) / 2, e.mse(), EXACT);
        assertEquals((10.0 + 23) / 2, e.unitMae(), EXACT);
    }

    @Test
    void linearModelFindsALinearSeries() {
        float[] x = new float[300];
        x[0] = 1;
        x[1] = 0.5f;
        for (int t = 2; t < x.length; t++) {
            x[t] = (float) (1.8 * Math.cos(0.7) * x[t - 1] - 0.81 * x[t - 2]) + (t % 50 == 0 ? 1 : 0);
        }
        LinearForecast linear = LinearForecast.fit(windows(x, WindowNormalization.NONE, 8, 1, 8, 190),
                windows(x, WindowNormalization.NONE, 8, 1, 201, 40), 8);
        assertNotNull(linear);
        double[] f = linear.forecast(new SeriesInput(table(x).series().getFirst(), Scaling.none(1)), 0, 275);
        assertEquals(x[275], f[0], 0.02);
    }

    @Test
    void manySeriesKeepTheirOwnScaleAndShortOnesAreSkipped() {
        Axis axis = Axis.positions();
        List<TimeSeries> series = List.of(new TimeSeries("a", axis, List.of(wave(60, 8))), new TimeSeries("short", axis,
                List.of(wave(3, 9))), new TimeSeries("b", axis, List.of(wave(80, 10))));
        ForecastConfig c = Binder.bind(ConfigTree.of(new LinkedHashMap<>(Map.of("horizon", 5, "context", 10)),
                new Origin("test")), ForecastConfig.DEFAULTS);
        ForecastDataset d = c.of(new TimeTable("x", "long", List.of("value"), List.of(), List.of(), series, List.of()),
                "h");
        assertEquals((60 - 12 - 6 - 10 - 4) + (80 - 16 - 8 - 10 - 4), d.train().size());
        assertEquals((12 - 4) + (16 - 4), d.test().size());
        assertEquals("b", d.testWindows().input(8).series.id());
        assertEquals(64, d.testWindows().cut(8));
    }

    /** Ten thousand series of a thousand steps have ten million windows: they must be drawn as they are asked for. */
    @Test
    void memoryGrowsWithSeriesAndBatchesNotWithWindows() {
        var memory = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        float[] x = wave(1000, 11);
        long[] ofBatch = new long[2];
        for (int k = 0; k < 2; k++) {
            int n = k == 0 ? 20 : 2000;
            List<TimeSeries> series = IntStream.range(0, n).mapToObj(i -> new TimeSeries("s" + i, Axis.positions(), List
                    .of(x))).toList();
            ForecastConfig c = Binder.bind(ConfigTree.of(new LinkedHashMap<>(Map.of("horizon", 14, "context", 42,
                    "linear", false)), new Origin("test")), ForecastConfig.DEFAULTS);
            long before = memory.getCurrentThreadAllocatedBytes();
            ForecastDataset d = c.of(
                    new TimeTable("x", "long", List.of("value"), List.of(), List.of(), series, List.of()),
                    "h");
            long each = (memory.getCurrentThreadAllocatedBytes() - before) / n;
            int windows = d.train().size() / n;
            assertEquals(1000 - 200 - 100 - 42 - 13, windows);
            assertTrue(each < windows * 56L * Float.BYTES / 3, each + " bytes for a series of " + windows + " windows");
            int[] asked = IntStream.range(0, 50).map(i -> i * (d.train().size() / 50)).toArray();
            d.train().batch(asked);
            before = memory.getCurrentThreadAllocatedBytes();
            d.train().batch(asked);
            ofBatch[k] = memory.getCurrentThreadAllocatedBytes() - before;
        }
        assertEquals(1, (double) ofBatch[1] / ofBatch[0], 0.1,
                "a batch of 20 series and one of 2,000");
    }
}
