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
 * Pictures of clothes as sequences of 784 pixels ({@code dataset._name_: fashion-mnist}; Xiao, Rasul, Vollgraf 2017): 60,000 and 10,000 in
 * MNIST's format. Nothing is fetched; Debian's package {@code dataset-fashion-mnist} holds the four files.
 *
 * @param name {@code fashion-mnist}
 * @param permute one fixed random order of the pixels for all pictures
 * @param valSplit fraction of the training pictures kept for validation
 * @param seed of the split and of the permutation
 * @param dataDir a directory with the four files; null: the usual places
 */
public record FashionMnistConfig(@Key("_name_") @Default("fashion-mnist") String name,
        @Default("false") boolean permute, @Default("0.1") @Range(min = 0, max = 0.9) double valSplit,
        @Default("42") long seed, @Nullable String dataDir) implements DatasetConfig {
    public static final FashionMnistConfig DEFAULTS = Defaults.of(FashionMnistConfig.class);

    static final Mnist.Names NAMES = new Mnist.Names("fashion-mnist",
            List.of("T-shirt/top", "Trouser", "Pullover", "Dress",
                    "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"));

    @Override
    public boolean oneLength() { return true; }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        return load(MnistFiles.FASHION, DataFiles.local(name, dataDir, System.getenv()), log);
    }

    Dataset load(MnistFiles files, DataFiles places, Consumer<String> log) throws IOException {
        return Mnist.load(NAMES, new MnistConfig(name, permute, valSplit, seed, dataDir), files, places, log);
    }
}
