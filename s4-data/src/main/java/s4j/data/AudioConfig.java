package s4j.data;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.audio.Quantization;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * Any folder of wav files, for predicting the next sample ({@code dataset._name_: audio}; the official loader is called
 * qautoaudio). Files are found in all its subfolders and split by file; of fewer than three files the windows are split in
 * the order of time.
 *
 * @param name {@code audio}
 * @param path the folder, or a zip archive: a path, or a name below data_dir, S4_DATA or the cache
 * @param bits of a sample's level
 * @param quantization {@code linear} or {@code mu-law}
 * @param scale what is stretched so that its samples reach from −1 to 1: each {@code window} (as the official code does),
 *     each whole {@code file}, or {@code none}
 * @param sampleLen longest sequence; longer recordings are cut into windows of this length; null: recordings stay whole
 * @param dropLast leaves out what is behind a recording's last whole window
 * @param sampleRate recordings of other rates are resampled; null: all must have the same
 * @param trainPercentage fraction to train on; the rest is halved into validation and test
 * @param seed of the split
 * @param dataDir where path is looked for; null: the usual places
 */
public record AudioConfig(@Key("_name_") @Default("audio") String name, @Nullable String path,
        @Default("8") @Range(min = 2, max = 8) int bits, @Default("linear") Quantization quantization,
        @Default("window") Scale scale, @Default("16000") @Range(min = 1, max = 1 << 28) @Nullable Integer sampleLen,
        @Default("false") boolean dropLast, @Range(min = 100, max = 1_000_000) @Nullable Integer sampleRate,
        @Default("0.88") @Range(min = 0.01, max = 0.99) double trainPercentage, @Default("42") long seed,
        @Nullable String dataDir)
        implements
            DatasetConfig {
    public static final AudioConfig DEFAULTS = Defaults.of(AudioConfig.class);

    /** What is stretched to [−1, 1]. */
    public enum Scale {
        WINDOW, FILE, NONE
    }

    AudioForm form() { return new AudioForm(bits, quantization, scale, sampleLen, dropLast); }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        return AudioFolder.load(this, AudioPlaces.usual(name, dataDir, System.getenv()));
    }
}
