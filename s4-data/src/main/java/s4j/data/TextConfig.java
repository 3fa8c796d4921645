package s4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * Any UTF-8 text, for predicting the next character, byte or word ({@code dataset._name_: text}). A folder with files named
 * {@code *train*}, {@code *valid*} (or {@code *val*}) and {@code *test*}, each as a word of its own, has its splits; any other text is read as a whole, its last tokens are
 * those of the test, before them those of validation.
 *
 * @param name {@code text}
 * @param path a file, or a folder whose files, in the order of their names, are read; plain or {@code .gz}
 * @param level {@code characters}: the tokens are the characters that occur (and the line feed); {@code bytes}: there are 256;
 *     {@code bpe}: bytes that often stand together are joined, learned from the text; {@code words}: what stands between blanks, and a line's end
 * @param vocabSize of bpe: how many tokens at most
 * @param minCount of words: how often one must occur in the training text, else it is {@code <unk>}
 * @param maxWords of words: how many of the most frequent are kept
 * @param sampleLen tokens of a sequence
 * @param valSplit share of the tokens, before the test's, kept for validation
 * @param valBlocks in how many blocks, one at the end of each of as many equal parts of the text before the test's; one block
 *     tells little where a text changes its subject
 * @param testSplit share of the tokens, the last ones, kept for the test
 * @param malformed what happens to bytes that are not UTF-8
 * @param dataDir where path is looked for; null: S4_DATA or the cache, if it is not there as it is
 */
public record TextConfig(@Key("_name_") @Default("text") String name, @Nullable String path,
        @Default("characters") Level level,
        @Default("4096") @Range(min = 256, max = 65536) int vocabSize,
        @Default("1") @Range(min = 1, max = 1_000_000) int minCount,
        @Default("1000000") @Range(min = 1, max = 10_000_000) int maxWords,
        @Default("256") @Range(min = 2, max = 1 << 24) int sampleLen,
        @Default("0.05") @Range(min = 0, max = 0.5) double valSplit,
        @Default("1") @Range(min = 1, max = 10_000) int valBlocks,
        @Default("0.05") @Range(min = 0.001, max = 0.5) double testSplit, @Default("refuse") Malformed malformed,
        @Nullable String dataDir) implements DatasetConfig {
    public static final TextConfig DEFAULTS = Defaults.of(TextConfig.class);

    /** What a token is. */
    public enum Level {
        CHARACTERS, BYTES, BPE, WORDS
    }

    /** What happens to bytes that are not UTF-8: an error that names the first, or U+FFFD in their place. */
    public enum Malformed {
        REFUSE, REPLACE
    }

    /** Text at a level. */
    static TextCoder coder(Level level, int minCount, int maxWords, int vocabSize) {
        return switch (level) {
            case CHARACTERS -> new TextCoder.Characters();
            case BYTES -> new TextCoder.Bytes();
            case BPE -> new TextCoder.Joined(vocabSize);
            case WORDS -> new TextCoder.Words(minCount, maxWords);
        };
    }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        Path place = Places.find(path, "a text file or a folder of them", dataDir, System.getenv());
        TextDataset found = TextDataset.read(parts(TextFiles.at(place)), place,
                new TextDataset.Form("text", coder(level, minCount, maxWords, vocabSize), sampleLen,
                        new TextDataset.Shares(valSplit, valBlocks, testSplit), malformed == Malformed.REPLACE));
        log.accept(found.found());
        return found;
    }

    private static TextDataset.Parts parts(List<Path> files) {
        List<Path> train = named(files, "train(ing|set)?");
        List<Path> validation = named(files, "val(id|idation|set)?");
        List<Path> test = named(files, "test(ing|set)?");
        return train.isEmpty() || test.isEmpty()
                ? new TextDataset.Parts(files, List.of(), List.of())
                : new TextDataset.Parts(train, validation, test);
    }

    private static List<Path> named(List<Path> files, String word) {
        Pattern whole = Pattern.compile("(^|[^A-Za-z])" + word + "([^A-Za-z]|$)");
        return files.stream().filter(f -> whole.matcher(f.getFileName().toString()).find()).toList();
    }
}
