package s4j.data;

import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * Handwritten digits as sequences of 784 pixels ({@code dataset._name_: mnist}).
 *
 * @param name {@code mnist}
 * @param permute one fixed random order of the pixels for all images (permuted MNIST)
 * @param valSplit fraction of the training images kept for validation
 * @param seed of the split and of the permutation
 * @param dataDir a directory with the four files; null: the usual places
 */
public record MnistConfig(@Key("_name_") @Default("mnist") String name, @Default("false") boolean permute,
        @Default("0.1") @Range(min = 0, max = 0.9) double valSplit, @Default("42") long seed,
        @Nullable String dataDir) implements DatasetConfig {
    public static final MnistConfig DEFAULTS = Defaults.of(MnistConfig.class);

    @Override
    public boolean oneLength() { return true; }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        return Mnist.load(this, MnistFiles.ORIGINAL, DataFiles.usual(name, dataDir, System.getenv()), log);
    }
}
