package s4j.data.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import s4j.data.table.Cells;
import s4j.io.MalformedFileException;

/**
 * The archive's {@code .ts} format: lines {@code @key value} up to {@code @data}, then one line a series, channels separated by
 * colons, values by commas, {@code ?} for missing ones, the target last. Headers are believed where they say what a line means
 * ({@code @classLabel}, {@code @targetLabel}) and not where the lines themselves show it (dimensions, lengths).
 *
 * <p>Source: timeseriesclassification.com, "ts file format".
 */
final class TsFile {
    private final SourceLines lines;
    private @Nullable TargetKind kind;
    private List<String> classes = List.of();
    private int dimensions;

    private TsFile(SourceLines lines) { this.lines = lines; }

    static SeriesTable read(SourceLines lines) throws IOException { return new TsFile(lines).read(); }

    private SeriesTable read() throws IOException {
        header();
        List<Series> rows = new ArrayList<>();
        for (String line = lines.next(); line != null; line = lines.next()) {
            rows.add(series(line));
        }
        return SeriesTable.of(lines.name, ".ts", rows, SeriesTable.numbered(rows.isEmpty() ? 1 : dimensions), kind,
                classes);
    }

    private void header() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            if (line.charAt(0) != '@') {
                throw lines.refused("got '%s' before @data; expected lines of the header, @key value. Is it a .ts file?"
                        .formatted(line.length() > 40 ? line.substring(0, 40) + "…" : line));
            }
            String[] words = line.split("\\s+");
            boolean yes = words.length > 1 && words[1].equalsIgnoreCase("true");
            switch (words[0].toLowerCase(Locale.ROOT)) {
                case "@data" -> {
                    return;
                }
                case "@timestamps" -> {
                    if (yes) {
                        throw lines.refused("@timeStamps true: series with a time for each value are not read; expected"
                                + " values at equal steps. Resample them, or write long form with dataset.time");
                    }
                }
                case "@classlabel" -> {
                    if (yes) {
                        kind = TargetKind.CLASSES;
                        classes = Stream.of(words).skip(2).map(ClassNames::normal).toList();
                    }
                }
                case "@targetlabel" -> kind = yes ? TargetKind.VALUES : kind;
                default -> {
                    // facts that the lines show themselves
                }
            }
        }
        throw new MalformedFileException(lines.name + ": the file ends before @data; expected a header and series");
    }

    private Series series(String line) throws MalformedFileException {
        if (line.startsWith("(")) {
            throw lines.refused("got values with time stamps; expected values at equal steps, separated by commas");
        }
        List<String> parts = split(line, ':');
        String target = kind == null ? null : ClassNames.normal(parts.removeLast().strip());
        if (parts.isEmpty()) {
            throw lines.refused("got one part alone; expected channels and a target, separated by colons");
        }
        if (dimensions == 0) {
            dimensions = parts.size();
        }
        if (parts.size() != dimensions) {
            throw lines.refused("got %d channels; expected %d as in the first series".formatted(parts.size(),
                    dimensions));
        }
        if (kind == TargetKind.CLASSES && !classes.isEmpty() && !classes.contains(target)) {
            throw lines.refused("got class '%s'; expected one of the header's: %s".formatted(target,
                    String.join(" ", classes)));
        }
        if (kind == TargetKind.VALUES && (target == null || Cells.number(target, false) == null)) {
            throw lines.refused("target: got '%s'; expected a number".formatted(target));
        }
        return new Series(values(parts), dimensions, target, null, lines.place());
    }

    private float[] values(List<String> parts) throws MalformedFileException {
        float[] out = new float[0];
        int length = 0;
        for (int c = 0; c < parts.size(); c++) {
            List<String> cells = split(parts.get(c), ',');
            if (c == 0) {
                length = cells.size();
                out = new float[length * dimensions];
            }
            if (cells.size() != length) {
                throw lines
                        .refused(("channel %d: got %d values; expected %d as in channel 1. Channels of one series must"
                                + " have the same steps; write ? for missing values")
                                .formatted(c + 1, cells.size(), length));
            }
            for (int t = 0; t < length; t++) {
                out[t * dimensions + c] = lines.value(cells.get(t), "channel " + (c + 1) + ", value " + (t + 1));
            }
        }
        return out;
    }

    private static List<String> split(String text, char at) {
        List<String> out = new ArrayList<>();
        int from = 0;
        for (int i = text.indexOf(at); i >= 0; i = text.indexOf(at, from)) {
            out.add(text.substring(from, i));
            from = i + 1;
        }
        out.add(text.substring(from));
        return out;
    }
}
