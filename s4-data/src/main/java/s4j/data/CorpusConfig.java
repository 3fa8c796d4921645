package s4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * The texts on which language models are compared, each with its splits and its rule for what a token is ({@code dataset._name_:
 * corpus}). Nothing is fetched: the message says which files are looked for, and where.
 *
 * @param name {@code corpus}
 * @param corpus which
 * @param sampleLen tokens of a sequence
 * @param valSplit of a text without splits: share of the tokens before the test's that is kept for validation
 * @param valBlocks in how many blocks, one at the end of each of as many equal parts of the text before the test's
 * @param dataDir a directory with the files; null: the usual places
 */
public record CorpusConfig(@Key("_name_") @Default("corpus") String name, @Default("shakespeare") Which corpus,
        @Default("256") @Range(min = 2, max = 1 << 24) int sampleLen,
        @Default("0.05") @Range(min = 0, max = 0.5) double valSplit,
        @Default("1") @Range(min = 1, max = 10_000) int valBlocks, @Nullable String dataDir)
        implements
            DatasetConfig {
    public static final CorpusConfig DEFAULTS = Defaults.of(CorpusConfig.class);

    /** The corpora. */
    public enum Which {
        /** Tiny Shakespeare: 1,115,394 characters of 65, the last 10 % for the test. */
        SHAKESPEARE(TextConfig.Level.CHARACTERS, 0.1, "text|shakespeare|tinyshakespeare",
                "tinyshakespeare.txt|input.txt"),
        /** WikiText-2 (Merity et al. 2016): words, 33,278 different ones. */
        WT2(TextConfig.Level.WORDS, 0, "wt2|wikitext-2|text", "wiki.*.tokens|wikitext-2.*.tokens|*.txt"),
        /** WikiText-103: words, 267,735 different ones. */
        WT103(TextConfig.Level.WORDS, 0, "wt103|wikitext-103|text", "wiki.*.tokens|wikitext-103.*.tokens|*.txt"),
        /** Penn Treebank as Mikolov et al. (2010) prepared it: words, 10,000 different ones. */
        PTB(TextConfig.Level.WORDS, 0, "ptb|penn|text", "ptb.*.txt|*.txt"),
        /** The first 10⁸ bytes of Wikipedia's dump of 2006, the last 5 % for the test, 5 % before for validation. */
        ENWIK8(TextConfig.Level.BYTES, 0.05, "enwik8|text", "enwik8"),
        /** The same cleaned to letters and blanks. */
        TEXT8(TextConfig.Level.CHARACTERS, 0.05, "text8|text", "text8");

        private final TextConfig.Level level;
        private final double test;
        private final String folders;
        private final String files;

        /** Folders and files are tried in order, with {@code *} for train, valid and test. */
        Which(TextConfig.Level level, double test, String folders, String files) {
            this.level = level;
            this.test = test;
            this.folders = folders;
            this.files = files;
        }

        private List<String> folders() { return List.of(folders.split("\\|", -1)); }

        private List<String> files() { return List.of(files.split("\\|", -1)); }
    }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        List<Path> directories = new ArrayList<>();
        if (dataDir != null) {
            directories.add(Path.of(dataDir));
        }
        directories.addAll(DataPlaces.directories(System.getenv()));
        TextDataset found = read(directories);
        log.accept(found.found());
        return found;
    }

    TextDataset read(List<Path> directories) throws IOException {
        for (Path directory : directories) {
            for (String folder : withItself(corpus.folders())) {
                Path at = directory.resolve(folder);
                for (String file : corpus.files()) {
                    TextDataset.Parts parts = parts(at, file);
                    if (parts != null) {
                        return TextDataset.read(parts, at, new TextDataset.Form(word(),
                                TextConfig.coder(corpus.level, 1, Integer.MAX_VALUE, 256), sampleLen,
                                new TextDataset.Shares(validation(), valBlocks, corpus.test), false));
                    }
                }
            }
        }
        throw new ConfigException(
                "dataset.corpus: %s is nowhere to be found; expected %s, plain or as .gz, in a folder %s. Looked in %s"
                        .formatted(word(), String.join(" or ", corpus.files()).replace("*", "{train,valid,test}"),
                                String.join(" or ", corpus.folders()),
                                String.join(", ", directories.stream().map(Path::toString).toList())));
    }

    private String word() { return corpus.name().toLowerCase(java.util.Locale.ROOT); }

    /** Published shares; of Shakespeare, which has no validation split, the configured one. */
    private double validation() {
        return corpus == Which.SHAKESPEARE ? valSplit : corpus.test;
    }

    private static List<String> withItself(List<String> folders) {
        List<String> out = new ArrayList<>(folders);
        out.add("");
        return out;
    }

    private static TextDataset.@Nullable Parts parts(Path at, String pattern) {
        if (!pattern.contains("*")) {
            Path file = file(at, pattern);
            return file == null ? null : new TextDataset.Parts(List.of(file), List.of(), List.of());
        }
        Map<String, @Nullable Path> found = new java.util.HashMap<>();
        for (String split : List.of("train", "valid", "test")) {
            found.put(split, file(at, pattern.replace("*", split)));
        }
        Path train = found.get("train");
        Path valid = found.get("valid");
        Path test = found.get("test");
        return train == null || valid == null || test == null
                ? null
                : new TextDataset.Parts(List.of(train), List.of(valid), List.of(test));
    }

    private static @Nullable Path file(Path at, String name) {
        for (String suffix : List.of("", ".gz")) {
            Path file = at.resolve(name + suffix);
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        return null;
    }
}
