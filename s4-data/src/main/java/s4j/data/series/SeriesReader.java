package s4j.data.series;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import s4j.data.table.Table;
import s4j.data.table.Unpacked;
import s4j.io.InputFile;
import s4j.io.MalformedFileException;

/** Series from a file of any format, told by the end of its name; gzipped or not. */
public final class SeriesReader {
    /** Ends of names that are read, without {@code .gz}. */
    public static final List<String> ENDS = List.of(".ts", ".arff", ".npz", ".tsv", ".csv", ".txt");

    /**
     * Reads a file.
     *
     * @throws MalformedFileException when it is not what its format says; the message has file and line
     * @throws s4j.config.ConfigException when the options do not fit to it
     */
    public static SeriesTable read(Path file, SeriesOptions options) throws IOException {
        String name = plain(file.getFileName().toString());
        if (name.endsWith(".npz")) {
            return NpzSeries.read(file);
        }
        if (name.endsWith(".ts") || name.endsWith(".arff")) {
            try (InputStream in = InputFile.open(file);
                    BufferedReader lines = new BufferedReader(
                            new InputStreamReader(Unpacked.of(in, file.toString()), StandardCharsets.UTF_8))) {
                SourceLines source = new SourceLines(file.toString(), lines);
                return name.endsWith(".ts") ? TsFile.read(source) : ArffFile.read(source, options);
            }
        }
        if (ENDS.stream().noneMatch(name::endsWith)) {
            throw new MalformedFileException(
                    "%s: the format is told by the end of the name; expected one of %s, gzipped or"
                            .formatted(file, String.join(" ", ENDS)) + " not");
        }
        try (Table table = Table.csv(file, options.delimiter())) {
            return read(table, options);
        }
    }

    /** Reads a table: one row a series, or, with a time column, one row a step. */
    public static SeriesTable read(Table table, SeriesOptions options) throws IOException {
        return options.longForm() ? LongForm.read(table, options) : WideForm.read(table, options);
    }

    /** A file's name in lower case without {@code .gz}. */
    static String plain(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".gz") ? lower.substring(0, lower.length() - 3) : lower;
    }

    private SeriesReader() {}
}
