package s4j.data.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.config.ConfigException;
import s4j.data.table.Table.Column;
import s4j.data.table.Table.Kind;
import s4j.io.MalformedFileException;

final class JdbcTableTest {
    @Test
    void parquetIsReadThroughDuckDb(@TempDir Path dir) throws IOException, SQLException {
        Path file = dir.resolve("x.parquet");
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:"); Statement make = duck.createStatement()) {
            make.execute("copy (select i as id, i * 0.5 as v, case when i % 2 = 0 then 'even' end as parity from range"
                    + "(10000) t(i)) to '" + file + "' (format parquet)");
        }
        assertTrue(Files.size(file) > 0);
        try (Table table = Table.query("jdbc:duckdb:", "select * from '" + file + "' order by id")) {
            assertEquals(List.of(new Column("id", Kind.NUMBER), new Column("v", Kind.NUMBER),
                    new Column("parity", Kind.TEXT)), table.columns());
            for (int i = 0; i < 10_000; i++) {
                assertTrue(table.next());
                assertEquals(i, table.number(0));
                assertEquals(i * 0.5, table.number(1));
                if (i % 2 == 0) {
                    assertEquals("even", table.text(2));
                } else {
                    assertNull(table.text(2));
                }
            }
            assertFalse(table.next());
        }
    }

    @Test
    void cellThatIsNoNumberIsNamedByRowAndColumn() throws IOException {
        try (Table table = Table.query("jdbc:duckdb:", "select * from (values ('1.5'), (null), ('off')) t(load)")) {
            table.next();
            assertEquals(1.5, table.number(0));
            table.next();
            assertTrue(Double.isNaN(table.number(0)));
            table.next();
            assertFails(MalformedFileException.class, () -> table.number(0), "query over jdbc:duckdb:, row 3",
                    "column load: got 'off'");
        }
    }

    @Test
    void missingDriverIsAskedForOnTheClassPath() {
        String message = assertFails(ConfigException.class,
                () -> Table.query("jdbc:oracle:thin:scott/tiger@host:1521", "select 1"),
                "no JDBC driver for jdbc:oracle:",
                "S4_CLASSPATH=");
        assertFalse(message.contains("tiger"), "an address may hold a password: " + message);
        assertFails(ConfigException.class, () -> Table.query("duckdb:", "select 1"), "dataset.url: got duckdb:",
                "jdbc:duckdb:");
    }

    @Test
    void refusedQueryIsQuoted() {
        assertFails(ConfigException.class, () -> Table.query("jdbc:duckdb:", "selct 1"), "dataset.query", "selct 1");
    }
}
