package s4j.spark;

import java.util.List;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import s4j.data.table.Table;

/** Steps of a key as a table: a stamp, then numbers. */
final class RowsTable implements Table {
    /** The column of stamps. */
    static final String TIME = "ds";

    private final String key;
    private final List<Row> steps;
    private final List<Column> columns;
    private int at = -1;

    /**
     * Of rows {@code (…, stamp, values)}.
     *
     * @param key for messages
     * @param values names of the columns
     */
    RowsTable(String key, List<Row> steps, List<String> values) {
        this.key = key;
        this.steps = steps;
        this.columns = java.util.stream.Stream.concat(java.util.stream.Stream.of(new Column(TIME, Kind.TEXT)), values
                .stream().map(v -> new Column(v, Kind.NUMBER))).toList();
    }

    @Override
    public List<Column> columns() { return columns; }

    @Override
    public boolean named() { return true; }

    @Override
    public boolean next() { return ++at < steps.size(); }

    @Override
    public @Nullable String text(int column) {
        if (column == 0) {
            return steps.get(at).isNullAt(Tables.STAMP) ? null : steps.get(at).getString(Tables.STAMP);
        }
        double v = number(column);
        return Double.isNaN(v) ? null : String.valueOf(v);
    }

    @Override
    public double number(int column) {
        List<Double> values = steps.get(at).getList(Tables.VALUES);
        Double v = values.get(column - 1);
        return v == null ? Double.NaN : v;
    }

    @Override
    public String name() { return "the series of " + key; }

    @Override
    public String place() { return name() + ", row " + (at + 1) + " in the order of time"; }

    @Override
    public void close() {}
}
