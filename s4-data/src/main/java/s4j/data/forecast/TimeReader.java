package s4j.data.forecast;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import s4j.data.table.Table;
import s4j.data.table.Unpacked;
import s4j.io.InputFile;
import s4j.io.MalformedFileException;

/**
 * Reads time tables: separated values or .tsf of the Monash archive, gzipped or not, a file in a zip ({@code a.zip/b.tsf}), or a
 * query.
 */
public final class TimeReader {
    /** A path into a zip. */
    private static final String INSIDE = ".zip/";

    private TimeReader() {}

    /** Whether there is a file, or a zip with one. */
    public static boolean there(Path path) {
        Path zip = zip(path);
        return Files.isRegularFile(zip == null ? path : zip);
    }

    private static @Nullable Path zip(Path path) {
        String text = path.toString().replace('\\', '/');
        int at = text.indexOf(INSIDE);
        return at < 0 ? null : Path.of(text.substring(0, at + INSIDE.length() - 1));
    }

    /**
     * Reads a file.
     *
     * @throws MalformedFileException when it is not what its format says; the message has file and line
     */
    public static TimeTable read(Path file, TimeOptions options) throws IOException {
        try {
            return opened(file, options);
        } catch (ZipException | EOFException e) {
            throw new MalformedFileException(file + ": its compression is damaged: " + e.getMessage()
                    + ". Copy the file again", e);
        }
    }

    private static TimeTable opened(Path file, TimeOptions options) throws IOException {
        Path zip = zip(file);
        if (zip == null) {
            try (InputStream in = InputFile.open(file)) {
                return read(in, file.toString(), options);
            }
        }
        try (ZipFile all = new ZipFile(zip.toFile())) {
            String name = zip.relativize(file).toString().replace('\\', '/');
            ZipEntry entry = all.getEntry(name);
            if (entry == null) {
                throw new MalformedFileException("%s: no file %s in it; expected one of %s".formatted(zip, name,
                        String.join(", ", all.stream().limit(40).map(ZipEntry::getName).toList())));
            }
            try (InputStream in = all.getInputStream(entry)) {
                return read(in, file.toString(), options);
            }
        }
    }

    private static TimeTable read(InputStream in, String name, TimeOptions options) throws IOException {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".tsf") || lower.endsWith(".tsf.gz")) {
            return TsfFile.read(name, new BufferedReader(new InputStreamReader(Unpacked.of(in, name),
                    StandardCharsets.UTF_8)), options);
        }
        try (Table table = Table.csv(in, name, options.delimiter())) {
            return read(table, options);
        }
    }

    /** Reads a table, wide or long. */
    public static TimeTable read(Table table, TimeOptions options) throws IOException {
        if (!table.next()) {
            throw new MalformedFileException(table.name() + ": no rows; expected one a step");
        }
        TimeColumns columns = TimeColumns.of(table, options);
        columns.refuseRowAsHeader(table);
        int[] at = columns.values();
        StampRows stamps = new StampRows(options.zone() != null);
        Map<String, TimeRows> series = new LinkedHashMap<>();
        float[] row = new float[at.length];
        do {
            for (int c = 0; c < at.length; c++) {
                row[c] = value(table, at[c], options);
            }
            String id = columns.id(table);
            TimeRows rows = series.computeIfAbsent(id, i -> new TimeRows(i, at.length));
            if (!columns.statics().isEmpty()) {
                rows.fixed(columns.fixed(table), options.statics(), table.place());
            }
            rows.add(columns.time() < 0 ? stamps.position(rows.size()) : code(table, columns.time(), stamps), row);
        } while (table.next());
        List<String> names = table.columns().stream().map(Table.Column::name).toList();
        return table(table.name(), columns, names, stamps.texts(), List.copyOf(series.values()), options);
    }

    private static int code(Table table, int column, StampRows stamps) throws IOException {
        String text = table.text(column);
        String name = table.columns().get(column).name();
        if (text == null) {
            throw new MalformedFileException(table.place() + ", column " + name
                    + ": the time is missing; expected one in every row");
        }
        return stamps.code(text, table.place(), name);
    }

    /** A cell; a column that nobody named may also be left out. */
    private static float value(Table table, int column, TimeOptions options) throws IOException {
        try {
            return table.single(column);
        } catch (MalformedFileException e) {
            throw options.targets().isEmpty()
                    ? new MalformedFileException(e.getMessage()
                            + ". Mend it, or name the columns to forecast: dataset.target=COLUMN", e)
                    : e;
        }
    }

    private static TimeTable table(String name, TimeColumns columns, List<String> names, List<String> texts,
            List<TimeRows> series, TimeOptions o) throws MalformedFileException {
        String where = name + (columns.time() < 0 ? "" : ", column " + names.get(columns.time()));
        DayOrder order = DayOrder.of(texts, where, o.dayFirst());
        Spelling spelling = columns.time() < 0 ? Spelling.POSITION : Spelling.of(texts, order.dayFirst(), where);
        List<Stamp> stamps = new ArrayList<>();
        for (String t : texts) {
            stamps.add(spelling.parse(t, where));
        }
        TimeRows.Repairs repairs = new TimeRows.Repairs();
        for (TimeRows rows : series) {
            rows.place(stamps, o.zone(), repairs);
        }
        Frequency f = o.frequency() != null
                ? o.frequency()
                : frequency(series, spelling.form() == StampForm.INTEGER, name);
        List<TimeSeries> out = new ArrayList<>();
        for (TimeRows rows : series) {
            out.add(rows.series(f, spelling, o, repairs));
        }
        if (o.duplicates() == TimeOptions.Duplicates.FEW && 2 * repairs.duplicates >= repairs.rows
                && repairs.duplicates > 1) {
            List<String> others = names.stream().filter(n -> !n.isEmpty() && names.indexOf(n) != columns.time()
                    && names.indexOf(n) != columns.id() && !columns.targets().contains(names.indexOf(n))).toList();
            throw new MalformedFileException(
                    "%s: %,d of %,d rows have the stamp of one before them; expected each once in a series. Are these several"
                            .formatted(where, repairs.duplicates, repairs.rows)
                            + " series? Name the column that tells them"
                            + " apart, dataset.id=COLUMN" + (others.isEmpty() ? "" : ", one of " + others)
                            + "; else dataset.duplicates=mean");
        }
        return new TimeTable(name, columns.id() < 0 ? "wide" : "long", named(columns.targets(), names),
                named(columns.past(), names), named(columns.future(), names), List.copyOf(out),
                repairs.said(o, order.note()));
    }

    private static List<String> named(List<Integer> columns, List<String> names) {
        return columns.stream().map(names::get).toList();
    }

    /** The one of most rows; of irregular stamps the usual one nearest to their distance. */
    private static Frequency frequency(List<TimeRows> series, boolean whole, String name)
            throws MalformedFileException {
        Map<Frequency, Integer> rows = new LinkedHashMap<>();
        TimeRows longest = series.getFirst();
        for (TimeRows s : series) {
            Frequency f = s.frequency(whole);
            if (f != null) {
                rows.merge(f, s.size(), Integer::sum);
            }
            longest = s.size() > longest.size() ? s : longest;
        }
        if (!rows.isEmpty()) {
            return rows.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
        }
        if (longest.size() < 2 || longest.still()) {
            throw new MalformedFileException(name + ": " + (longest.size() < 2 ? "one row" : "rows of one time alone")
                    + "; a frequency needs two. Write dataset.freq, e.g."
                    + " dataset.freq=D");
        }
        return whole ? new Frequency(Frequency.Unit.STEPS, 1) : longest.usual();
    }
}
