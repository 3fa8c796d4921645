package s4j.data.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.config.ConfigException;
import s4j.data.table.Table;
import s4j.io.MalformedFileException;
import s4j.io.NpzFile;
import s4j.io.TensorData;

final class SeriesReaderTest {
    private static final float NONE = Float.NaN;
    private static final String TS_HEADER = """
            # two channels
            @problemName Tiny
            @timeStamps false
            @univariate false
            @classLabel true walk run
            @data
            """;

    @TempDir
    Path dir;

    private SeriesTable read(String name, String text) throws IOException {
        return read(name, text, SeriesOptions.FOUND);
    }

    private SeriesTable read(String name, String text, SeriesOptions options) throws IOException {
        return SeriesReader.read(Files.writeString(dir.resolve(name), text), options);
    }

    private static SeriesOptions options(@Nullable String target, @Nullable String id, @Nullable String time) {
        return new SeriesOptions(target, id, time, List.of(), List.of(), null, true);
    }

    private static void assertSeries(SeriesTable table, int i, @Nullable String target, float... values) {
        assertArrayEquals(values, table.rows().get(i).values(), "series " + i);
        assertEquals(target, table.rows().get(i).target(), "target of series " + i);
    }

    @Test
    void tsFileHasChannelsUnequalLengthsAndMissingValues() throws IOException {
        SeriesTable table = read("x.ts", TS_HEADER + "1,2,3:4,?,6:walk\n7,8:NaN,1e1:run\n");
        assertSeries(table, 0, "walk", 1, 4, 2, NONE, 3, 6);
        assertSeries(table, 1, "run", 7, NONE, 8, 10);
        assertEquals(List.of("walk", "run"), table.classes(), "in the header's order");
        assertEquals(TargetKind.CLASSES, table.found());
        assertEquals(List.of(2, 3), List.of(table.shortest(), table.longest()));
        assertEquals(2, table.missing());
    }

    @Test
    void headerOfTsFileDecidesTheKindOfTargets() throws IOException {
        SeriesTable table = read("x.ts", "@targetlabel true\r\n@data\r\n1,2:0\r\n3,4:1\r\n");
        assertEquals(TargetKind.VALUES, table.found(), "though they are few whole numbers");
        assertArrayEquals(new double[]{0, 1}, table.values());
        assertEquals(TargetKind.CLASSES, read("y.ts", "@classLabel true 0.5 1.5\n@data\n1,2:0.5\n3,4:1.5\n").found());
        assertNull(read("z.ts", "@classLabel false\n@data\n1,2\n").rows().getFirst().target());
    }

    @Test
    void gzipAndByteOrderMarkChangeNothing() throws IOException {
        String text = "\ufeff" + TS_HEADER + "1,2:3,4:run\n";
        Path file = dir.resolve("x_TRAIN.ts.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        assertSeries(SeriesReader.read(file, SeriesOptions.FOUND), 0, "run", 1, 3, 2, 4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1,2:3,x:run | line 7: channel 2, value 2: got 'x'",
            "1,2:3,4:fly | line 7: got class 'fly'; expected one of the header's: walk run",
            "1,2:3:run | line 7: channel 2: got 1 values; expected 2", "run | line 7: got one part alone",
            "(0,1),(1,2):run | line 7: got values with time stamps"})
    void brokenLineOfATsFileIsNamed(String line, String message) {
        assertFails(MalformedFileException.class, () -> read("x.ts", TS_HEADER + line + "\n"), "x.ts, " + message);
    }

    @Test
    void brokenTsFileIsRefused() {
        assertFails(MalformedFileException.class, () -> read("x.ts", TS_HEADER + "1:2:run\n1:run\n"),
                "x.ts, line 8: got 1 channels; expected 2");
        assertFails(MalformedFileException.class, () -> read("x.ts", "@timeStamps true\n@data\n"), "line 1",
                "@timeStamps", "dataset.time");
        assertFails(MalformedFileException.class, () -> read("x.ts", ""), "ends before @data");
        assertFails(MalformedFileException.class, () -> read("x.ts", TS_HEADER), "got no series");
        assertFails(MalformedFileException.class, () -> read("x.ts", "a,b\n"), "line 1: got 'a,b' before @data");
        assertFails(MalformedFileException.class, () -> read("x.ts", "@targetlabel true\n@data\n1,2:much\n"),
                "line 3: target: got 'much'; expected a number");
        assertFails(MalformedFileException.class, () -> read("x.parquet", ""), ".ts .arff .npz");
    }

    @Test
    void arffHasAColumnAStepOrARelationalAttribute() throws IOException {
        SeriesTable one = read("x.arff", """
                % c
                @relation 'a b'
                @attribute att0 numeric
                @attribute 'att 1' real
                @attribute target {1.0, 'no'}

                @data
                1,2,1.0
                3,?,no
                """);
        assertSeries(one, 0, "1", 1, 2);
        assertSeries(one, 1, "no", 3);
        assertEquals(List.of("1", "no"), one.classes());
        String relational = """
                @relation r
                @attribute s relational
                @attribute t0 numeric
                @attribute t1 numeric
                @end s
                @attribute class {a,b}
                @data
                "1,2\\n3,?",a
                '5,?\\n7,?',b
                """;
        SeriesTable two = read("y.arff", relational);
        assertSeries(two, 0, "a", 1, 3, 2, NONE);
        assertSeries(two, 1, "b", 5, 7);
        assertFails(MalformedFileException.class, () -> read("z.arff", relational + "\"1,2\\n3\",a\n"),
                "z.arff, line 10: channel 2: got 1 values; expected 2");
        assertFails(MalformedFileException.class, () -> read("z.arff", relational + "'1\\n3',c\n"),
                "attribute class: got 'c'; expected one of a, b");
        assertFails(MalformedFileException.class, () -> read("z.arff", relational + "'1\\n3'\n"),
                "got 1 values; expected 2");
        assertFails(MalformedFileException.class, () -> read("z.arff", "@attribute a string\n@data\n"),
                "type 'string'");
    }

    @Test
    void separatedValuesHaveARowForASeries() throws IOException {
        SeriesTable table = read("x.csv", "label,name,t0,t1,t2\nup,a,1,2,3\ndown,b,4,5,\n",
                new SeriesOptions(null, "name", null, List.of(), List.of(), null, true));
        assertSeries(table, 0, "up", 1, 2, 3);
        assertSeries(table, 1, "down", 4, 5);
        assertEquals("b", table.rows().get(1).id());
        SeriesTable archive = read("x.tsv", "1\t0.5\t0.25\n2\t3\tNaN\n");
        assertSeries(archive, 1, "2", 3);
        SeriesTable some = read("y.csv", "t0,note,t1,y\n1,x,2,0.5\n", new SeriesOptions("y", null, null, List.of(),
                List.of("note"), null, true));
        assertSeries(some, 0, "0.5", 1, 2);
        SeriesTable bare = read("z.csv", "t0,t1\n1,2\n", SeriesOptions.FOUND.unlabelled());
        assertSeries(bare, 0, null, 1, 2);
    }

    @Test
    void badRowsOfSeriesAreRefused() {
        assertFails(ConfigException.class, () -> read("x.csv", "a,b\n1,2\n"), "dataset.target", "x.csv", "a, b");
        assertFails(ConfigException.class, () -> read("x.csv", "a,b\n1,2\n", options("labl", null, null)), "labl",
                "a, b");
        assertFails(MalformedFileException.class, () -> read("x.csv", "label,t0,t1\na,1,two\n"), "x.csv, line 2",
                "column t1: got 'two'");
        assertFails(MalformedFileException.class, () -> read("x.csv", "label,t0\na,1\n,2\n"), "line 3, column label",
                "target is missing");
        assertFails(MalformedFileException.class, () -> read("x.csv", "label,t0\na,\n"), "line 2",
                "the series has no values");
        assertFails(MalformedFileException.class,
                () -> read("x.csv", "label,id,t0\na,7,1\nb,7,2\n", options(null, "id", null)),
                "line 3: id '7' is that of", "line 2", "dataset.time");
        assertFails(MalformedFileException.class, () -> read("x.csv", "label,t0\n"), "got no series");
        assertFails(ConfigException.class, () -> read("x.csv", "label;t0\na;1\n", new SeriesOptions("label", null, null,
                List.of(), List.of(), ',', true)), "dataset.delimiter");
        assertFails(ConfigException.class, () -> read("x.csv", "label,t0\na,1\n", options("label", "label", null)),
                "one column twice");
    }

    @Test
    void longFormIsOrderedByTimeAndItsGapsAreMissingValues() throws IOException {
        String text = """
                id,when,class,x,y
                s2,2021-05-03,b,5,50
                s1,2021-05-01,a,1,10
                s2,2021-05-01,b,4,?
                s1,2021-05-02,a,2,20
                s1,2021-05-04,a,3,30
                s2,2021-05-02,b,6,60
                """;
        SeriesTable table = read("x.csv", text, options("class", "id", "when"));
        assertEquals(List.of("x", "y"), table.channels());
        assertSeries(table, 0, "b", 4, NONE, 6, 60, 5, 50);
        assertSeries(table, 1, "a", 1, 10, 2, 20, NONE, NONE, 3, 30);
        assertEquals("one row a step", table.format());
        SeriesTable uneven = read("y.csv", "id,t,class,x\na,0,u,1\na,1,u,2\na,2.5,u,3\n",
                options("class", "id", "t"));
        assertSeries(uneven, 0, "u", 1, 2, 3);
        assertEquals("one row a step, unevenly spaced", uneven.format());
        SeriesTable months = read("m.csv", "id,t,class,x\na,2021-01-01,u,1\na,2021-02-01,u,2\na,2021-03-01,u,3\n",
                options("class", "id", "t"));
        assertEquals(3, months.longest(), "months are no multiples of the shortest: no day is invented");
    }

    @Test
    void badLongFormIsRefused() {
        assertFails(MalformedFileException.class,
                () -> read("x.csv", "id,t,class,x\na,1,u,1\na,1,u,2\n", options("class", "id", "t")), "line 2",
                "two rows of the time 1");
        assertFails(MalformedFileException.class,
                () -> read("x.csv", "id,t,class,x\na,1,u,1\na,2,v,2\n", options("class", "id", "t")), "line 3",
                "target 'v' of series a; expected 'u'", "line 2");
        assertFails(MalformedFileException.class,
                () -> read("x.csv", "id,t,class,x\na,soon,u,1\n", options("class", "id", "t")), "line 2, column t",
                "'soon'", "2021-05-01T13:30:00");
        assertFails(MalformedFileException.class,
                () -> read("x.csv", "id,t,class,x\n,1,u,1\n", options("class", "id", "t")), "the id is missing");
    }

    @Test
    void queryIsReadAsATable() throws IOException {
        try (Table table = Table.query("jdbc:duckdb:",
                "select i // 3 as id, i % 3 as t, 'c' || (i // 3) as label, i * 1.5 as v from range(6) r(i)")) {
            SeriesTable series = SeriesReader.read(table, options("label", "id", "t"));
            assertSeries(series, 1, "c1", 4.5f, 6, 7.5f);
        }
    }

    @Test
    void npzHoldsXAndY() throws IOException {
        Path file = dir.resolve("x.npz");
        NpzFile.write(file, new LinkedHashMap<>(Map.of("x",
                TensorData.of(new float[]{1, 2, 3, 4, 5, 6, NONE, NONE}, 2, 2, 2), "y",
                TensorData.of(new long[]{3, 5}, 2))));
        SeriesTable table = SeriesReader.read(file, SeriesOptions.FOUND);
        assertSeries(table, 0, "3", 1, 2, 3, 4);
        assertSeries(table, 1, "5", 5, 6);
        assertEquals(2, table.channels().size());
        NpzFile.write(file,
                Map.of("x", TensorData.of(new double[]{1, 2}, 2, 1), "y", TensorData.of(new double[]{1, 2}, 2)));
        assertEquals(TargetKind.VALUES, SeriesReader.read(file, SeriesOptions.FOUND).found());
        NpzFile.write(file, Map.of("X", TensorData.of(new double[]{1, 2}, 2, 1)));
        assertFails(MalformedFileException.class, () -> SeriesReader.read(file, SeriesOptions.FOUND), "arrays [X]",
                "x [n, l, d]");
        NpzFile.write(file, Map.of("x", TensorData.of(new double[]{1, 2}, 2, 1), "y", TensorData.of(new long[3], 3)));
        assertFails(MalformedFileException.class, () -> SeriesReader.read(file, SeriesOptions.FOUND), "x [2, 1]",
                "y [3]");
        Files.writeString(file, "no zip");
        assertFails(MalformedFileException.class, () -> SeriesReader.read(file, SeriesOptions.FOUND), "numpy.savez");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a b|CLASSES", "1 2 1 2 1|CLASSES", "1 2 3 1 2 3|CLASSES", "0 1|CLASSES",
            "1 2 3 4|VALUES", "0.5 1|VALUES", "1 2 x|CLASSES"})
    void kindOfTargetsIsFound(String targets, TargetKind kind) throws IOException {
        String rows = String.join(",1,2\n", targets.split(" ", -1)) + ",1,2\n";
        assertEquals(kind, read("x.csv", "label,t0,t1\n" + rows).found());
    }

    @Test
    void sameDataHaveTheSameHashInAnyFormat() throws IOException {
        String ts = read("x.ts", "@classLabel true 1 2\n@data\n1,2:1\n3,4:2\n").hash();
        assertEquals(ts, read("x.tsv", "1\t1\t2\n2.0\t3\t4.0\n").hash());
        String other = read("y.tsv", "1\t1\t2\n2.0\t3\t4.5\n").hash();
        assertEquals(64, other.length());
        assertEquals(2, Arrays.stream(new String[]{ts, other}).distinct().count());
    }
}
