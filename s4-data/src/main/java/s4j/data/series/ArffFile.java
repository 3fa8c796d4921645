package s4j.data.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.data.table.Cells;
import s4j.io.MalformedFileException;

/**
 * Weka's {@code .arff} as the archive writes it: a column a step for one channel; or one relational attribute, whose value has a
 * line (ended by the two characters {@code \n}) a channel. The target is the last attribute, or dataset.target: one with a list
 * of values makes classes. Missing values at a series' end, which fill tables of equal width up, are no part of it.
 *
 * <p>Source: Weka manual, "ARFF (stable version)".
 */
final class ArffFile {
    private final SourceLines lines;
    private final List<Attribute> attributes = new ArrayList<>();

    /** A column; {@code values} is null unless they are listed. */
    private record Attribute(String name, boolean relational, @Nullable List<String> values) {}

    private ArffFile(SourceLines lines) { this.lines = lines; }

    static SeriesTable read(SourceLines lines, SeriesOptions options) throws IOException {
        return new ArffFile(lines).read(options);
    }

    private SeriesTable read(SeriesOptions options) throws IOException {
        header();
        List<String> names = attributes.stream().map(Attribute::name).toList();
        int target = options.target() == null ? attributes.size() - 1 : names.indexOf(options.target());
        if (target < 0) {
            throw new ConfigException("dataset.target: got %s; expected an attribute of %s, e.g. %s".formatted(
                    options.target(), lines.name, names.isEmpty() ? "which has none" : names.getLast()));
        }
        if (attributes.get(target).relational()) {
            throw new ConfigException("dataset.target: got %s, which holds series (%s); expected another attribute"
                    .formatted(names.get(target), lines.name));
        }
        List<String> classes = attributes.get(target).values();
        List<Series> rows = new ArrayList<>();
        for (String line = lines.next(); line != null; line = lines.next()) {
            rows.add(series(cells(line), target, options.labelled()));
        }
        return SeriesTable.of(lines.name, ".arff", rows,
                SeriesTable.numbered(rows.isEmpty() ? 1 : rows.getFirst().channels()),
                classes == null ? null : TargetKind.CLASSES, classes == null ? List.of() : classes);
    }

    private void header() throws IOException {
        boolean inside = false;
        for (String line = lines.next(); line != null; line = lines.next()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("@data")) {
                return;
            }
            if (lower.startsWith("@end")) {
                inside = false;
            } else if (lower.startsWith("@attribute") && !inside) {
                Attribute found = attribute(line.substring("@attribute".length()).strip());
                attributes.add(found);
                inside = found.relational();
            } else if (!lower.startsWith("@")) {
                throw lines.refused("got '%s' before @data; expected lines of the header".formatted(line));
            }
        }
        throw new MalformedFileException(lines.name + ": the file ends before @data; expected a header and series");
    }

    private Attribute attribute(String text) throws MalformedFileException {
        char quote = text.isEmpty() ? ' ' : text.charAt(0);
        boolean quoted = quote == '\'' || quote == '"';
        int end = quoted ? text.indexOf(quote, 1) + 1 : text.split("[\\s{]", 2)[0].length();
        String name = quoted && end > 1 ? text.substring(1, end - 1) : text.substring(0, end);
        String type = text.substring(end).strip();
        if (type.startsWith("{") && type.endsWith("}")) {
            List<String> values = cells(type.substring(1, type.length() - 1)).stream().map(ClassNames::normal).toList();
            return new Attribute(name, false, values);
        }
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "numeric", "real", "integer" -> new Attribute(name, false, null);
            case "relational" -> new Attribute(name, true, null);
            default -> throw lines.refused("attribute %s has type '%s'; expected numeric, relational or {values}"
                    .formatted(name, type));
        };
    }

    private Series series(List<String> cells, int target, boolean labelled) throws MalformedFileException {
        if (cells.getFirst().startsWith("{")) {
            throw lines.refused("got a sparse row; expected all values, separated by commas");
        }
        if (cells.size() != attributes.size()) {
            throw lines.refused("got %d values; expected %d, one for each attribute".formatted(cells.size(),
                    attributes.size()));
        }
        String label = ClassNames.normal(cells.get(target));
        List<String> classes = attributes.get(target).values();
        boolean missing = Cells.missing(label) && (classes == null || !classes.contains(label));
        if (missing && labelled) {
            throw lines.refused("attribute %s: the target is missing; expected one for every series"
                    .formatted(attributes.get(target).name()));
        }
        if (classes != null && !missing && !classes.contains(label)) {
            throw lines.refused("attribute %s: got '%s'; expected one of %s".formatted(attributes.get(target).name(),
                    label, String.join(", ", classes)));
        }
        int relation = relation();
        String[] rows = relation < 0 ? new String[0] : cells.get(relation).split("\\\\n|\n", -1);
        float[] values = relation < 0 ? plain(cells, target) : relational(rows);
        int channels = Math.max(1, rows.length);
        if (values.length == 0) {
            throw lines.refused("got a class alone; expected values beside it");
        }
        return new Series(values, channels, missing ? null : label, null, lines.place()).trimmed();
    }

    private int relation() {
        for (int a = 0; a < attributes.size(); a++) {
            if (attributes.get(a).relational()) {
                return a;
            }
        }
        return -1;
    }

    private float[] plain(List<String> cells, int target) throws MalformedFileException {
        float[] out = new float[cells.size() - 1];
        for (int a = 0, t = 0; a < cells.size(); a++) {
            if (a != target) {
                out[t++] = lines.value(cells.get(a), "attribute " + attributes.get(a).name());
            }
        }
        return out;
    }

    private float[] relational(String[] rows) throws MalformedFileException {
        float[] out = new float[0];
        for (int c = 0; c < rows.length; c++) {
            String[] cells = rows[c].split(",", -1);
            if (c == 0) {
                out = new float[rows.length * cells.length];
            }
            if (cells.length != out.length / rows.length) {
                throw lines.refused("channel %d: got %d values; expected %d as in channel 1".formatted(c + 1,
                        cells.length, out.length / rows.length));
            }
            for (int t = 0; t < cells.length; t++) {
                out[t * rows.length + c] = lines.value(cells[t], "channel " + (c + 1) + ", value " + (t + 1));
            }
        }
        return out;
    }

    /** The parts between commas that stand in no quotes, without quotes and blanks around them. */
    private static List<String> cells(String line) {
        List<String> out = new ArrayList<>();
        char quote = 0;
        int from = 0;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : ',';
            if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else if (c == ',' && (quote == 0 || i == line.length())) {
                String cell = line.substring(from, i).strip();
                boolean quoted = cell.length() > 1 && (cell.charAt(0) == '\'' || cell.charAt(0) == '"');
                out.add(quoted ? cell.substring(1, cell.length() - 1) : cell);
                from = i + 1;
            }
        }
        return out;
    }
}
