package s4j.data.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;

/** Series as people have them: odd headers, odd labels, unlabelled rows, damaged compression. */
final class OddSeriesTest {
    private static final String ARFF = """
            @relation r
            @attribute t0 numeric
            @attribute t1 real
            @attribute class {a,b}
            @data
            """;

    @TempDir
    Path dir = Path.of("");

    private SeriesTable read(String name, String text) throws IOException {
        return read(name, text, SeriesOptions.FOUND);
    }

    private SeriesTable read(String name, String text, SeriesOptions options) throws IOException {
        return SeriesReader.read(Files.writeString(dir.resolve(name), text), options);
    }

    private static SeriesOptions target(@Nullable String name) {
        return new SeriesOptions(name, null, null, List.of(), List.of(), null, true);
    }

    private static SeriesTable labelled(String... labels) throws MalformedFileException {
        List<Series> rows = Arrays.stream(labels).map(l -> new Series(new float[]{1}, 1, l, null, "x")).toList();
        return SeriesTable.of("x", "test", rows, List.of("value"), null, List.of());
    }

    @Test
    void anUnlabelledRowOfAnArffFileIsReadToPredictAndRefusedToTrain() throws IOException {
        SeriesTable open = read("x.arff", ARFF + "1,2,?\n3,4,b\n", SeriesOptions.FOUND.unlabelled());
        assertNull(open.rows().getFirst().target());
        assertEquals("b", open.rows().get(1).target());
        assertFails(MalformedFileException.class, () -> read("x.arff", ARFF + "1,2,a\n1,2,?\n"),
                "x.arff, line 7: attribute class: the target is missing");
        String numbers = ARFF.replace("{a,b}", "numeric");
        assertFails(MalformedFileException.class, () -> read("x.arff", numbers + "1,2,0.5\n1,2,?\n1,2,7\n"),
                "line 7: attribute class: the target is missing");
        assertEquals(TargetKind.VALUES, read("x.arff", numbers + "1,2,0.5\n1,2,7\n").found());
    }

    @Test
    void aQuestionMarkThatIsDeclaredIsAClass() throws IOException {
        assertEquals("?", read("x.arff", ARFF.replace("{a,b}", "{a,'?'}") + "1,2,?\n").rows().getFirst().target());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x@data | line 1: got 'x@data' before @data",
            "@attribute a numeric | the file ends before @data",
            "@attribute a date\\n@data | attribute a has type 'date'; expected numeric, relational or {values}",
            "@attribute a {x,y\\n@data | attribute a has type '{x,y'", "@attribute\\n@data | has type ''",
            "@attribute 'a b numeric\\n@data | has type",
            "@attribute a numeric\\n@attribute c {p}\\n@data\\n{0 1, 1 p} | line 4: got a sparse row",
            "@attribute a numeric\\n@attribute c {p}\\n@data\\n1,2,p | line 4: got 3 values; expected 2",
            "@attribute a numeric\\n@attribute c {p}\\n@data\\n1,q | attribute c: got 'q'; expected one of p",
            "@attribute a numeric\\n@attribute c {p}\\n@data\\none,p | line 4: attribute a: got 'one'; expected a number",
            "@attribute c {p}\\n@data\\np | line 3: got a class alone",
            "@attribute a numeric\\n@attribute c {p}\\n@data\\n?,p | line 4: the series has no values",
            "@attribute a numeric\\n@attribute c {p}\\n@data | got no series"})
    void aBrokenArffFileIsRefusedWithItsLine(String text, String message) {
        assertFails(MalformedFileException.class, () -> read("x.arff", text.replace("\\n", "\n") + "\n"), message);
    }

    @Test
    void theTargetOfAnArffFileIsOneOfItsAttributes() throws IOException {
        String text = "@attribute class {u,v}\n@attribute t0 numeric\n@attribute t1 numeric\n@data\nu,1,2\nv,3,4\n";
        SeriesTable table = read("x.arff", text, target("class"));
        assertArrayEquals(new float[]{3, 4}, table.rows().get(1).values(), "the target may come first");
        assertFails(ConfigException.class, () -> read("x.arff", text, target("label")),
                "dataset.target: got label; expected an attribute of", "e.g. t1");
        assertFails(ConfigException.class, () -> read("x.arff", "@data\n1,2\n"), "which has none");
        String bag = "@attribute c {u}\n@attribute s relational\n@attribute t0 numeric\n@end s\n@data\nu,'1,2'\n";
        assertFails(ConfigException.class, () -> read("y.arff", bag), "dataset.target: got s, which holds series");
        assertArrayEquals(new float[]{1, 2}, read("y.arff", bag, target("c")).rows().getFirst().values());
    }

    @Test
    void namesAndValuesOfAnArffFileMayBeQuotedAndHoldCommas() throws IOException {
        SeriesTable table = read("x.arff", """
                @ATTRIBUTE "t 0" NUMERIC
                @Attribute 'what it is' {'a, b', "c"}
                @DATA
                % between
                 1 , 'a, b'\s
                2,c
                """);
        assertEquals(List.of("a, b", "c"), table.classes());
        assertEquals("a, b", table.rows().getFirst().target());
    }

    @Test
    void everySpellingOfInfinityIsAClassLikeAnother() throws MalformedFileException {
        assertEquals(List.of("-inf", "1", "inf"), ClassNames.of(labelled("inf", "1", "-inf")).names());
    }

    @Test
    void aClassThatIsDeclaredTwiceIsOne() throws IOException {
        SeriesTable table = read("x.ts", "@classLabel true 1 1.0 2 2\n@data\n1,2:1\n3,4:2.0\n1,1:1.0\n");
        assertEquals(List.of("1", "2"), ClassNames.of(table).names());
        assertArrayEquals(new int[]{0, 1, 0}, ClassNames.of(table).codes(table));
    }

    @Test
    void aSeriesWithoutAClassIsRefusedInTrainingAndInTheTest() throws IOException {
        Series none = new Series(new float[]{1}, 1, null, null, "x, line 9");
        SeriesTable some = SeriesTable.of("x", "test", List.of(none), List.of("value"), null, List.of());
        assertFails(MalformedFileException.class, () -> ClassNames.of(some), "x, line 9: the class is missing");
        assertFails(MalformedFileException.class, () -> ClassNames.of(labelled("a", "b")).codes(some),
                "x, line 9: class 'null' is not in the training set");
        assertFails(MalformedFileException.class, some::values, "target got null; expected a number");
        assertEquals(TargetKind.CLASSES, some.found());
        assertFails(MalformedFileException.class, () -> labelled("inf").values(), "target got inf");
    }

    @ParameterizedTest
    @CsvSource({"1,1", "1.0,1", "1e3,1000", "+7,7", "-0,0", "1.50,1.50", "01,01", "0,0", "0.0,0", "a1,a1", "inf,inf",
            "+inf,+inf", "1e30,1e30", "9007199254740993,9007199254740993", "x,x", "-,-", "'',''"})
    void aLabelHasOneSpelling(String label, String normal) {
        assertEquals(normal, ClassNames.normal(label));
        assertEquals(normal, ClassNames.normal(normal), "again changes nothing");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1.5 | 1.5", "1970-01-02 | 86400", "1970-01-01T00:00:10 | 10",
            "1970-01-01 00:00:10 | 10", "1970-01-01T01:00:00+01:00 | 0", "1970-01-01T00:00:00-01:00 | 3600",
            "1970-01-01T00:00:00.25Z | 0.25", "1969-12-31 | -86400", "1970-01-01 00:01 | 60", "-3 | -3"})
    void timesAreNumbersOrIsoDates(String text, double seconds) throws MalformedFileException {
        assertEquals(seconds, Times.parse(text, "x"), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inf", "1e400", "2021-13-01", "2021-02-30", "01.02.2021", "2021-05-01T25:00", "noon", "+",
            "2021-05-01T10:00:00+99:00"})
    void whatIsNoTimeIsRefusedWithItsPlace(String text) {
        assertFails(MalformedFileException.class, () -> Times.parse(text, "x, line 3, column t"), "x, line 3, column t",
                "'" + text + "'", "2021-05-01T13:30:00");
    }

    @Test
    void aMissingTimeIsRefused() {
        assertFails(MalformedFileException.class, () -> Times.parse(null, "x"), "x: the time is missing");
        assertEquals("7", Times.print(7));
        assertEquals("7.5", Times.print(7.5));
        assertEquals("1.0E20", Times.print(1e20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x.csv.gz", "x.ts.gz", "x.arff.gz"})
    void damagedCompressionIsRefusedWithTheFilesName(String name) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        StringBuilder text = new StringBuilder(name.contains("arff")
                ? ARFF
                : name.contains(".ts") ? "@classLabel true a b\n@data\n" : "t0,t1,class\n");
        for (int i = 0; i < 20_000; i++) {
            text.append(random.nextInt(1000)).append(',').append(random.nextInt(1000))
                    .append(name.contains(".ts") ? ":" : ",").append(i % 2 == 0 ? "a\n" : "b\n");
        }
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.toString().getBytes(StandardCharsets.UTF_8));
        }
        byte[] good = packed.toByteArray();
        Path file = dir.resolve(name);
        Files.write(file, good);
        assertEquals(20_000, SeriesReader.read(file, SeriesOptions.FOUND).rows().size());
        Files.write(file, Arrays.copyOf(good, good.length / 2));
        assertFails(MalformedFileException.class, () -> SeriesReader.read(file, SeriesOptions.FOUND), name,
                "Unexpected end of ZLIB");
        byte[] spoilt = good.clone();
        Arrays.fill(spoilt, good.length / 2, good.length / 2 + 40, (byte) 0xff);
        Files.write(file, spoilt);
        assertFails(MalformedFileException.class, () -> SeriesReader.read(file, SeriesOptions.FOUND), name);
        Files.write(file, Arrays.copyOf(good, 5));
        assertFails(MalformedFileException.class, () -> SeriesReader.read(file, SeriesOptions.FOUND), name,
                "its compression is damaged");
    }

    @Test
    void trainAndTestMayBeWholeNames() throws IOException {
        Path train = Files.createFile(dir.resolve("train.csv"));
        Path test = Files.createFile(dir.resolve("test.csv"));
        assertEquals(new SeriesFiles(train, test), SeriesFiles.find(dir, null));
        assertEquals(new SeriesFiles(train, test), SeriesFiles.find(train, null));
        assertEquals(new SeriesFiles(test, null), SeriesFiles.find(test, null), "a test set is none of itself");
        assertEquals(new SeriesFiles(train, train), SeriesFiles.find(train, train), "a named test set wins");
        Files.createFile(dir.resolve("other.csv"));
        assertEquals(train, SeriesFiles.find(dir, null).train(), "one pair beside other files");
    }

    @Test
    void aPairIsNamedByItsStem() throws IOException {
        Files.createFile(dir.resolve("Gun_TRAIN.csv"));
        assertEquals(true, SeriesFiles.namesAPair(dir.resolve("Gun")));
        assertEquals(false, SeriesFiles.namesAPair(dir.resolve("Gu")));
        assertEquals(false, SeriesFiles.namesAPair(dir.resolve("nowhere/Gun")));
        assertNull(SeriesFiles.find(dir.resolve("Gun"), null).test(), "its test set is split off");
        for (String name : List.of("a.csv", "b.csv")) {
            Files.createFile(Files.createDirectories(dir.resolve("two")).resolve(name));
        }
        assertFails(MalformedFileException.class, () -> SeriesFiles.find(dir.resolve("two"), null),
                "holds 2 data sets: a.csv, b.csv", "dataset.path=" + dir.resolve("two").resolve("a.csv"));
    }

    @Test
    void everyColumnThatOptionsNameMustBeThere() {
        String text = "id,t,x,label\na,1,2,u\n";
        for (String key : List.of("id", "time", "channels", "ignore")) {
            SeriesOptions options = new SeriesOptions(null, key.equals("id") ? "idd" : null,
                    key.equals("time") ? "when" : null, key.equals("channels") ? List.of("y") : List.of(),
                    key.equals("ignore") ? List.of("z") : List.of(), null, true);
            assertFails(ConfigException.class, () -> read("x.csv", text, options), "dataset." + key + ": got ",
                    "expected a column of", "id, t, x, label");
        }
        assertFails(ConfigException.class, () -> read("x.csv", "label\nu\n"), "no column is left for values");
        StringBuilder wide = new StringBuilder("c0");
        for (int c = 1; c < 30; c++) {
            wide.append(",c").append(c);
        }
        String row = "\n" + "1,".repeat(29) + "1\n";
        assertFails(ConfigException.class, () -> read("x.csv", wide + row), "c0, c1, c2, c3, c4, c5, …, c29");
        assertFails(ConfigException.class, () -> read("x.csv", wide + row, target("c31")), "… (30 columns)");
    }

    @Test
    void columnsAreEqualByWhatTheyAre() {
        Columns a = new Columns(0, -1, 2, new int[]{3, 4});
        assertEquals(a, new Columns(0, -1, 2, new int[]{3, 4}));
        assertEquals(a.hashCode(), new Columns(0, -1, 2, new int[]{3, 4}).hashCode());
        assertNotEquals(a, new Columns(0, -1, 2, new int[]{4, 3}));
        assertNotEquals(a, new Columns(0, 1, 2, new int[]{3, 4}));
    }

    @Test
    void longFormWithoutTimesIsInTheFilesOrder() throws IOException {
        SeriesOptions options = new SeriesOptions("class", "id", null, List.of("x"), List.of(), null, true);
        SeriesTable table = read("x.csv", "id,x,y,class\na,3,0,u\nb,1,0,v\na,2,0,u\n", options);
        assertArrayEquals(new float[]{3, 2}, table.rows().getFirst().values());
        assertEquals("one row a step", table.format());
        assertEquals(List.of("x"), table.channels());
        assertFails(MalformedFileException.class,
                () -> read("y.csv", "id,x,class\na,3,u\na,2,\n", options), "y.csv, line 3: the target is missing");
        SeriesTable one = read("z.csv", "t,x\n2,5\n1,4\n",
                new SeriesOptions(null, null, "t", List.of(), List.of(), null, false));
        assertArrayEquals(new float[]{4, 5}, one.rows().getFirst().values(), "no id: one series");
        assertNull(one.rows().getFirst().id());
    }
}
