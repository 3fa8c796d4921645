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
 * @param conditional whether the network is told which digit it is, so that it can be asked for one
 * @param parts of conditional: how many equal parts of a recording are told apart for each digit, so that the network knows how far it has
 *     come; 1: none
 * @param dataDir a directory with {@code recordings/} or {@code recordings.zip}; null: the usual places
 */
public record FsddConfig(@Key("_name_") @Default("fsdd") String name, @Default("8") @Range(min = 2, max = 8) int bits,
        @Default("mu-law") Quantization quantization, @Default("file") AudioConfig.Scale scale,
        @Default("8000") @Range(min = 1, max = 1 << 28) @Nullable Integer sampleLen, @Default("false") boolean dropLast,
        @Default("0.1") @Range(min = 0, max = 0.9) double valSplit, @Default("42") long seed,
        @Default("false") boolean conditional,
        @Default("1") @Range(min = 1, max = 1024) int parts, @Nullable String dataDir) implements DatasetConfig {
    public static final FsddConfig DEFAULTS = Defaults.of(FsddConfig.class);

    /** Checks what goes together. */
    public FsddConfig {
        AudioForm.requireTold(conditional, parts);
    }

    AudioForm form() { return new AudioForm(bits, quantization, scale, sampleLen, dropLast); }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        return Fsdd.load(this, AudioPlaces.usual(name, dataDir, System.getenv()), FsddArchive.CANONICAL, log);
    }
}
