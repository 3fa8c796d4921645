package s4j.data.table;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.io.InputFile;
import s4j.io.MalformedFileException;
import s4j.math.NearestName;

/**
 * A table read once, row by row: {@link #next} goes to the first row, then to the one after it. One thread at a time.
 *
 * <p>A missing value is an empty cell, SQL's null, or one of the spellings {@code ? NaN NA N/A null} (in any case).
 */
public interface Table extends AutoCloseable {
    /** What a column holds. A text column may hold numbers in most of its rows, and {@link #number} then reads those. */
    enum Kind {
        NUMBER, TEXT
    }

    /**
     * A column.
     *
     * @param name from the header or the query; the position, from 1, of a file without a header
     * @param kind as declared by a query; in a file, what most cells of its first rows are
     */
    record Column(String name, Kind kind) {}

    /** From left to right. */
    List<Column> columns();

    /** Whether the columns have names of their own: false for a file whose first line is numbers alone. */
    boolean named();

    /** Goes to the next row; false: there is none. */
    boolean next() throws IOException;

    /** The value in this row and a column, without blanks around it; null: missing. */
    @Nullable
    String text(int column) throws IOException;

    /**
     * The number in this row and a column; NaN: missing.
     *
     * @throws MalformedFileException when there is something else; the message has table, line and column
     */
    double number(int column) throws IOException;

    /**
     * The same in single precision.
     *
     * @throws MalformedFileException when it is no number, or one beyond what a float holds
     */
    default float single(int column) throws IOException {
        double number = number(column);
        float value = (float) number;
        if (Float.isInfinite(value)) {
            throw new MalformedFileException(
                    "%s, column %s: got %s; expected a number of at most %.1e. An empty cell is a"
                            .formatted(place(), columns().get(column).name(), number, Float.MAX_VALUE)
                            + " missing value");
        }
        return value;
    }

    /** The table's name, for messages: the file, or the database and the query. */
    String name();

    /** Where the present row is, for messages: {@code FILE, line 7}. */
    String place();

    @Override
    void close() throws IOException;

    /**
     * The position of a column.
     *
     * @throws ConfigException when no column has this name; the message has those there are
     */
    default int column(String wanted, String key) {
        List<String> names = columns().stream().map(Column::name).toList();
        int at = names.indexOf(wanted);
        if (at < 0) {
            String some = names.size() > 12
                    ? String.join(", ", names.subList(0, 6)) + ", … (" + names.size() + " columns)"
                    : String.join(", ", names);
            String next = names.size() == 1
                    ? "There is one column alone: set dataset.delimiter if it is another one"
                    : "Did you mean " + NearestName.of(wanted, names) + "?";
            throw new ConfigException("%s: got %s; expected a column of %s: %s. %s".formatted(key, wanted, name(),
                    some, next));
        }
        return at;
    }

    /** The positions of columns of which {@code other} is none. */
    default int[] without(List<Integer> other) {
        return IntStream.range(0, columns().size()).filter(c -> !other.contains(c)).toArray();
    }

    /**
     * Opens a file of separated values, plain or gzipped whatever its name says: UTF-8 (or UTF-16 with a byte order mark), any
     * line ends, quoted cells. A first line of numbers alone is a row; else it has the columns' names.
     *
     * <p>Decimal commas are read where the delimiter is a semicolon ({@code 1,5} is 1.5 there), and refused everywhere else.
     *
     * @param delimiter {@code , ; | tab}; null: found from the first lines
     * @throws MalformedFileException when it is empty or not such a file
     */
    static Table csv(Path file, @Nullable Character delimiter) throws IOException {
        InputStream in = InputFile.open(file);
        try {
            return csv(in, file.toString(), delimiter);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    /** The same from a stream; {@code name} is for messages. Closing the table closes the stream. */
    static Table csv(InputStream in, String name, @Nullable Character delimiter) throws IOException {
        return CsvTable.open(new CsvText(in, name, delimiter));
    }

    /**
     * Asks a database, by any JDBC driver on the class path.
     *
     * @param url of JDBC, e.g. {@code jdbc:duckdb:}
     * @param query in the database's SQL, e.g. {@code select * from 'x.parquet'}
     * @throws ConfigException when there is no driver, or the database refuses the query
     * @throws IOException when it fails while its answer is read
     */
    static Table query(String url, String query) throws IOException { return JdbcTable.open(url, query); }
}
