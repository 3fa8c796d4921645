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
 * Speech Commands ({@code dataset._name_: sc}), or any recordings laid out like it: {@code WORD/SPEAKER_nohash_N.wav}, in a folder or
 * a zip archive, the official lists beside it or not.
 *
 * @param name {@code sc}
 * @param path the folder or archive; null: the usual places, else version 0.02 is fetched
 * @param classes words in order; {@code sc10}, {@code sc35} or {@code sc12} (ten words, {@code _unknown_}, {@code _silence_}); none:
 *     every word there is. {@code _unknown_} is all other words, {@code _silence_} pieces of {@code _background_noise_}
 * @param sampleRate all recordings are resampled to it
 * @param sampleLen samples of a sequence, what is beyond is left out; null: a second
 * @param pad whether shorter recordings get silence at their end
 * @param features {@code raw}, {@code mfcc} or {@code log-mel}
 * @param resampling {@code bandlimited} or {@code decimate}
 * @param augment what is done to training recordings
 * @param split {@code official}, {@code lists}, {@code speaker} or {@code random}
 * @param valSplit with split speaker or random: fraction kept for validation
 * @param testSplit with split speaker or random: fraction kept for the test
 * @param unknown recordings of {@code _unknown_} in percent of those of the words, of each split
 * @param silence the same of {@code _silence_}
 * @param seed of what is drawn
 * @param skipBroken goes on without recordings that cannot be read; else they are listed and nothing begins
 * @param dataDir a directory with the folders or archive; null: the usual places
 */
public record ScConfig(@Key("_name_") @Default("sc") String name, @Nullable String path,
        @Default("[]") List<String> classes, @Default("16000") @Range(min = 100, max = 1_000_000) int sampleRate,
        @Range(min = 1, max = 1 << 28) @Nullable Integer sampleLen, @Default("true") boolean pad,
        SoundFeatures features, @Default("bandlimited") Resampling resampling, AugmentConfig augment,
        @Default("official") ClipSplit split, @Default("0.1") @Range(min = 0, max = 0.9) double valSplit,
        @Default("0.1") @Range(min = 0.01, max = 0.9) double testSplit,
        @Default("10") @Range(min = 1, max = 1000) double unknown,
        @Default("10") @Range(min = 1, max = 1000) double silence, @Default("42") long seed,
        @Default("false") boolean skipBroken, @Nullable String dataDir) implements DatasetConfig {
    public static final ScConfig DEFAULTS = Defaults.of(ScConfig.class);

    /** Checks the form. */
    public ScConfig {
        classes = List.copyOf(classes);
        if (classes.stream().distinct().count() != classes.size()) {
            throw new IllegalArgumentException("classes: got " + classes + "; expected each word once");
        }
        new ClipForm(sampleRate, resampling, sampleLen == null ? Integer.valueOf(sampleRate) : sampleLen, pad, features,
                augment, skipBroken);
    }

    ClipForm form() { return new ClipForm(sampleRate, resampling, length(), pad, features, augment, skipBroken); }

    /** Samples of a whole sequence. */
    int length() { return sampleLen == null ? sampleRate : sampleLen; }

    ClipSplit.Drawn drawn() { return new ClipSplit.Drawn(valSplit, testSplit, seed); }

    @Override
    public boolean oneLength() { return pad; }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        return new SpeechCommands(this, ScPlaces.usual(this, System.getenv()), log).load();
    }
}
