package s4j.data.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.MalformedFileException;
import s4j.math.SplitMix64;

final class PreparationTest {
    private static final float NONE = Float.NaN;

    @TempDir
    Path dir;

    private static SeriesTable labelled(String... labels) throws MalformedFileException {
        List<Series> rows = IntStream.range(0, labels.length)
                .mapToObj(i -> new Series(new float[]{i}, 1, labels[i], null, "x, line " + (i + 1))).toList();
        return SeriesTable.of("x", "test", rows, List.of("value"), null, List.of());
    }

    @Test
    void classesAreInOrderAndCodedByPosition() throws MalformedFileException {
        assertEquals(List.of("-1", "2", "10"), ClassNames.of(labelled("10", "2.0", "-1", "2")).names());
        assertEquals(List.of("10", "2", "b"), ClassNames.of(labelled("b", "10", "2")).names(), "texts by letter");
        assertEquals(List.of("01", "1"), ClassNames.of(labelled("1", "01")).names(), "a leading zero makes a name");
        assertArrayEquals(new int[]{1, 0, 1}, ClassNames.of(labelled("b", "a")).codes(labelled("b", "a", "b")));
    }

    @Test
    void classThatTrainingNeverSawIsRefused() throws MalformedFileException {
        ClassNames names = ClassNames.of(labelled("a", "b"));
        assertFails(MalformedFileException.class, () -> names.codes(labelled("a", "c")),
                "x, line 2: class 'c' is not in the training set, which has a, b");
        SeriesTable declared = new SeriesTable("x", "test", labelled("a", "b").rows(), List.of("value"), null,
                List.of("c", "b", "a"));
        assertEquals(List.of("b", "a"), ClassNames.of(declared).names(), "declared, but never seen");
    }

    @Test
    void oneClassOnlyIsRefused() {
        assertFails(MalformedFileException.class, () -> ClassNames.of(labelled("a", "a")), "x: all 2 series",
                "class 'a'", "two classes or more");
    }

    @Test
    void targetThatIsNoNumberIsRefusedWithItsPlace() throws MalformedFileException {
        SeriesTable table = labelled("1.5", "high");
        assertFails(MalformedFileException.class, table::values, "x, line 2: target got high; expected a number",
                "dataset.targets=classes");
        assertArrayEquals(new double[]{1.5, -2}, labelled("1.5", "-2").values());
    }

    @Test
    void missingValuesAreRefusedOrFilledChannelByChannel() throws MalformedFileException {
        Series gaps = new Series(new float[]{NONE, 1, 2, NONE, NONE, NONE, 8, 4, NONE, 5}, 2, null, null, "x, line 3");
        double[] means = {100, 200};
        assertFails(MalformedFileException.class, () -> Missing.REFUSE.fill(gaps, means),
                "x, line 3, channel 1, step 1",
                "dataset.missing=linear");
        assertArrayEquals(new float[]{2, 1, 2, 2, 5, 3, 8, 4, 8, 5}, Missing.LINEAR.fill(gaps, means));
        assertArrayEquals(new float[]{100, 1, 2, 1, 2, 1, 8, 4, 8, 5}, Missing.LAST.fill(gaps, means));
        assertArrayEquals(new float[]{100, 1, 2, 200, 100, 200, 8, 4, 100, 5}, Missing.MEAN.fill(gaps, means));
        Series empty = new Series(new float[]{NONE, 1, NONE, 2}, 2, null, null, "x");
        assertArrayEquals(new float[]{100, 1, 100, 2}, Missing.LINEAR.fill(empty, means));
        Series whole = new Series(new float[]{1, 2}, 2, null, null, "x");
        assertSame(whole.values(), Missing.REFUSE.fill(whole, means));
    }

    @Test
    void scalingIsReversibleAndComesFromWhatIsThere() throws MalformedFileException {
        SplitMix64 random = new SplitMix64(3);
        float[] x = new float[600];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (i % 2 == 0 ? 5 + 3 * random.nextDouble() : -1e6 + random.nextDouble());
        }
        x[40] = NONE;
        SeriesTable table = SeriesTable.of("x", "test", List.of(new Series(x, 2, null, null, "x")),
                SeriesTable.numbered(2), null, List.of());
        Scaling scaling = Scaling.of(table);
        float[] y = scaling.apply(x);
        double mean = IntStream.range(0, 300).filter(t -> t != 20).mapToDouble(t -> y[2 * t]).average().orElseThrow();
        double square = IntStream.range(0, 300).filter(t -> t != 20).mapToDouble(t -> y[2 * t] * y[2 * t]).average()
                .orElseThrow();
        assertEquals(0, mean, 1e-6);
        assertEquals(1, square, 1e-5);
        float[] back = scaling.reverse(y);
        for (int i = 0; i < x.length; i++) {
            assertEquals(x[i], back[i], i == 40 ? 0 : 1e-6f * Math.max(1, Math.abs(x[i])), "value " + i);
        }
        assertArrayEquals(new double[]{7, 1}, new double[]{Scaling.of(new double[]{7, 7}).mean()[0],
                Scaling.of(new double[]{7, 7}).std()[0]}, "what never changes keeps its spread");
    }

    @Test
    void testSetIsFoundBesideTheTrainingSet() throws IOException {
        for (String name : List.of("A_TRAIN.ts.gz", "A_TEST.ts.gz", "A_TRAIN.tsv", "A_TEST.tsv", "AB_TEST.ts.gz",
                "README.md")) {
            Files.createFile(dir.resolve(name));
        }
        SeriesFiles zipped = new SeriesFiles(dir.resolve("A_TRAIN.ts.gz"), dir.resolve("A_TEST.ts.gz"));
        SeriesFiles plain = new SeriesFiles(dir.resolve("A_TRAIN.tsv"), dir.resolve("A_TEST.tsv"));
        assertEquals(zipped, SeriesFiles.find(zipped.train(), null));
        assertEquals(plain, SeriesFiles.find(plain.train(), null), "in the same format");
        assertEquals(zipped, SeriesFiles.find(dir, null), ".ts before .tsv");
        assertEquals(zipped, SeriesFiles.find(dir.resolve("A"), null), "FOLDER/NAME");
        Files.createFile(dir.resolve("AB_TRAIN.ts"));
        assertEquals(zipped, SeriesFiles.find(zipped.train(), null), "AB is another data set");
        assertEquals("AB_TEST.ts.gz", String.valueOf(SeriesFiles.find(dir.resolve("AB_TRAIN.ts"), null).test())
                .replaceFirst(".*/", ""), "gzipped or not");
        assertFails(MalformedFileException.class, () -> SeriesFiles.find(dir, null), "2 data sets: A, AB",
                "dataset.path=");
        assertFails(MalformedFileException.class, () -> SeriesFiles.find(dir.resolve("none"), null), "no series at",
                ".ts .arff");
        assertFails(MalformedFileException.class, () -> SeriesFiles.find(plain.train(), dir.resolve("none.tsv")),
                "dataset.test_path");
        Path folder = Files.createDirectory(dir.resolve("one"));
        Path single = Files.createFile(folder.resolve("mine.csv"));
        assertEquals(single, SeriesFiles.find(folder, null).train());
        assertNull(SeriesFiles.find(single, null).test());
    }
}
