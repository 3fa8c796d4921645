package s4j.data.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.data.table.Table;

/**
 * Which columns of a table are what.
 *
 * @param target −1: none
 * @param id −1: none
 * @param time −1: none
 * @param values one or more
 */
record Columns(int target, int id, int time, int[] values) {
    private static final List<String> USUAL = List.of("target", "label", "class");

    static Columns of(Table table, SeriesOptions options) {
        int id = options.id() == null ? -1 : table.column(options.id(), "dataset.id");
        int time = options.time() == null ? -1 : table.column(options.time(), "dataset.time");
        int target = target(table, options);
        List<Integer> other = new ArrayList<>(Stream.of(target, id, time).filter(c -> c >= 0).toList());
        if (other.stream().distinct().count() < other.size()) {
            throw new ConfigException(
                    table.name() + ": dataset.target, dataset.id and dataset.time name one column twice;"
                            + " expected each its own");
        }
        options.ignore().forEach(name -> other.add(table.column(name, "dataset.ignore")));
        int[] values = options.channels().isEmpty()
                ? table.without(other)
                : options.channels().stream().mapToInt(name -> table.column(name, "dataset.channels")).toArray();
        if (values.length == 0) {
            throw new ConfigException(table.name() + ": no column is left for values; expected one or more beside "
                    + String.join(", ", other.stream().map(c -> table.columns().get(c).name()).toList())
                    + ". Is dataset.delimiter right?");
        }
        return new Columns(target, id, time, values);
    }

    private static int target(Table table, SeriesOptions options) {
        List<String> names = table.columns().stream().map(Table.Column::name).toList();
        if (options.target() != null) {
            return options.labelled() || names.contains(options.target())
                    ? table.column(options.target(), "dataset.target")
                    : -1;
        }
        if (!table.named()) {
            return options.labelled() ? 0 : -1;
        }
        for (int c = names.size() - 1; c >= 0; c--) {
            if (USUAL.contains(names.get(c).toLowerCase(Locale.ROOT))) {
                return c;
            }
        }
        if (options.labelled()) {
            String some = String.join(", ", names.size() > 12 ? names.subList(0, 6) : names)
                    + (names.size() > 12 ? ", …, " + names.getLast() : "");
            throw new ConfigException(
                    "dataset.target: got null, and no column of %s is called %s; expected the column to"
                            .formatted(table.name(), String.join(" or ", USUAL)) + " predict, one of " + some);
        }
        return -1;
    }

    /** Names of the columns with values. */
    List<String> names(Table table) {
        return Arrays.stream(values).mapToObj(c -> table.columns().get(c).name()).toList();
    }

    /** The target in this row, in its one spelling; null: there is no column for it, or nothing in it. */
    @Nullable
    String target(Table table) throws java.io.IOException {
        String text = target < 0 ? null : table.text(target);
        return text == null ? null : ClassNames.normal(text);
    }

    @Override
    public boolean equals(@Nullable Object o) {
        return o instanceof Columns c && target == c.target && id == c.id && time == c.time
                && Arrays.equals(values, c.values);
    }

    @Override
    public int hashCode() { return Objects.hash(target, id, time, Arrays.hashCode(values)); }
}
