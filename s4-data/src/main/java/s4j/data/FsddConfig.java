package s4j.data;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.audio.Quantization;
import s4j.config.Key;
import s4j.config.Range;

/**
 * The Free Spoken Digit Dataset ({@code dataset._name_: fsdd}): 3,000 recordings of ten digits by six speakers, 8 kHz. The
 * recordings 0 to 4 of each digit and speaker are the test split, as its authors have it.
 *
 * @param name {@code fsdd}
 * @param bits of a sample's level
 * @param quantization {@code linear} or {@code mu-law}
 * @param scale what is stretched to [−1, 1]: {@code window}, {@code file} or {@code none}
 * @param sampleLen longest sequence; longer recordings are cut into windows of this length; null: recordings stay whole
 * @param dropLast leaves out what is behind a recording's last whole window
 * @param valSplit fraction of the other recordings kept for validation
 * @param seed of that split
 * @param dataDir a directory with {@code recordings/} or {@code recordings.zip}; null: the usual places
 */
public record FsddConfig(@Key("_name_") String name, @Range(min = 2, max = 8) int bits, Quantization quantization,
        AudioConfig.Scale scale, @Range(min = 1, max = 1 << 28) @Nullable Integer sampleLen, boolean dropLast,
        @Range(min = 0, max = 0.9) double valSplit, long seed, @Nullable String dataDir) implements DatasetConfig {
    public static final FsddConfig DEFAULTS = new FsddConfig("fsdd", 8, Quantization.MU_LAW, AudioConfig.Scale.FILE,
            8000, false, 0.1, 42, null);

    AudioForm form() { return new AudioForm(bits, quantization, scale, sampleLen, dropLast); }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        return Fsdd.load(this, AudioPlaces.usual(name, dataDir, System.getenv()), FsddArchive.CANONICAL, log);
    }
}
