package s4j.torch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import s4j.io.TensorData;
import s4j.model.S4LayerConfig;
import s4j.stream.S4Model;
import s4j.torch.nn.S4Block;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/**
 * S4 as a layer of your own network: a libtorch module from {@code [b, l, h]} to {@code [b, l, h]} that stands beside libtorch's.
 *
 * <pre>
 *   S4 layer = register_module("s4", S4.of(64, o -> o.dState(32)));    // S4D.of(64) likewise
 *   Tensor y = layer.forward(x);                                       // x [b, l, 64]
 * </pre>
 *
 * <p>It is the block of the paper: convolution with the SSM's kernel and skip D, GELU, dropout, a projection with GLU; norm and
 * residual are yours. Parameters are registered under the official names (docs/NOTATION.md), so {@code parameters()}, {@code
 * train()}, {@code save} and {@code load} of your module see them. {@link S4Optimizers} gives them the learning rates and decay
 * that S4 wants.
 *
 * <p>Each training step needs a {@link PointerScope} around it, as with all of libtorch in Java: it frees the step's tensors,
 * and keeps them while the backward pass runs.
 *
 * <p>Source: S4 (2111.00396), S4D (2206.11893); the layer is the official S4Block.
 */
public final class S4 extends Module {
    private static final Map<String, Kernels> KERNELS = new ConcurrentHashMap<>();

    private final int features;
    private final S4LayerConfig config;
    private final ParameterStore store;
    private final Kernels kernels;
    private final S4Block block;
    /** Kept: libtorch calls methods of modules that are made in Java through their Java objects. */
    private final Map<String, Module> modules = new LinkedHashMap<>();

    private S4(int features, S4Options options) {
        super("S4");
        this.features = features;
        this.config = options.config();
        try (var _ = NativeScope.withoutGradients()) {
            this.store = new ParameterStore(options.seed(), new Device("cpu"), ScalarType.Float);
            this.kernels = kernels(options.kernels());
            this.block = new S4Block(config, features, options.length(), 0, "", store, kernels);
        }
        register();
    }

    /** A layer of so many features with the usual options: N = 64, HiPPO-LegS. */
    public static S4 of(int features) {
        return of(features, o -> {});
    }

    /** The same with options by name. */
    public static S4 of(int features, Consumer<S4Options> options) {
        S4Options chosen = new S4Options();
        options.accept(chosen);
        return new S4(features, chosen);
    }

    /** All layers share the threads of their kernels. */
    private static Kernels kernels(String word) {
        return KERNELS.computeIfAbsent(word, w -> Kernels.of(w, true, torch.get_num_threads()));
    }

    /** Dotted names become modules in modules, as libtorch wants them. */
    private void register() {
        for (Parameter p : store.all()) {
            int dot = p.name().lastIndexOf('.');
            Module owner = dot < 0 ? this : module(p.name().substring(0, dot));
            String name = p.name().substring(dot + 1);
            if (p.trained()) {
                owner.register_parameter(name, p.value(), true);
            } else {
                owner.register_buffer(name, p.value());
            }
        }
    }

    private Module module(String path) {
        Module known = modules.get(path);
        if (known != null) {
            return known;
        }
        int dot = path.lastIndexOf('.');
        Module owner = dot < 0 ? this : module(path.substring(0, dot));
        Module made = owner.register_module(path.substring(dot + 1), new Module(path.substring(dot + 1)));
        modules.put(path, made);
        return made;
    }

    /** Features h of input and output. */
    public int features() { return features; }

    /** A batch of whole sequences: x {@code [b, l, h]} float32, y the same. */
    public Tensor forward(Tensor x) {
        return forward(x, null);
    }

    /**
     * The same with shorter sequences in the batch.
     *
     * @param mask 1 at real steps, 0 at padding {@code [b, l, 1]}; null: all steps are real
     */
    public Tensor forward(Tensor x, @Nullable Tensor mask) {
        requireShape(x, "[b, l, " + features + "]", 3);
        if (GradMode.is_enabled() && kernels.backend() != null && PointerScope.getInnerScope() == null) {
            throw new IllegalStateException(
                    "S4.forward records gradients outside of a PointerScope; expected one around "
                            + "each training step: try (PointerScope step = new PointerScope()) { … }, or a NoGradGuard to predict");
        }
        return block.forwardWhole(x, 1, mask, is_training());
    }

    /**
     * A stream's state before its first step, with the parameters of now.
     *
     * @throws IllegalArgumentException when the layer is bidirectional
     */
    public S4State newState(long batch) { return new S4State(block, batch); }

    /** The next step of a stream, without dropout and gradients: x {@code [b, h]}, y the same; the state moves on. */
    public Tensor step(Tensor x, S4State state) {
        requireShape(x, "[b, " + features + "]", 2);
        return state.step(x);
    }

    private void requireShape(Tensor x, String expected, int axes) {
        if (x.dim() != axes || x.size(-1) != features || x.scalar_type().intern() != ScalarType.Float) {
            throw new IllegalArgumentException("x: got " + x.scalar_type().intern() + " "
                    + Arrays.toString(Tensors.shape(x)) + "; expected Float " + expected);
        }
    }

    /** Its trained parameters with their own learning rates and decay, for {@link S4Optimizers}. */
    List<Parameter> trained() {
        return store.trained();
    }

    /** Copies of all its tensors by official name. */
    public Map<String, TensorData> tensors() { return store.data(); }

    /**
     * Overwrites all its tensors.
     *
     * @throws IllegalArgumentException when a name is missing or unknown, or a shape differs; nothing is then changed
     */
    public void load(Map<String, TensorData> tensors) { store.load(tensors); }

    /** The layer alone as a model of the streaming runtime, which needs no native code: whole, in chunks, by steps. */
    public S4Model streaming() {
        return StreamingLayer.model(config, features, tensors());
    }

    /** Writes the layer alone as a model file, e.g. for {@code S4Model.load}. */
    public void export(Path file) throws IOException {
        StreamingLayer.file(config, features, tensors()).write(file);
    }
}
