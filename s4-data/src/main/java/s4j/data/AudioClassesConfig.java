package s4j.data;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import s4j.audio.Resampling;
import s4j.audio.SoundFeatures;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * Recordings with a class each: a folder of sound files for every class ({@code dataset._name_: audio-classes}).
 *
 * @param name {@code audio-classes}
 * @param path the folder that holds the classes' folders, or a zip archive of it
 * @param sampleRate all recordings are resampled to it; null: that of the first
 * @param sampleLen longest sequence; what a recording has beyond is left out; null: nothing is
 * @param pad whether shorter recordings get silence at their end, up to sample_len
 * @param features {@code raw}, {@code mfcc} or {@code log-mel}
 * @param resampling {@code bandlimited} or {@code decimate}
 * @param augment what is done to training recordings
 * @param split {@code random}, {@code speaker}, {@code lists}, or {@code official} as Speech Commands has it
 * @param speaker regular expression whose first group is the speaker in a file's name
 * @param valSplit fraction of the recordings (speakers) kept for validation
 * @param testSplit fraction of the recordings (speakers) kept for the test
 * @param seed of the splits
 * @param skipBroken goes on without recordings that cannot be read; else they are listed and nothing begins
 * @param dataDir where path is looked for; null: S4_DATA or the cache, if it is not there as it is
 */
public record AudioClassesConfig(@Key("_name_") @Default("audio-classes") String name, @Nullable String path,
        @Range(min = 100, max = 1_000_000) @Nullable Integer sampleRate,
        @Range(min = 1, max = 1 << 28) @Nullable Integer sampleLen, @Default("false") boolean pad,
        SoundFeatures features, @Default("bandlimited") Resampling resampling, AugmentConfig augment,
        @Default("random") ClipSplit split, @Default("^([^_]+)_") String speaker,
        @Default("0.1") @Range(min = 0, max = 0.9) double valSplit,
        @Default("0.1") @Range(min = 0.01, max = 0.9) double testSplit, @Default("42") long seed,
        @Default("false") boolean skipBroken, @Nullable String dataDir) implements DatasetConfig {
    public static final AudioClassesConfig DEFAULTS = Defaults.of(AudioClassesConfig.class);

    /** Checks pattern and form. */
    public AudioClassesConfig {
        pattern(speaker);
        new ClipForm(sampleRate, resampling, sampleLen, pad, features, augment, skipBroken);
    }

    private static Pattern pattern(String speaker) {
        try {
            return Pattern.compile(speaker);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("speaker: got " + speaker + "; expected a regular expression", e);
        }
    }

    ClipForm form() { return new ClipForm(sampleRate, resampling, sampleLen, pad, features, augment, skipBroken); }

    Pattern speakers() { return pattern(speaker); }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        return AudioClasses.load(this,
                Places.find(path, "a folder with a folder of sound files for each class", dataDir, System.getenv()),
                log);
    }
}
