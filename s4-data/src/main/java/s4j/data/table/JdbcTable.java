package s4j.data.table;

import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;

/** The answer to a query over JDBC, fetched in pieces. */
final class JdbcTable implements Table {
    private static final int FETCH = 4096;

    private final Connection connection;
    private final Statement statement;
    private final ResultSet rows;
    private final List<Column> columns;
    private final String name;
    private long row;

    private JdbcTable(Connection connection, Statement statement, ResultSet rows, String name) throws SQLException {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
        this.name = name;
        ResultSetMetaData meta = rows.getMetaData();
        List<Column> found = new ArrayList<>();
        for (int c = 1; c <= meta.getColumnCount(); c++) {
            found.add(new Column(meta.getColumnLabel(c), kind(meta.getColumnType(c))));
        }
        this.columns = List.copyOf(found);
    }

    static JdbcTable open(String url, String query) throws IOException {
        if (!url.startsWith("jdbc:")) {
            throw new ConfigException("dataset.url: got %s; expected a JDBC address, e.g. jdbc:duckdb:".formatted(url));
        }
        // the rest of an address may hold a password
        String kind = url.substring(0, Math.max(url.indexOf(':', 5), 4) + 1);
        driver(url, kind);
        Connection connection = null;
        try {
            connection = DriverManager.getConnection(url);
            fetchedInPieces(connection);
            Statement statement = connection.createStatement();
            statement.setFetchSize(FETCH);
            return new JdbcTable(connection, statement, statement.executeQuery(query), "query over " + kind);
        } catch (SQLException e) {
            close(connection);
            throw new ConfigException(
                    "dataset.query over %s: %s. The query was: %s".formatted(kind, e.getMessage(), query),
                    e);
        }
    }

    /** Some drivers (PostgreSQL's) hold the whole answer in memory unless a transaction is open. */
    private static void fetchedInPieces(Connection connection) {
        try {
            connection.setAutoCommit(false);
        } catch (SQLException e) {
            // a database without transactions answers as it can
            return;
        }
    }

    private static void driver(String url, String kind) {
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            String known = DriverManager.drivers().map(Driver::getClass).map(Class::getName)
                    .collect(Collectors.joining(", "));
            throw new ConfigException("dataset.url: no JDBC driver for %s (there %s). ".formatted(kind,
                    known.isEmpty() ? "is none" : "is " + known)
                    + "Put the driver's jar on the class path: S4_CLASSPATH=PATH/driver.jar ./s4 …", e);
        }
    }

    private static Kind kind(int sql) {
        return switch (sql) {
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.REAL, Types.FLOAT, Types.DOUBLE,
                    Types.NUMERIC, Types.DECIMAL ->
                Kind.NUMBER;
            default -> Kind.TEXT;
        };
    }

    @Override
    public List<Column> columns() { return columns; }

    @Override
    public boolean named() { return true; }

    @Override
    public boolean next() throws IOException {
        try {
            row++;
            return rows.next();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private @Nullable Object value(int column) throws IOException {
        try {
            return rows.getObject(column + 1);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    @Override
    public @Nullable String text(int column) throws IOException {
        String text = switch (value(column)) {
            case null -> null;
            // 1E+2 is no way to write a class
            case BigDecimal number -> number.toPlainString();
            case Object other -> other.toString().strip();
        };
        return text == null || Cells.missing(text) ? null : text;
    }

    @Override
    public double number(int column) throws IOException {
        return switch (value(column)) {
            case null -> Double.NaN;
            case Number number -> number.doubleValue();
            case Boolean flag -> flag ? 1 : 0;
            case Object other -> {
                String text = other.toString().strip();
                Double number = Cells.missing(text) ? Double.valueOf(Double.NaN) : Cells.number(text, false);
                if (number == null) {
                    throw new MalformedFileException("%s, column %s: got '%s'; expected a number".formatted(place(),
                            columns.get(column).name(), text));
                }
                yield number;
            }
        };
    }

    private IOException failed(SQLException e) { return new IOException(place() + ": " + e.getMessage(), e); }

    @Override
    public String name() { return name; }

    @Override
    public String place() { return name + ", row " + row; }

    @Override
    public void close() throws IOException {
        try {
            rows.close();
            statement.close();
            connection.close();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private static void close(@Nullable Connection connection) {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            // what went wrong before is what the user wants to hear
            return;
        }
    }
}
