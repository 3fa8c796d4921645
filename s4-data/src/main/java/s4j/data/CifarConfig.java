package s4j.data;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * Small colour photographs as sequences of 1,024 pixels ({@code dataset._name_: cifar}).
 *
 * @param name {@code cifar}
 * @param grayscale one value per pixel, the luminance, instead of red, green, blue
 * @param std what the colours (red, green, blue; of 1) are divided by; the official example's, while the configuration
 *     files of the official src/ use [0.247, 0.243, 0.261]
 * @param valSplit fraction of the training images kept for validation
 * @param seed of the split
 * @param dataDir a directory with the files or the archive; null: the usual places
 */
public record CifarConfig(@Key("_name_") @Default("cifar") String name, @Default("false") boolean grayscale,
        @Default("[0.2023, 0.1994, 0.2010]") @Range(min = 1e-6, max = 1e6) List<Double> std,
        @Default("0.1") @Range(min = 0, max = 0.9) double valSplit, @Default("42") long seed,
        @Nullable String dataDir) implements DatasetConfig {
    public static final CifarConfig DEFAULTS = Defaults.of(CifarConfig.class);

    /** Checks the number of colours. */
    public CifarConfig {
        if (std.size() != 3) {
            throw new IllegalArgumentException("std has " + std.size() + " values; expected 3: red, green, blue");
        }
        std = List.copyOf(std);
    }

    @Override
    public boolean oneLength() { return true; }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        return Cifar.load(this, CifarFiles.usual(dataDir, System.getenv()), log);
    }
}
