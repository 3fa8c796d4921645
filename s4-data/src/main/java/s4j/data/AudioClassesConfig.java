package s4j.data;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * Recordings with a class each: a folder of wav files for every class ({@code dataset._name_: audio-classes}). A step is a sample.
 *
 * @param name {@code audio-classes}
 * @param path the folder that holds the classes' folders, or a zip archive of it
 * @param sampleRate all recordings are resampled to it; null: that of the first
 * @param sampleLen longest sequence; what a recording has beyond is left out; null: nothing is
 * @param valSplit fraction of the recordings kept for validation, of every class
 * @param testSplit fraction of the recordings kept for the test, of every class
 * @param seed of the splits
 * @param dataDir where path is looked for; null: S4_DATA or the cache, if it is not there as it is
 */
public record AudioClassesConfig(@Key("_name_") @Default("audio-classes") String name, @Nullable String path,
        @Range(min = 100, max = 1_000_000) @Nullable Integer sampleRate,
        @Range(min = 1, max = 1 << 28) @Nullable Integer sampleLen,
        @Default("0.1") @Range(min = 0, max = 0.9) double valSplit,
        @Default("0.1") @Range(min = 0.01, max = 0.9) double testSplit, @Default("42") long seed,
        @Nullable String dataDir) implements DatasetConfig {
    public static final AudioClassesConfig DEFAULTS = Defaults.of(AudioClassesConfig.class);

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        AudioClassesDataset found = AudioClassesDataset.load(this,
                Places.find(path, "a folder with a folder of wav files for each class", dataDir, System.getenv()));
        log.accept(found.found());
        return found;
    }
}
