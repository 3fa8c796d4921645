package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.data.SequenceSet;

/** What the keys of a forecasting data set do, and refuse. */
final class ForecastConfigTest {
    @TempDir
    Path dir = Path.of("");

    private final List<String> log = new ArrayList<>();

    private static ForecastConfig config(Object... keys) { return Binder.bind(tree(keys), ForecastConfig.DEFAULTS); }

    private static InformerConfig informer(Object... keys) { return Binder.bind(tree(keys), InformerConfig.DEFAULTS); }

    private static ConfigTree tree(Object... keys) {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < keys.length; i += 2) {
            map.put(keys[i].toString(), keys[i + 1]);
        }
        return ConfigTree.of(new LinkedHashMap<>(map), new Origin("test"));
    }

    private static String days(int n) {
        StringBuilder out = new StringBuilder("ds,y,z,known,kind\n");
        for (int i = 0; i < n; i++) {
            out.append(LocalDate.of(2020, 1, 1).plusDays(i)).append(',').append(10 + i % 7).append(',').append(i % 5)
                    .append(',').append(i % 3).append(",a\n");
        }
        return out.toString();
    }

    private ForecastDataset load(int n, Object... keys) throws IOException {
        Files.writeString(dir.resolve("x.csv"), days(n));
        List<Object> all = new ArrayList<>(List.of("path", dir.resolve("x.csv").toString()));
        all.addAll(Arrays.asList(keys));
        return (ForecastDataset) config(all.toArray()).load(log::add);
    }

    @Test
    void aTableComesFromAPathOrAQuery() throws IOException {
        assertFails(ConfigException.class, () -> config("url", "jdbc:duckdb:"), "dataset.url: got jdbc:duckdb:",
                "expected a path, or both others");
        assertFails(ConfigException.class, () -> config("query", "select 1"), "dataset.query select 1");
        assertFails(ConfigException.class, () -> config("url", "jdbc:duckdb:", "query", "select 1", "path", "x.csv"),
                "dataset.path x.csv");
        assertFails(ConfigException.class, () -> config().load(log::add), "dataset.path: got null; expected a table");
        assertFails(ConfigException.class, () -> config("path", "none.csv", "data_dir", dir.toString()).load(log::add),
                "dataset.path: nothing at none.csv", dir.resolve("none.csv").toString());
        Dataset asked = config("url", "jdbc:duckdb:", "query",
                "select date '2020-01-01' + i::integer as ds, i % 7 as y from range(100) r(i)", "horizon", 3)
                .load(log::add);
        assertEquals("D", asked.facts().get("Frequency"));
        assertTrue(log.getLast().startsWith("found: query over jdbc:duckdb:, wide; 1 series of 100 steps"),
                log.toString());
        Files.writeString(dir.resolve("x.csv"), days(100));
        assertEquals(1, config("path", "x.csv", "data_dir", dir.toString(), "target", List.of("y")).load(log::add)
                .dInput(), "below a data directory");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"future | [w] | dataset.future: got w | ds, y, z",
            "zone | Mars/Olympus | dataset.zone: got Mars/Olympus | Europe/Berlin",
            "freq | 5x | dataset.freq: got '5x' | 30min",
            "time | when | dataset.time: got when | ds, y, z", "id | store | dataset.id: got store | ds, y, z",
            "target | [w] | dataset.target: got w | ds, y, z", "past | [w] | dataset.past: got w | ds, y, z",
            "static | [w] | dataset.static: got w | ds, y, z",
            "horizon | 90 | no series is long enough for windows of | Lower dataset.horizon",
            "val_split | 0.95 | val_split: got 0.95 | 0.9", "test_split | 0 | test_split: got 0 | 0.01",
            "horizon | 0 | horizon: got 0 | expected at least 1", "normalization | log | normalization | last",
            "missing | mean | missing | refuse", "duplicates | drop | duplicates | first",
            "irregular | keep | irregular | resample"})
    void aKeyThatCannotBeIsRefusedByName(String key, String value, String message, String more) {
        Object typed = value.startsWith("[")
                ? List.of(value.substring(1, value.length() - 1))
                : value.matches("[0-9]+")
                        ? (Object) Long.valueOf(value)
                        : value.matches("[0-9.]+") ? (Object) Double.valueOf(value) : value;
        assertFails(ConfigException.class, () -> load(100, key, typed), message, more);
    }

    @Test
    void whatIsKnownInAdvanceNeedsAPlaceBehindTheContext() throws IOException {
        assertEquals(load(100, "future", List.of("known"), "horizon", 5, "context", 20, "masked", true).lMax(),
                load(100, "future", List.of("known"), "horizon", 5, "context", 20).lMax(), "implied");
        assertFails(ConfigException.class, () -> load(100, "future", List.of("known"), "masked", false),
                "dataset.future: got [known] with dataset.masked=false", "Leave dataset.masked out");
    }

    @Test
    void missingValuesAreRefusedOnlyIfThatIsAsked() throws IOException {
        Path file = Files.writeString(dir.resolve("m.csv"), days(100).replace("2020-02-03,15", "2020-02-03,"));
        ForecastDataset filled = (ForecastDataset) config("path", file.toString(), "target", List.of("y"))
                .load(log::add);
        assertEquals("1", filled.facts().get("Missing values"));
        assertFails(ConfigException.class, () -> config("path", file.toString(), "target", List.of("y"), "missing",
                "refuse").load(log::add), "1 values are missing; expected none. Write dataset.missing=last");
    }

    @Test
    void sizesThatNobodyNamedComeFromSeasonAndLength() throws IOException {
        assertEquals(14, load(400, "target", List.of("y")).layout().horizon(), "two weeks of days");
        assertEquals(42, load(400, "target", List.of("y")).layout().context(), "three horizons");
        assertEquals(5, load(60, "target", List.of("y")).layout().horizon(), "a twelfth of a short series");
        assertEquals(15, load(60, "target", List.of("y")).layout().context(), "a quarter of a short series");
        assertEquals(1, load(20, "target", List.of("y"), "linear", false).layout().horizon());
        assertEquals(30, load(400, "target", List.of("y"), "context", 30, "horizon", 2).layout().context());
    }

    @Test
    void whatANetworkSeesIsInItsOrder() throws IOException {
        ForecastDataset d = load(200, "target", List.of("y"), "past", List.of("z"), "future", List.of("known"),
                "masked",
                true, "calendar", true, "static", List.of("kind"), "horizon", 3, "context", 5, "linear", false,
                "normalization", "none");
        assertEquals(1 + 1 + 1 + 3 + 1, d.dInput(), "target, past, future, weekday, day, month, one category");
        assertEquals(8, d.lMax());
        assertEquals(3, d.lOutput());
        float[] x = d.test().batch(new int[]{4}).x();
        for (int t = 0; t < 8; t++) {
            boolean ahead = t >= 5;
            assertEquals(ahead, x[t * 7] == 0 && x[t * 7 + 1] == 0, "nothing but the future is known ahead, step " + t);
            assertEquals(1, x[t * 7 + 6], "its category");
        }
        assertEquals("kind (1 categories)", d.facts().get("Static columns"));
        assertEquals("none", d.facts().get("Linear part"));
    }

    @Test
    void columnsAreSeriesOfTheirOwnUnlessTheyAreJoint() throws IOException {
        ForecastDataset apart = load(200, "target", List.of("y", "z"), "horizon", 3, "linear", false);
        assertEquals("2", apart.facts().get("Series"));
        assertEquals(1, apart.dInput());
        ForecastDataset joint = load(200, "target", List.of("y", "z"), "horizon", 3, "joint", true, "linear", false);
        assertEquals("1", joint.facts().get("Series"));
        assertEquals(2, joint.dInput());
        assertEquals(2, joint.test().batch(new int[]{0}).values().features());
        assertEquals(2 * joint.train().size(), apart.train().size());
        assertNotEquals(apart.hash(), "");
    }

    /** Whatever the sizes, no value to forecast is in two splits, and every later part is behind the earlier ones. */
    @Test
    void splitsAreOneAfterTheOther() throws IOException {
        SplittableRandom random = new SplittableRandom(9);
        for (int trial = 0; trial < 60; trial++) {
            int n = 40 + random.nextInt(200);
            int horizon = 1 + random.nextInt(4);
            int context = 1 + random.nextInt(8);
            double val = random.nextInt(3) * 0.15;
            double test = 0.05 + 0.1 * random.nextInt(4);
            ForecastDataset d = load(n, "target", List.of("y"), "horizon", horizon, "context", context, "val_split",
                    val,
                    "test_split", test, "linear", false);
            String what = "n %d, context %d, horizon %d, val %s, test %s".formatted(n, context, horizon, val, test);
            int last = -1;
            for (Windows w : List.of(d.trainWindows(), d.validationWindows(), d.testWindows())) {
                for (int i = 0; i < w.size(); i++) {
                    assertTrue(i > 0 || w.cut(i) > last, what + ": begins at " + w.cut(i) + " after " + last);
                    assertTrue(w.cut(i) >= Math.min(context, 1) && w.cut(i) + horizon <= n, what);
                    last = Math.max(last, w.cut(i) + horizon - 1);
                }
            }
            assertEquals(n - 1, last, what + ": the last step is tested");
            assertEquals(val == 0, d.validation().size() == 0, what);
        }
    }

    @Test
    void aWindowIsTheSameAloneAndInAnyBatch() throws IOException {
        for (String normalization : List.of("none", "last", "anchor", "mean_std")) {
            ForecastDataset d = load(120, "target", List.of("y", "z"), "horizon", 3, "context", 6, "joint", true,
                    "normalization", normalization);
            SequenceSet set = d.test();
            float[] all = set.batch(new int[]{3, 0, 3, 1}).x();
            int size = all.length / 4;
            assertTrue(Arrays.equals(all, 0, size, all, 2 * size, 3 * size), normalization + ": twice the same");
            float[] alone = set.batch(new int[]{1}).x();
            assertTrue(Arrays.equals(alone, 0, size, all, 3 * size, 4 * size), normalization);
        }
    }

    @Test
    void informersKeysAreChecked() {
        for (List<Integer> size : List.of(List.of(1, 2), List.of(0, 0, 1), List.of(1, -1, 1), List.of(1, 0, 0))) {
            assertFails(ConfigException.class, () -> informer("size", size), "size: got " + size,
                    "[context, label, horizon]");
        }
        assertFails(ConfigException.class, () -> informer("features", "X"), "features: got X; expected S, M or MS");
        assertEquals("MS", informer("features", "ms").features());
        assertFails(ConfigException.class, () -> informer("set", "ili", "variant", 1).load(log::add),
                "dataset.variant: got 1; ILI has one variant: 0");
        assertFails(ConfigException.class, () -> informer("data_dir", dir.toString()).load(log::add),
                "dataset.set: found no ett/ETTh1.csv", dir.resolve("ETTh1.csv.gz").toString(),
                "dataset.data_dir=DIRECTORY");
    }

    @Test
    void informersFilesAreReadByColumn() throws IOException {
        StringBuilder out = new StringBuilder("date,HUFL,OT\n");
        for (int i = 0; i < 400; i++) {
            out.append(LocalDate.of(2002, 1, 1).plusWeeks(i)).append(',').append(i % 9).append(',').append(i)
                    .append('\n');
        }
        Files.writeString(dir.resolve("national_illness.csv"), out);
        List<Object> keys = List.of("set", "ili", "data_dir", dir.toString(), "size", List.of(12, 0, 4));
        for (String features : List.of("S", "M", "MS")) {
            List<Object> all = new ArrayList<>(keys);
            all.addAll(List.of("features", features));
            Dataset d = informer(all.toArray()).load(log::add);
            assertEquals(features.equals("S") ? 1 : 2, d.dInput(), features);
            assertEquals(features.equals("M") ? 2 : 1, d.test().batch(new int[]{0}).values().features(), features);
        }
        List<Object> named = new ArrayList<>(keys);
        named.addAll(List.of("features", "S", "target", "HUFL"));
        assertEquals(1, informer(named.toArray()).load(log::add).dInput());
        named.set(named.size() - 1, "OIL");
        assertFails(ConfigException.class, () -> informer(named.toArray()).load(log::add), "OIL", "HUFL, OT");
        named.set(named.size() - 3, "MS");
        assertFails(ConfigException.class, () -> informer(named.toArray()).load(log::add),
                "dataset.target: got OIL; expected one of [HUFL, OT]");
    }
}
