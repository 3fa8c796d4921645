package s4j.data.forecast;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.data.series.Scaling;
import s4j.data.table.Cells;
import s4j.io.TensorData;

/**
 * Features of a series as a whole, the same at each step: of a column of numbers the standardised number, of any other column 1 for its
 * category and 0 for the rest, which a linear encoder makes the category's embedding. Categories that training did not see are 0 everywhere.
 *
 * @param columns in order
 */
record StaticFeatures(List<Column> columns) {
    static final StaticFeatures NONE = new StaticFeatures(List.of());

    private static final String TENSOR = "data.static";
    /** Separates columns and their parts in a model file. */
    private static final char ROW = '\u001e';
    private static final char CELL = '\u001f';
    /** A window holds a number for each category at each step. */
    private static final int MOST = 1000;

    /**
     * One column.
     *
     * @param categories ascending; empty: numbers
     */
    record Column(String name, double mean, double std, List<String> categories) {
        int width() { return Math.max(1, categories.size()); }

        void write(String text, float[] x, int at) {
            if (categories.isEmpty()) {
                Double v = Cells.number(text, false);
                x[at] = v == null ? 0 : (float) ((v - mean) / std);
            } else if (categories.contains(text)) {
                x[at + categories.indexOf(text)] = 1;
            }
        }

        boolean knows(String text) {
            return categories.isEmpty() ? Cells.number(text, false) != null : categories.contains(text);
        }
    }

    /** Of the series to train on. */
    static StaticFeatures learned(List<String> names, List<TimeSeries> series) {
        List<Column> out = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            int at = i;
            List<String> texts = series.stream().map(s -> s.statics().get(at)).toList();
            List<@Nullable Double> numbers = texts.stream().map(t -> (@Nullable Double) Cells.number(t, false))
                    .toList();
            if (numbers.stream().allMatch(v -> v != null)) {
                Scaling scale = Scaling.of(numbers.stream().mapToDouble(v -> v == null ? 0 : v).toArray());
                out.add(new Column(names.get(i), scale.mean()[0], scale.std()[0], List.of()));
            } else {
                List<String> categories = List.copyOf(new TreeSet<>(texts));
                if (categories.size() > MOST) {
                    throw new ConfigException(
                            "dataset.static: column %s has %,d categories; expected at most %,d. Leave it out"
                                    .formatted(names.get(i), categories.size(), MOST));
                }
                out.add(new Column(names.get(i), 0, 1, categories));
            }
        }
        return new StaticFeatures(List.copyOf(out));
    }

    /** Values of a step. */
    int width() { return columns.stream().mapToInt(Column::width).sum(); }

    /** Writes them into so many steps of {@code d} values. */
    void write(TimeSeries s, float[] x, int at, int d, int steps) {
        for (int t = 0; t < steps; t++) {
            int c = at + t * d;
            for (int i = 0; i < columns.size(); i++) {
                columns.get(i).write(s.statics().get(i), x, c);
                c += columns.get(i).width();
            }
        }
    }

    /** What training did not see, for people; empty: nothing. */
    String unseen(List<TimeSeries> series) {
        List<String> out = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int at = i;
            TreeSet<String> others = new TreeSet<>();
            series.stream().map(s -> s.statics().get(at)).filter(t -> !columns.get(at).knows(t)).forEach(others::add);
            if (!others.isEmpty()) {
                out.add("%s: training saw no %s; such series are forecast without it".formatted(columns.get(i).name(),
                        others.size() > 5 ? others.first() + " and " + (others.size() - 1) + " others" : others));
            }
        }
        return String.join("; ", out);
    }

    /** For a model file; of none nothing. */
    Map<String, TensorData> tensors() {
        if (columns.isEmpty()) {
            return Map.of();
        }
        StringBuilder text = new StringBuilder();
        for (Column c : columns) {
            text.append(c.name).append(CELL).append(c.mean).append(CELL).append(c.std);
            c.categories.forEach(k -> text.append(CELL).append(k));
            text.append(ROW);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return Map.of(TENSOR, TensorData.of(bytes, bytes.length));
    }

    /** Of a model file. */
    static StaticFeatures of(Map<String, TensorData> tensors) {
        TensorData t = tensors.get(TENSOR);
        if (t == null) {
            return NONE;
        }
        byte[] bytes = new byte[(int) t.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) t.get(i);
        }
        List<Column> out = new ArrayList<>();
        for (String row : new String(bytes, StandardCharsets.UTF_8).split(String.valueOf(ROW), 0)) {
            String[] cells = row.split(String.valueOf(CELL), -1);
            if (cells.length < 3) {
                throw new IllegalArgumentException("its tensor " + TENSOR + " is damaged");
            }
            out.add(new Column(cells[0], Double.parseDouble(cells[1]), Double.parseDouble(cells[2]),
                    List.of(cells).subList(3, cells.length)));
        }
        return new StaticFeatures(List.copyOf(out));
    }

    @Override
    public String toString() {
        return String.join(", ", columns.stream().map(c -> c.name + (c.categories.isEmpty()
                ? " (a number)"
                : " (%d categories)".formatted(c.categories.size()))).toList());
    }
}
