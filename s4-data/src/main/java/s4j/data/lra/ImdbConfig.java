package s4j.data.lra;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;
import s4j.data.DataPlaces;
import s4j.data.Dataset;
import s4j.data.DatasetConfig;
import s4j.data.lra.TokenClasses.Example;
import s4j.data.lra.TokenClasses.Examples;
import s4j.generate.Vocabulary;
import s4j.io.MalformedFileException;
import s4j.math.SplitMix64;
import s4j.data.table.Unpacked;

/**
 * Reviews of films, good or bad, as bytes of UTF-8 ({@code dataset._name_: imdb}; Maas et al. 2011): the task Text of the Long Range
 * Arena. 25,000 to train on and 25,000 for the test, from {@code imdb-train.tsv} and {@code imdb-test.tsv} with the columns label and
 * text, plain or {@code .gz}.
 *
 * @param name {@code imdb}
 * @param lMax bytes of a review; longer ones are cut
 * @param keep what stays of longer ones; the Long Range Arena keeps the first bytes, a verdict often stands in the last
 * @param valSplit share of the training reviews kept for validation; the Long Range Arena chose by the test split
 * @param seed of that split
 * @param dataDir a directory with the files; null: the usual places
 */
public record ImdbConfig(@Key("_name_") @Default("imdb") String name,
        @Default("4096") @Range(min = 1, max = 1 << 20) int lMax, @Default("first") Part keep,
        @Default("0.1") @Range(min = 0, max = 0.9) double valSplit, @Default("42") long seed,
        @Nullable String dataDir) implements DatasetConfig {
    public static final ImdbConfig DEFAULTS = Defaults.of(ImdbConfig.class);

    /** The beginning or the end. */
    public enum Part {
        FIRST, LAST
    }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        List<Path> directories = new ArrayList<>();
        if (dataDir != null) {
            directories.add(Path.of(dataDir));
        }
        directories.addAll(DataPlaces.directories(System.getenv()));
        Path trainFile = find(directories, "imdb-train.tsv");
        Path testFile = find(directories, "imdb-test.tsv");
        List<Example> all = read(trainFile);
        List<Example> test = read(testFile);
        int[] order = SplitMix64.of(seed, "imdb", 0).permutation(all.size());
        int kept = (int) Math.round(all.size() * valSplit);
        List<Example> validation = Arrays.stream(order).limit(kept).sorted().mapToObj(all::get).toList();
        List<Example> train = Arrays.stream(order).skip(kept).sorted().mapToObj(all::get).toList();
        log.accept("IMDB: %,d training, %,d validation, %,d test reviews of up to %,d bytes%s".formatted(train.size(),
                validation.size(), test.size(), lMax, keep == Part.LAST ? ", their last ones" : ""));
        List<byte[]> bytes = new ArrayList<>();
        all.forEach(e -> bytes.add(e.bytes()));
        test.forEach(e -> bytes.add(e.bytes()));
        Examples trained = new Examples(train);
        Examples validated = new Examples(validation);
        Examples tested = new Examples(test);
        int longest = Math.max(trained.longest(), Math.max(validated.longest(), tested.longest()));
        return new TokenClasses("imdb", 256, Vocabulary.bytes(), longest, List.of("negative", "positive"), trained,
                validated, tested,
                Hashes.of(bytes), Map.of("Read from", trainFile.toString()));
    }

    private static Path find(List<Path> directories, String name) {
        for (Path directory : directories) {
            for (String folder : List.of("imdb", "")) {
                for (String suffix : List.of("", ".gz")) {
                    Path file = directory.resolve(folder).resolve(name + suffix);
                    if (Files.isRegularFile(file)) {
                        return file;
                    }
                }
            }
        }
        throw new ConfigException(
                "dataset imdb: no file %s, plain or as .gz; expected one with the columns label and text. Looked in %s"
                        .formatted(name, String.join(", ", directories.stream().map(Path::toString).toList())));
    }

    private List<Example> read(Path file) throws IOException {
        List<Example> out = new ArrayList<>();
        try (InputStream plain = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? Unpacked.gzip(plain, file.toString()) : plain;
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String header = lines.readLine();
            List<String> columns = List.of((header == null ? "" : header).split("\t", -1));
            int label = columns.indexOf("label");
            int text = columns.indexOf("text");
            if (label < 0 || text < 0) {
                throw new MalformedFileException(
                        file + ", line 1: got the columns " + columns + "; expected label and text among them");
            }
            int line = 1;
            for (String row = lines.readLine(); row != null; row = lines.readLine()) {
                line++;
                String[] cells = row.split("\t", -1);
                int of = cells.length == columns.size()
                        ? List.of("0", "neg", "negative").contains(cells[label])
                                ? 0
                                : List.of("1", "pos", "positive").contains(cells[label]) ? 1 : -1
                        : -1;
                if (of < 0 || cells[text].isEmpty()) {
                    throw new MalformedFileException(file + ", line " + line + ": got " + cells.length
                            + " cells; expected " + columns.size() + " with a label 0 or 1 and a text");
                }
                byte[] bytes = cells[text].getBytes(StandardCharsets.UTF_8);
                int from = keep == Part.FIRST ? 0 : Math.max(0, bytes.length - lMax);
                out.add(new Example(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + lMax)), of));
            }
        }
        return out;
    }
}
