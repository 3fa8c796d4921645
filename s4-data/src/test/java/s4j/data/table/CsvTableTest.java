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
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.data.table.Table.Kind;
import s4j.io.MalformedFileException;

final class CsvTableTest {
    private static Table table(String text) throws IOException { return table(text.getBytes(StandardCharsets.UTF_8)); }

    private static Table table(byte[] bytes) throws IOException { return table(bytes, null); }

    private static Table table(byte[] bytes, @Nullable Character delimiter) throws IOException {
        return Table.csv(new ByteArrayInputStream(bytes), "x.csv", delimiter);
    }

    private static List<List<@Nullable String>> cells(Table table) throws IOException {
        List<List<@Nullable String>> out = new ArrayList<>();
        try (table) {
            while (table.next()) {
                List<@Nullable String> row = new ArrayList<>();
                for (int c = 0; c < table.columns().size(); c++) {
                    row.add(table.text(c));
                }
                out.add(row);
            }
        }
        return out;
    }

    @ParameterizedTest
    @ValueSource(strings = {",", ";", "\t", "|"})
    void delimiterIsFoundWhateverElseStandsInQuotes(String d) throws IOException {
        String text = "id,name,v\n1,\"a,b;c|d\te\"\"f\nnext line\",2\n2,plain,3\n".replace(",", "\0")
                .replace("\"a\0b", "\"a,b").replace("\0", d);
        Table table = table(text);
        assertEquals(List.of("id", "name", "v"), table.columns().stream().map(Table.Column::name).toList());
        assertEquals(List.of(List.of("1", "a,b;c|d\te\"f\nnext line", "2"), List.of("2", "plain", "3")), cells(table));
    }

    @Test
    void typesAndNumbersAreReadByColumn() throws IOException {
        try (Table table = table("t, a ,b\n1, 2.5 ,x\n-1e3,?,y\n,NaN,NA\n")) {
            assertEquals(List.of(Kind.NUMBER, Kind.NUMBER, Kind.TEXT),
                    table.columns().stream().map(Table.Column::kind).toList());
            assertEquals(1, table.column("a", "dataset.target"));
            assertTrue(table.next());
            assertEquals(2.5, table.number(1));
            assertTrue(table.next());
            assertArrayEquals(new double[]{-1000, Double.NaN}, new double[]{table.number(0), table.number(1)});
            assertTrue(table.next());
            assertTrue(Double.isNaN(table.number(0)) && Double.isNaN(table.number(1)));
            assertNull(table.text(2));
            assertFalse(table.next());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a,b\r\n1,2\r\n", "a,b\n1,2", "a,b\r1,2\r", "\ufeffa,b\n1,2\n", "\n\na,b\n\n1,2\n\n"})
    void lineEndsMarksAndBlankLinesChangeNothing(String text) throws IOException {
        assertEquals(List.of(List.of("1", "2")), cells(table(text)), text);
        assertEquals("a", table(text).columns().getFirst().name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void utf16WithAMarkIsRead(String charset) throws IOException {
        byte[] bytes = "\ufeffgröße;b\n1;2\n".getBytes(Charset.forName(charset));
        assertEquals("größe", table(bytes).columns().getFirst().name());
        assertEquals(List.of(List.of("1", "2")), cells(table(bytes)));
    }

    @Test
    void gzipIsKnownByItsContent(@TempDir Path dir) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8));
        }
        Path file = Files.write(dir.resolve("named-plainly.csv"), out.toByteArray());
        assertEquals(List.of(List.of("1", "2")), cells(Table.csv(file, null)));
    }

    @Test
    void firstLineOfNumbersAloneIsARow() throws IOException {
        Table table = table("1\t0.5\tNaN\n2\t0.25\t3\n");
        assertFalse(table.named());
        assertEquals(List.of("1", "2", "3"), table.columns().stream().map(Table.Column::name).toList());
        assertEquals(2, cells(table).size());
        assertTrue(table(",0\n1821,269\n").named(), "an unnamed index column is part of a header");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {"a;b!1,5!1.5", "a;b!-0,25!-0.25", "a;b!1.5!1.5", "a;b!1,5e3!1500"})
    void decimalCommasAreReadWhereTheDelimiterIsASemicolon(String header, String cell, double value)
            throws IOException {
        try (Table table = table(header + "\n" + cell + ";7\n")) {
            assertTrue(table.next());
            assertEquals(value, table.number(0));
        }
    }

    @Test
    void decimalCommasElsewhereAreRefusedWithAdvice() throws IOException {
        try (Table table = table("a,b\n1.5,2\n\"1,5\",2\n")) {
            table.next();
            table.next();
            assertFails(MalformedFileException.class, () -> table.number(0), "x.csv, line 3, column a", "'1,5'",
                    "decimal point", "delimiter is ';'");
        }
        // a thousands separator is not guessed away
        try (Table table = table("a;b\n1.234,5;2\n")) {
            table.next();
            assertFails(MalformedFileException.class, () -> table.number(0), "'1.234,5'");
        }
    }

    @Test
    void cellThatIsNoNumberIsNamedByFileLineAndColumn() throws IOException {
        StringBuilder text = new StringBuilder("time,load\n");
        for (int i = 0; i < 150; i++) {
            text.append(i).append(',').append(i == 140 ? "off" : "1").append('\n');
        }
        try (Table table = table(text.toString())) {
            assertEquals(Kind.NUMBER, table.columns().get(1).kind(), "the first rows are numbers");
            for (int i = 0; i <= 140; i++) {
                table.next();
            }
            assertFails(MalformedFileException.class, () -> table.number(1), "x.csv, line 142, column load: got 'off'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1d", "0x1p3", "1f", "1_000", "--1", "1 2"})
    void javasOwnSpellingsAreNoNumbers(String cell) throws IOException {
        try (Table table = table("a,b\n" + cell + ",2\n")) {
            table.next();
            assertFails(MalformedFileException.class, () -> table.number(0), "'" + cell + "'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "\ufeff", "  \n"})
    void emptyFileIsRefused(String text) {
        assertFails(MalformedFileException.class, () -> table(text), "x.csv", "empty");
    }

    @Test
    void whatIsNoTableIsRefused() throws IOException {
        assertFails(MalformedFileException.class, () -> table(new byte[]{'a', 0, 1, 2, 'b'}), "no text");
        assertFails(MalformedFileException.class, () -> table("a,b,a\n1,2,3\n"), "x.csv, line 1",
                "columns 1 and 3 have the same name 'a'");
        assertFails(MalformedFileException.class, () -> cells(table("a,b\n1,2\n1,2,3\n")), "x.csv, line 3",
                "got 3 cells; expected 2", "','");
        byte[] latin1 = "a,b\nä,2\n".getBytes(StandardCharsets.ISO_8859_1);
        assertFails(MalformedFileException.class, () -> cells(table(latin1)), "not UTF-8", "line 1", "iconv");
    }

    @Test
    void wrongDelimiterIsSuspectedWhereAColumnIsMissing() throws IOException {
        try (Table table = table("a,b\n1,2\n".getBytes(StandardCharsets.UTF_8), ';')) {
            assertFails(ConfigException.class, () -> table.column("b", "dataset.target"), "dataset.target: got b",
                    "a,b", "one column alone", "dataset.delimiter");
        }
        try (Table table = table("alpha,beta\n1,2\n")) {
            assertFails(ConfigException.class, () -> table.column("bet", "dataset.target"), "alpha, beta",
                    "Did you mean beta?");
        }
    }

    /** 256 MB as they are asked for; nobody may be far ahead of the row that is looked at. */
    @Test
    void bigFileIsReadInBoundedMemory() throws IOException {
        Endless lines = new Endless(1 << 28);
        long rows = 0;
        double sum = 0;
        long furthest = 0;
        try (Table table = Table.csv(lines, "big.csv", null)) {
            while (table.next()) {
                rows++;
                sum += table.number(1);
                furthest = Math.max(furthest, lines.given - rows * Endless.LINE.length);
            }
        }
        assertEquals(lines.given / Endless.LINE.length - 1, rows);
        assertEquals(rows * 0.5, sum);
        assertTrue(furthest < 1 << 18, "read ahead by " + furthest + " bytes");
    }

    /** One line again and again. */
    private static final class Endless extends InputStream {
        private static final byte[] LINE = "123456789,0.5,abcdefghijklmnopqrstuvwxyz0123456789\n"
                .getBytes(StandardCharsets.UTF_8);
        private static final byte[] HEADER = ("id,value," + "x".repeat(LINE.length - 10) + "\n")
                .getBytes(StandardCharsets.UTF_8);
        private final long size;
        private long given;

        Endless(long size) { this.size = size / LINE.length * LINE.length; }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] b, int off, int len) {
            if (given >= size) {
                return -1;
            }
            int n = 0;
            for (; n < len && given < size; n++, given++) {
                byte[] line = given < LINE.length ? HEADER : LINE;
                b[off + n] = line[(int) (given % LINE.length)];
            }
            return n;
        }
    }
}
