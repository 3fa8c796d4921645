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
 * The ten digits of Speech Commands ({@code dataset._name_: sc09}): folders {@code zero} … {@code nine} and the lists
 * {@code validation_list.txt} and {@code testing_list.txt}, 16 kHz.
 *
 * @param name {@code sc09}
 * @param bits of a sample's level
 * @param quantization {@code linear} or {@code mu-law}
 * @param scale what is stretched to [−1, 1]: {@code window}, {@code file} or {@code none}
 * @param sampleLen longest sequence; longer recordings are cut into windows of this length
 * @param conditional whether the network is told which digit it is, so that it can be asked for one
 * @param parts of conditional: how many equal parts of a recording are told apart for each digit, so that the network knows how far it has
 *     come; 1: none
 * @param dataDir a directory with the folders (or a zip archive of them) and the lists; null: the usual places
 */
public record Sc09Config(@Key("_name_") @Default("sc09") String name, @Default("8") @Range(min = 2, max = 8) int bits,
        @Default("mu-law") Quantization quantization, @Default("window") AudioConfig.Scale scale,
        @Default("16000") @Range(min = 1, max = 1 << 28) @Nullable Integer sampleLen,
        @Default("false") boolean conditional,
        @Default("1") @Range(min = 1, max = 1024) int parts, @Nullable String dataDir)
        implements
            DatasetConfig {
    public static final Sc09Config DEFAULTS = Defaults.of(Sc09Config.class);

    /** Checks what goes together. */
    public Sc09Config {
        AudioForm.requireTold(conditional, parts);
    }

    AudioForm form() { return new AudioForm(bits, quantization, scale, sampleLen, false); }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        return Sc09.load(this, AudioPlaces.usual(name, dataDir, System.getenv()));
    }
}
