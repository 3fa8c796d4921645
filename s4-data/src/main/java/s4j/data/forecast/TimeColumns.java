package s4j.data.forecast;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.data.table.Table;
import s4j.io.MalformedFileException;

/**
 * Which columns of a table are what, found where it is not said.
 *
 * @param time −1: rows are steps 0, 1, 2, …
 * @param id −1: one series
 * @param targets positions
 * @param past positions
 * @param future positions
 * @param statics positions
 */
record TimeColumns(int time, int id, List<Integer> targets, List<Integer> past, List<Integer> future,
        List<Integer> statics) {
    private static final List<String> TIMES = List.of("ds", "date", "datetime", "time", "timestamp");

    /** The same for a row that stands already, as the kind of a column does not tell stamps from other texts. */
    static TimeColumns of(Table table, TimeOptions o) throws IOException {
        List<String> names = table.columns().stream().map(Table.Column::name).toList();
        int id = o.id() != null ? table.column(o.id(), "dataset.id") : names.indexOf("unique_id");
        int time = o.time() != null ? table.column(o.time(), "dataset.time") : time(table, names, id);
        List<Integer> past = positions(table, o.past(), "dataset.past");
        List<Integer> future = positions(table, o.future(), "dataset.future");
        List<Integer> other = new ArrayList<>(List.of(time, id));
        other.addAll(past);
        other.addAll(future);
        List<Integer> statics = positions(table, o.statics(), "dataset.static");
        other.addAll(statics);
        List<Integer> targets = new ArrayList<>(positions(table, o.targets(), "dataset.target"));
        if (targets.isEmpty() && id >= 0 && names.contains("y")) {
            targets.add(names.indexOf("y"));
        }
        for (int c : targets.isEmpty() ? table.without(other) : new int[0]) {
            // without a name: row numbers that a program wrote, or what is behind a comma at the end of each line
            if (table.columns().get(c).kind() == Table.Kind.NUMBER && !names.get(c).isEmpty()) {
                targets.add(c);
            }
        }
        if (targets.isEmpty()) {
            throw new ConfigException("dataset.target: no column of %s is left that holds numbers; expected one of %s."
                    .formatted(table.name(), String.join(", ", names))
                    + (names.size() == 1
                            ? " There is one column alone: between columns stands a comma, a semicolon, a tab or |"
                            : " Write dataset.target=COLUMN"));
        }
        return new TimeColumns(time, id, List.copyOf(targets), past, future, statics);
    }

    /** A usual name, else the first column of stamps, else one called year, else an unnamed first column of numbers. */
    private static int time(Table table, List<String> names, int id) throws IOException {
        for (int c = 0; c < names.size(); c++) {
            if (TIMES.contains(names.get(c).toLowerCase(Locale.ROOT)) && c != id) {
                return c;
            }
        }
        for (int c = 0; c < names.size(); c++) {
            String text = c == id ? null : table.text(c);
            // 1947 is a year where it begins a row; elsewhere it is as likely a value
            if (text != null && Spelling.stamp(text) && (c == 0 || !text.matches("\\d+"))) {
                return c;
            }
        }
        int year = names.stream().map(n -> n.toLowerCase(Locale.ROOT)).toList().indexOf("year");
        if (year >= 0 && year != id) {
            return year;
        }
        return names.getFirst().isEmpty() && table.columns().getFirst().kind() == Table.Kind.NUMBER ? 0 : -1;
    }

    private static List<Integer> positions(Table table, List<String> names, String key) {
        return names.stream().map(n -> table.column(n, key)).toList();
    }

    /** A stamp where the name of the column of stamps should be: the first line is a row, which must not get lost. */
    void refuseRowAsHeader(Table table) throws MalformedFileException {
        String name = time < 0 ? "" : table.columns().get(time).name();
        if (table.named() && !name.matches("\\d*") && Spelling.stamp(name)) {
            throw new MalformedFileException(
                    "%s, line 1: got %s for the name of a column; expected a first line with names, e.g."
                            .formatted(table.name(), name) + " ds,y. Add one");
        }
    }

    /** All columns with values, targets first. */
    int[] values() {
        List<Integer> all = new ArrayList<>(targets);
        all.addAll(past);
        all.addAll(future);
        return all.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The static texts of a row. */
    List<String> fixed(Table table) throws IOException {
        List<String> out = new ArrayList<>();
        for (int c : statics) {
            @Nullable
            String text = table.text(c);
            out.add(text == null ? "" : text);
        }
        return out;
    }

    /** The id in a row; empty where there is one series. */
    String id(Table table) throws IOException {
        @Nullable
        String text = id < 0 ? "" : table.text(id);
        if (text == null) {
            throw new MalformedFileException(table.place() + ", column " + table.columns().get(id).name()
                    + ": the id is missing; expected the name of the series that this row belongs to");
        }
        return text;
    }
}
