package s4j.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.model.S4LayerConfig;

/**
 * Options of an {@link S4} layer by name: {@code S4.of(64, o -> o.dState(32).bidirectional(true))}. What is not named keeps the
 * default of {@link S4LayerConfig}; {@link #set} takes any of its words.
 */
public final class S4Options {
    private final Map<String, @Nullable Object> words = new LinkedHashMap<>();
    private int length = 1024;
    private String kernels = "auto";
    private @Nullable Long seed;

    S4Options() {}

    /** State size N; N/2 conjugate pairs are stored. */
    public S4Options dState(int n) { return set("d_state", n); }

    /** Outputs per feature of the convolution, mixed by the projection behind it. */
    public S4Options channels(int channels) {
        return set("channels", channels);
    }

    /** A second kernel that looks at later inputs; such a layer runs whole sequences alone. */
    public S4Options bidirectional(boolean both) {
        return set("bidirectional", both);
    }

    /** The initialisation of A and B, e.g. {@code legs}, {@code diag-lin}; more than one are combined. */
    public S4Options init(String... names) {
        return set("init", List.of(names));
    }

    /** Independent copies of (A, B, P); a divisor of the features. */
    public S4Options nSsm(int copies) {
        return set("n_ssm", copies);
    }

    /** The range of the first step sizes. */
    public S4Options dt(double least, double most) {
        return set("dt_min", least).set("dt_max", most);
    }

    /** Dropout after the convolution and after the activation. */
    public S4Options dropout(double p) {
        return set("dropout", p);
    }

    /** The learning rate of A, B, P and dt; C and the projection follow the optimiser. */
    public S4Options lr(double rate) {
        return set("lr", rate);
    }

    /** Any option of {@code model.layer} by its word, e.g. {@code set("gate", 2)}. */
    public S4Options set(String word, @Nullable Object value) {
        words.put(word, value);
        return this;
    }

    /** The length that S4's first C belongs to, e.g. that of the training sequences; others are possible. 1024. */
    public S4Options length(int steps) {
        length = steps;
        return this;
    }

    /** What convolves: {@code auto} (s4j's own kernels), {@code simd}, {@code scalar}, {@code torch} (for other devices). */
    public S4Options kernels(String word) {
        kernels = word;
        return this;
    }

    /** The seed of the initial values; without it one is drawn from libtorch's generator. */
    public S4Options seed(long value) {
        seed = value;
        return this;
    }

    S4LayerConfig config() {
        return Binder.bind(ConfigTree.of(words, new Origin("options of S4")), S4LayerConfig.class);
    }

    int length() {
        if (length < 1) {
            throw new IllegalArgumentException("length: got " + length + "; expected at least 1");
        }
        return length;
    }

    String kernels() { return kernels; }

    long seed() { return seed != null ? seed : torch.randint(Long.MAX_VALUE, new long[]{1}).item().toLong(); }
}
