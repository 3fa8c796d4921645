package s4j.data.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.config.ConfigException;
import s4j.data.table.Table.Kind;
import s4j.io.MalformedFileException;

/** Tables written with any content are read as they were; queries give every type of a database. */
final class WrittenTableTest {
    private static final String[] CELLS = {"plain", "with blank", "1.5", "-7", "semi;colon", "com,ma", "ta\tb", "pi|pe",
            "quo\"te", "line\nfeed", "größe", "日本", "😀", "0x1", "'single'"};

    private static Table table(String text) throws IOException { return table(text, null); }

    private static Table table(String text, @Nullable Character delimiter) throws IOException {
        return Table.csv(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "x.csv", delimiter);
    }

    private static String quoted(String cell, char d) {
        boolean needed = cell.indexOf(d) >= 0 || cell.indexOf('"') >= 0 || cell.indexOf('\n') >= 0;
        return needed ? "\"" + cell.replace("\"", "\"\"") + "\"" : cell;
    }

    @ParameterizedTest
    @CsvSource({"44", "59", "9", "124"})
    void whatIsWrittenIsReadBack(int delimiter) throws IOException {
        char d = (char) delimiter;
        SplittableRandom random = new SplittableRandom(delimiter);
        for (int trial = 0; trial < 40; trial++) {
            int columns = 2 + random.nextInt(5);
            int rows = 1 + random.nextInt(150);
            String end = random.nextBoolean() ? "\n" : "\r\n";
            StringBuilder text = new StringBuilder();
            List<List<String>> cells = new ArrayList<>();
            for (int r = 0; r <= rows; r++) {
                List<String> row = new ArrayList<>();
                for (int c = 0; c < columns; c++) {
                    row.add(r == 0 ? "column " + c : CELLS[random.nextInt(CELLS.length)]);
                    text.append(c == 0 ? "" : String.valueOf(d)).append(quoted(row.getLast(), d));
                }
                text.append(end);
                cells.add(row);
            }
            // what is in quotes may look like another delimiter: it is found where nothing else can be meant
            try (Table table = table(text.toString(), d)) {
                assertEquals(cells.getFirst(), table.columns().stream().map(Table.Column::name).toList());
                for (int r = 1; r <= rows; r++) {
                    assertTrue(table.next(), "row " + r);
                    for (int c = 0; c < columns; c++) {
                        assertEquals(cells.get(r).get(c), table.text(c), "trial " + trial + ", row " + r);
                    }
                }
                assertFalse(table.next());
                assertFalse(table.next(), "the end stays the end");
            }
        }
    }

    @Test
    void aRowMustComeBeforeItsCells() throws IOException {
        try (Table table = table("a,b\n1,2\n")) {
            assertFails(IllegalStateException.class, () -> table.text(0), "next() comes first");
            assertEquals("x.csv, line 2", place(table));
        }
    }

    private static String place(Table table) throws IOException {
        table.next();
        return table.place();
    }

    @Test
    void tablesOfOneColumnOrOfNamesAloneAreTables() throws IOException {
        try (Table one = table("7\n8\n")) {
            assertFalse(one.named());
            assertTrue(one.next());
            assertTrue(one.next());
            assertFalse(one.next());
        }
        try (Table names = table("a;b\n")) {
            assertEquals(2, names.columns().size());
            assertFalse(names.next());
            assertEquals(List.of(Kind.NUMBER, Kind.NUMBER), names.columns().stream().map(Table.Column::kind).toList(),
                    "nothing speaks against numbers");
        }
    }

    @Test
    void numbersBeyondAFloatAreRefusedWithTheirPlace() throws IOException {
        try (Table table = table("a,b\n1e39,-1e-50\n")) {
            table.next();
            assertFails(MalformedFileException.class, () -> table.single(0), "x.csv, line 2, column a: got 1.0E39",
                    "at most 3.4e+38");
            assertEquals(0, Math.abs(table.single(1)), "what is too small is 0");
            assertEquals(1e39, table.number(0), "a double holds it");
        }
    }

    @Test
    void aColumnIsOfTheKindOfMostOfItsCells() throws IOException {
        try (Table table = table("a,b,c,d\n1,x,?,\"1,5\"\n2,y,,\"2,5\"\noff,3,NaN,7\n")) {
            assertEquals(List.of(Kind.NUMBER, Kind.TEXT, Kind.NUMBER, Kind.NUMBER),
                    table.columns().stream().map(Table.Column::kind).toList());
        }
    }

    /** A stream that cannot be read to its end is closed, and is no malformed file. */
    @Test
    void aStreamThatFailsIsAFaultOfItsOwn() {
        byte[] rows = "1,2\n".repeat(50_000).getBytes(StandardCharsets.UTF_8);
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(rows), new InputStream() {
            @Override
            public int read() throws IOException { throw new IOException("the cable is out"); }

            @Override
            public int read(byte[] b, int from, int n) throws IOException { return read(); }
        });
        assertFails(IOException.class, () -> {
            try (Table table = Table.csv(broken, "x.csv", null)) {
                while (table.next()) {
                    table.number(0);
                }
            }
        }, "the cable is out");
    }

    @Test
    void severalGzipMembersAreOneFile() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String part : List.of("a,b\n1,", "2\n3,4\n")) {
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(part.getBytes(StandardCharsets.UTF_8));
            }
        }
        try (Table table = Table.csv(new ByteArrayInputStream(out.toByteArray()), "x", null)) {
            assertTrue(table.next() && table.number(1) == 2 && table.next() && table.number(1) == 4);
        }
    }

    @Test
    void bytesAreReadOneByOneToo() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] content = {(byte) 0xff, 0, 7};
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        try (InputStream in = Unpacked.gzip(new ByteArrayInputStream(out.toByteArray()), "x")) {
            assertArrayEquals(new int[]{255, 0, 7, -1}, new int[]{in.read(), in.read(), in.read(), in.read()});
        }
        assertFails(MalformedFileException.class, () -> Unpacked.gzip(new ByteArrayInputStream(content), "a.gz"),
                "a.gz: its compression is damaged: Not in GZIP format");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"true | 1 | true", "false | 0 | false",
            "12::tinyint | 12 | 12",
            "1.50::decimal(5,2) | 1.5 | 1.50", "1e20::decimal(30,0) | 1e20 | 100000000000000000000",
            "170141183460469231731687303715884105727::hugeint | 1.7014118346046923e38 | 170141183460469231731687303715884105727",
            "'  7 ' | 7 | 7", "0.25::float | 0.25 | 0.25", "'-1e3' | -1000 | -1e3"})
    void everyTypeOfADatabaseIsANumberAndAText(String sql, double number, String text) throws IOException {
        try (Table table = Table.query("jdbc:duckdb:", "select " + sql + " as v")) {
            assertTrue(table.named() && table.next());
            assertEquals(number, table.number(0));
            assertEquals(text, table.text(0));
            assertFalse(table.next());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`',
            value = {"null", "'NaN'", "''", "'n/a'", "null::double", "null::varchar"})
    void everySpellingOfNothingIsMissing(String sql) throws IOException {
        try (Table table = Table.query("jdbc:duckdb:", "select " + sql + " as v")) {
            table.next();
            assertNull(table.text(0));
            assertTrue(Double.isNaN(table.number(0)));
        }
    }

    @Test
    void datesOfADatabaseAreNoNumbers() throws IOException {
        try (Table table = Table.query("jdbc:duckdb:", "select date '2021-05-01' as d")) {
            table.next();
            assertEquals("2021-05-01", table.text(0));
            assertFails(MalformedFileException.class, () -> table.number(0), "row 1, column d: got '2021-05-01'");
        }
    }

    @Test
    void aQueryThatFailsNamesItsDatabase() {
        assertFails(ConfigException.class, () -> {
            try (Table table = Table.query("jdbc:duckdb:",
                    "select case when i < 1000000 then 1 else cast('x' || i as integer) end as v from range(1000001) r(i)")) {
                while (table.next()) {
                    table.number(0);
                }
            }
        }, "jdbc:duckdb:");
        assertFails(ConfigException.class, () -> Table.query("jdbc:", "select 1"), "no JDBC driver for jdbc:");
        assertFails(ConfigException.class, () -> Table.query("", "select 1"), "expected a JDBC address");
    }
}
