package s4j.data;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * Any UTF-8 text, for predicting the next character or byte ({@code dataset._name_: text}).
 *
 * @param name {@code text}
 * @param path a file, or a folder whose files, in the order of their names, are read
 * @param level {@code characters}: the tokens are the characters that occur (and the line feed); or {@code bytes}: there are 256
 * @param sampleLen tokens of a sequence; what is left at a file's end makes a shorter one
 * @param valSplit fraction of the sequences, before the test's, kept for validation
 * @param testSplit fraction of the sequences, the last ones, kept for the test
 * @param dataDir where path is looked for; null: S4_DATA or the cache, if it is not there as it is
 */
public record TextConfig(@Key("_name_") @Default("text") String name, @Nullable String path,
        @Default("characters") Level level, @Default("256") @Range(min = 2, max = 1 << 24) int sampleLen,
        @Default("0.05") @Range(min = 0, max = 0.5) double valSplit,
        @Default("0.05") @Range(min = 0.001, max = 0.5) double testSplit,
        @Nullable String dataDir) implements DatasetConfig {
    public static final TextConfig DEFAULTS = Defaults.of(TextConfig.class);

    /** What a token is. */
    public enum Level {
        CHARACTERS, BYTES
    }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        TextDataset found = TextDataset.load(this,
                Places.find(path, "a text file or a folder of them", dataDir, System.getenv()));
        log.accept(found.found());
        return found;
    }
}
