package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/** A user's own series as a data set. */
final class SeriesDatasetTest {
    @TempDir
    Path dir = Path.of("");

    private final List<String> log = new ArrayList<>();

    private String write(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text).toString();
    }

    private Dataset load(Object... keys) throws IOException {
        Map<String, Object> map = new HashMap<>();
        for (int i = 0; i < keys.length; i += 2) {
            map.put(keys[i].toString(), keys[i + 1]);
        }
        return Small.series(map).load(log::add);
    }

    private static String rows(int n, String... labels) {
        StringBuilder out = new StringBuilder("label,t0,t1\n");
        for (int i = 0; i < n; i++) {
            out.append(labels[i % labels.length]).append(',').append(i).append(',').append(i + 1).append('\n');
        }
        return out.toString();
    }

    private static Map<String, Long> classes(Dataset data, SequenceSet set) {
        List<String> names = ((TargetSpec.Classes) data.targets()).names();
        Map<String, Long> out = new HashMap<>();
        IntStream.range(0, set.size()).forEach(i -> out.merge(names.get(set.label(i)), 1L, Long::sum));
        return out;
    }

    @Test
    void whatWasFoundIsSaidInOneLine() throws IOException {
        load("path", write("x.csv", rows(20, "up", "down")));
        assertEquals(
                List.of("found: " + dir.resolve("x.csv")
                        + ", one row a series; 1 channel; 2 steps; 2 classes (down, up)"),
                log);
        log.clear();
        write("A_TEST.ts", "@targetlabel true\n@data\n1,2:0\n");
        load("path", write("A_TRAIN.ts", "@targetlabel true\n@data\n1,2,3:1\n1,4,?:3\n1,2:2\n"), "missing", "last",
                "val_split", 0);
        assertEquals("found: " + dir.resolve("A_TRAIN.ts")
                + ", .ts; 1 channel; 2 to 3 steps; numbers to predict, 2.000 ± 0.8165 in"
                + " training, as the file says; 1 missing value", log.getFirst());
    }

    @Test
    void valuesAndNumbersAreScaledByTheTrainingSeriesAlone() throws IOException {
        write("A_TEST.ts", "@targetlabel true\n@data\n7:1000\n");
        Dataset data = load("path", write("A_TRAIN.ts", "@targetlabel true\n@data\n1:10\n3:30\n"), "val_split", 0);
        assertArrayEquals(new float[]{-1, 1}, data.train().batch(new int[]{0, 1}).x());
        assertArrayEquals(new float[]{5}, data.test().batch(new int[]{0}).x());
        TargetSpec.Values values = (TargetSpec.Values) data.targets();
        assertEquals(List.of(20.0, 10.0), List.of(values.mean().getFirst(), values.std().getFirst()));
        assertEquals(98f, data.test().batch(new int[]{0}).values().values()[0]);
        assertEquals(1000, values.restored(98, 0));
        Dataset raw = load("path", dir.resolve("A").toString(), "val_split", 0, "normalize", "none");
        assertArrayEquals(new float[]{1, 3}, raw.train().batch(new int[]{0, 1}).x());
        assertTrue(raw.transform().isEmpty());
    }

    @Test
    void unequalSeriesArePaddedAndSaySo() throws IOException {
        write("A_TEST.ts", "@classLabel true a b\n@data\n1:a\n");
        Dataset data = load("path", write("A_TRAIN.ts", "@classLabel true a b\n@data\n1,2,3:1,1,1:a\n5:2:b\n")
                .replace("A_TRAIN.ts", "A_TRAIN.ts"), "val_split", 0, "test_path",
                write("t.ts",
                        "@classLabel true a b\n@data\n1:1:a\n"),
                "normalize", "none");
        SequenceBatch batch = data.train().batch(new int[]{0, 1});
        assertArrayEquals(new int[]{3, 1}, Objects.requireNonNull(batch.lengths()));
        assertArrayEquals(new float[]{1, 1, 2, 1, 3, 1, 5, 2, 0, 0, 0, 0}, batch.x());
        assertFails(MalformedFileException.class, () -> load("path", dir.resolve("A_TRAIN.ts").toString()),
                "A_TEST.ts: got 1 channels; expected 2 as in");
    }

    @Test
    void oneFileIsSplitBySeedWithEachClassInItsShare() throws IOException {
        String path = write("x.csv", rows(100, "a", "a", "a", "b"));
        Dataset data = load("path", path, "test_split", 0.2, "val_split", 0.1);
        assertEquals(Map.of("a", 15L, "b", 5L), classes(data, data.test()));
        assertEquals(Map.of("a", 6L, "b", 2L), classes(data, data.validation()));
        assertEquals(72, data.train().size());
        assertEquals(data.hash(), load("path", path, "test_split", 0.2, "val_split", 0.1).hash());
        assertEquals(0, load("path", path).validation().size(), "a handful would choose by chance");
        String many = write("many.csv", rows(300, "a", "b"));
        assertEquals(24, load("path", many).validation().size(), "a tenth of 240");
        assertNotEquals(data.hash(), load("path", path, "test_split", 0.2, "seed", 7).hash(), "another split");
        String rare = write("y.csv", rows(20, "a") + "b,1,2\n");
        assertTrue(classes(load("path", rare), load("path", rare).train()).containsKey("b"),
                "a class with one series stays to be learned");
    }

    @Test
    void kindOfTargetsCanBeSaid() throws IOException {
        String path = write("x.csv", rows(20, "1", "2"));
        assertTrue(load("path", path).targets() instanceof TargetSpec.Classes);
        assertTrue(load("path", path, "targets", "values").targets() instanceof TargetSpec.Values);
        assertFails(MalformedFileException.class, () -> load("path", write("y.csv", rows(20, "a", "b")), "targets",
                "values"), "target got", "dataset.targets=classes");
    }

    @Test
    void badSetsAreRefused() throws IOException {
        write("A_TEST.tsv", "1\t2\t3\n9\t2\t3\n");
        String train = write("A_TRAIN.tsv", "1\t2\t3\n2\t2\t4\n1\t5\t6\n2\t2\t4\n");
        assertFails(MalformedFileException.class, () -> load("path", train, "val_split", 0), "A_TEST.tsv, line 2",
                "class '9' is not in the training set, which has 1, 2");
        assertFails(MalformedFileException.class, () -> load("path", write("x.csv", rows(9, "a"))), "have class 'a'",
                "two classes or more");
        assertFails(MalformedFileException.class,
                () -> load("path", write("x.csv", rows(9, "a", "b") + "a,1,2\nb,?,1\n"),
                        "test_split", 0.01, "val_split", 0),
                "x.csv, line 12, channel 1, step 1: the value is missing",
                "dataset.missing=linear");
        assertFails(ConfigException.class,
                () -> load("path", write("x.csv", "label,t0\na,1\nb,2\n"), "test_split", 0.01),
                "2 series to train on and 0 to test", "dataset.test_path");
    }

    @Test
    void badKeysAreRefused() {
        assertFails(ConfigException.class, () -> load(), "dataset.path: got null", "a file or a folder with series");
        assertFails(ConfigException.class, () -> load("path", dir.resolve("none").toString()), "nothing at",
                "Looked in");
        assertFails(ConfigException.class, () -> load("url", "jdbc:duckdb:"), "dataset.url", "expected both or none");
        assertFails(ConfigException.class, () -> load("url", "jdbc:duckdb:", "query", "select 1", "path", "x"),
                "expected one of them");
        assertFails(ConfigException.class, () -> load("path", "x", "delimiter", "::"), "one character or the word tab");
        assertFalse(log.iterator().hasNext(), "nothing was found");
    }
}
