package s4j.data;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.audio.Resampling;
import s4j.audio.SoundFeatures;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * Which digit is spoken ({@code dataset._name_: fsdd-classes}): the Free Spoken Digit Dataset, 3,000 recordings of ten digits by
 * six speakers, 8 kHz. The recordings 0 to 4 of each digit and speaker are the test split, as its authors have it, or all of some
 * speakers are.
 *
 * @param name {@code fsdd-classes}
 * @param testSpeakers whose recordings are the test split, and no others; none: the official split
 * @param valSpeakers whose recordings are for validation, and no others; none: drawn
 * @param sampleRate all recordings are resampled to it; null: 8,000 Hz as they are
 * @param sampleLen longest sequence; what a recording has beyond is left out; null: nothing is
 * @param pad whether shorter recordings get silence at their end, up to sample_len
 * @param features {@code raw}, {@code mfcc} or {@code log-mel}
 * @param resampling {@code bandlimited} or {@code decimate}
 * @param augment what is done to training recordings
 * @param valSplit fraction of the recordings that are not tested kept for validation, of every digit and speaker
 * @param seed of that split
 * @param skipBroken goes on without recordings that cannot be read; else they are listed and nothing begins
 * @param dataDir a directory with {@code recordings/} or {@code recordings.zip}; null: the usual places
 */
public record FsddClassesConfig(@Key("_name_") @Default("fsdd-classes") String name,
        @Default("[]") List<String> testSpeakers, @Default("[]") List<String> valSpeakers,
        @Range(min = 100, max = 1_000_000) @Nullable Integer sampleRate,
        @Default("8000") @Range(min = 1, max = 1 << 28) @Nullable Integer sampleLen, @Default("false") boolean pad,
        SoundFeatures features, @Default("bandlimited") Resampling resampling, AugmentConfig augment,
        @Default("0.1") @Range(min = 0, max = 0.9) double valSplit, @Default("42") long seed,
        @Default("false") boolean skipBroken, @Nullable String dataDir) implements DatasetConfig {
    public static final FsddClassesConfig DEFAULTS = Defaults.of(FsddClassesConfig.class);

    /** Checks the form. */
    public FsddClassesConfig {
        testSpeakers = List.copyOf(testSpeakers);
        valSpeakers = List.copyOf(valSpeakers);
        new ClipForm(sampleRate, resampling, sampleLen, pad, features, augment, skipBroken);
    }

    ClipForm form() { return new ClipForm(sampleRate, resampling, sampleLen, pad, features, augment, skipBroken); }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        return FsddClasses.load(this, AudioPlaces.usual("fsdd", dataDir, System.getenv()), FsddArchive.CANONICAL, log);
    }
}
