package s4j.data.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.data.table.Table;
import s4j.io.MalformedFileException;

/** One row a series, of one channel: a column for each step, from left to right. */
final class WideForm {
    static SeriesTable read(Table table, SeriesOptions options) throws IOException {
        Columns columns = Columns.of(table, options);
        List<Series> rows = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        while (table.next()) {
            String id = columns.id() < 0 ? null : table.text(columns.id());
            refuseSecond(id, seen, table);
            float[] values = new float[columns.values().length];
            for (int t = 0; t < values.length; t++) {
                values[t] = (float) table.number(columns.values()[t]);
            }
            rows.add(new Series(values, 1, target(columns, table, options), id, table.place()).trimmed());
        }
        return SeriesTable.of(table.name(), "one row a series", rows, List.of("value"), null, List.of());
    }

    private static @Nullable String target(Columns columns, Table table, SeriesOptions options) throws IOException {
        String target = columns.target(table);
        if (target == null && options.labelled()) {
            throw new MalformedFileException("%s, column %s: the target is missing; expected one for every series"
                    .formatted(table.place(), table.columns().get(columns.target()).name()));
        }
        return target;
    }

    private static void refuseSecond(@Nullable String id, Map<String, String> seen, Table table)
            throws MalformedFileException {
        String before = id == null ? null : seen.putIfAbsent(id, table.place());
        if (before != null) {
            throw new MalformedFileException(
                    ("%s: id '%s' is that of %s, too; expected an id once, one row a series. If"
                            + " a row is a step, name the column of its time: dataset.time=COLUMN")
                            .formatted(table.place(), id,
                                    before));
        }
    }

    private WideForm() {}
}
