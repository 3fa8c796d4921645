package s4j.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;

/**
 * Whether a model's three forms agree, on seeded random input: each layer's kernel with its recurrence, the outputs of
 * convolution, chunks and steps, and the float32 recurrence with a float64 one over a long run.
 *
 * <p>Errors are relative, ‖a − b‖ / ‖b‖, computed in float64. Memory does not grow with the steps.
 */
public final class Verification {
    private static final int[] CHUNKS = {1, 7, 64, 13, 100, 2, 31};
    private static final int WINDOW = 1000;
    private static final int PIECE = 64;
    /** Up to so many layers outputs are held to the tolerance itself. */
    private static final int SHALLOW = 4;
    /** A single feature may be off by so many times the tolerance of the whole. */
    private static final int WORST = 10;

    private final S4Model model;
    private final @Nullable S4Model reference;
    private final Options options;

    /**
     * What to run.
     *
     * @param steps of the long run
     * @param length of the sequences on which the forms are compared, at most the model's l_max
     * @param seed of the inputs
     * @param tolerance of the relative errors
     */
    public record Options(long steps, int length, long seed, double tolerance) {
        public static final Options DEFAULTS = new Options(100_000, 1024, 1, 1e-5);
    }

    /**
     * One layer's kernel against its own recurrence, each direction of a bidirectional one.
     *
     * @param name e.g. {@code layer 3}
     * @param kernel error of K as the convolution uses it, against the float64 recurrence
     * @param worst the same of the worst single kernel
     */
    public record LayerError(String name, double kernel, double worst) {}

    /**
     * The float32 recurrence against the float64 one after some steps, on the features before the decoder.
     *
     * @param steps until here
     * @param whole error of all steps so far
     * @param recent error of the last {@value Verification#WINDOW} steps
     * @param worst the same of the worst feature
     */
    public record Drift(long steps, double whole, double recent, double worst) {}

    /**
     * What was found.
     *
     * @param layers in order; empty for DSS
     * @param chunks error of the outputs of chunks against those of the convolution; NaN where the model does not stream
     * @param stepping the same of single steps
     * @param drifts along the long run
     * @param note why something was left out; empty: nothing was
     * @param passed whether all errors are within the tolerance, single features and kernels within ten times
     */
    public record Report(List<LayerError> layers, double chunks, double stepping, List<Drift> drifts, String note,
            boolean passed) {}

    private Verification(S4Model model, @Nullable S4Model reference, Options options) {
        this.model = model;
        this.reference = reference;
        this.options = options;
    }

    /**
     * Verifies the model of a file.
     *
     * @param name of the file, for messages
     * @param progress gets a line now and then
     */
    public static Report of(ModelFile file, String name, Options options, Consumer<String> progress)
            throws MalformedFileException {
        ModelOptions standard = ModelOptions.standard();
        S4Model model = S4Model.of(file, name, standard);
        S4Model reference = model.streamingRefusal() == null
                ? S4Model.reference(NetworkParts.network(file, name), file.tensors(), standard)
                : null;
        return new Verification(model, reference, options).run(progress);
    }

    private Report run(Consumer<String> progress) {
        List<LayerError> layers = layers(progress);
        String refusal = model.streamingRefusal();
        double chunks = Double.NaN;
        double stepping = Double.NaN;
        List<Drift> drifts = List.of();
        boolean passed = layers.stream().allMatch(e -> e.kernel <= options.tolerance
                && e.worst <= WORST * options.tolerance);
        if (refusal == null && reference != null) {
            int length = Math.min(options.length, model.config().lMax());
            float[] x = input(length, new SplittableRandom(options.seed));
            float[] whole = model.forward(new SequenceBatch(1, length, model.dInput(), x));
            chunks = error(chunked(x, length), whole);
            stepping = error(stepped(x, length), whole);
            progress.accept("outputs: convolution, chunks and steps of %,d steps".formatted(length));
            drifts = drifts(reference, progress);
            Drift last = drifts.getLast();
            double most = tolerance(options.tolerance, model.body().s4Layers().size());
            passed &= chunks <= most && stepping <= most && last.whole <= most && last.recent <= most
                    && last.worst <= WORST * most;
        }
        String note = !layers.isEmpty()
                ? ""
                : model.body().s4Layers().isEmpty()
                        ? "no S4 layer, hence no kernel to compare"
                        : "disc dss has a kernel and no recurrence: there is nothing to compare";
        return new Report(layers, chunks, stepping, drifts,
                refusal == null || layers.isEmpty() ? note : "no states: " + refusal, passed);
    }

    /**
     * The tolerance of outputs behind so many layers: each adds roundings of its own, which are independent, so beyond {@value
     * #SHALLOW} layers it grows with the root of their number, X √(layers / {@value #SHALLOW}). Kernels, which no other layer
     * touches, are held to X.
     */
    public static double tolerance(double ofOne, int layers) {
        return ofOne * Math.sqrt(Math.max(1, layers / (double) SHALLOW));
    }

    private List<LayerError> layers(Consumer<String> progress) {
        List<LayerError> all = new ArrayList<>();
        List<S4Block> blocks = model.body().s4Layers();
        for (int i = 0; i < blocks.size(); i++) {
            SsmLayer layer = blocks.get(i).ssm();
            SsmForms forms = layer.forms();
            if (forms != null) {
                all.add(layer("layer " + i, layer, forms));
                progress.accept("layer %d of %d: kernels against recurrences".formatted(i + 1, blocks.size()));
            }
        }
        return all;
    }

    private LayerError layer(String name, SsmLayer layer, SsmForms forms) {
        int length = Math.min(options.length, model.config().lMax());
        float[] k = forms.kernel(length);
        Distance whole = new Distance();
        double worst = 0;
        for (int f = 0; f < layer.features(); f++) {
            double[][] expected = forms.recurrence(f).krylov(length);
            for (int row = 0; row < layer.kernels(); row++) {
                Distance one = new Distance();
                for (int t = 0; t < length; t++) {
                    one.add(k[(row * layer.features() + f) * length + t], expected[row][t]);
                }
                worst = Math.max(worst, one.relative());
                whole.add(one);
            }
        }
        return new LayerError(name, whole.relative(), worst);
    }

    /** Normal values, or tokens. */
    private float[] input(int steps, SplittableRandom random) {
        NetworkConfig config = model.config();
        boolean tokens = config.encoder().tokens();
        float[] x = new float[Math.multiplyExact(steps, model.dInput())];
        for (int i = 0; i < x.length; i++) {
            x[i] = tokens ? random.nextInt(config.dInput()) : (float) random.nextGaussian();
        }
        return x;
    }

    /** All outputs of a per-step decoder, else the last one, as {@link S4Model#forward} gives them. */
    private float[] chunked(float[] x, int length) {
        int d = model.dInput();
        StreamState state = model.newState();
        float[] all = new float[length * model.dOutput()];
        int at = 0;
        for (int i = 0; at < length; i++) {
            int count = Math.min(CHUNKS[i % CHUNKS.length], length - at);
            float[] y = model.forwardChunk(state, Arrays.copyOfRange(x, at * d, (at + count) * d));
            System.arraycopy(y, 0, all, at * model.dOutput(), y.length);
            at += count;
        }
        return asForward(all);
    }

    private float[] stepped(float[] x, int length) {
        int d = model.dInput();
        Session session = model.newSession();
        float[] all = new float[length * model.dOutput()];
        for (int t = 0; t < length; t++) {
            float[] y = session.step(Arrays.copyOfRange(x, t * d, (t + 1) * d));
            System.arraycopy(y, 0, all, t * y.length, y.length);
        }
        return asForward(all);
    }

    private float[] asForward(float[] all) {
        return model.perStep() ? all : Arrays.copyOfRange(all, all.length - model.dOutput(), all.length);
    }

    private List<Drift> drifts(S4Model exact, Consumer<String> progress) {
        List<Drift> drifts = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(options.seed + 1);
        StreamState state = model.newState();
        StreamState exactState = exact.newState();
        int features = model.body().dOutput();
        int stride = Padding.stride(features);
        Distance whole = new Distance();
        Distance[] recent = distances(features);
        long next = WINDOW;
        for (long at = 0; at < options.steps;) {
            int count = (int) Math.min(PIECE, Math.min(next, options.steps) - at);
            float[] x = input(count, random);
            float[] y = model.features(state, x);
            float[] z = exact.features(exactState, x);
            at += count;
            if (at > Math.min(next, options.steps) - WINDOW) {
                add(y, z, count, features, stride, whole, recent);
            } else {
                add(y, z, count, features, stride, whole, null);
            }
            if (at == next || at == options.steps) {
                drifts.add(drift(at, whole, recent));
                progress.accept("%,d of %,d steps: error %.1e".formatted(at, options.steps, whole.relative()));
                recent = distances(features);
                next = Math.min(next * 10, next + Math.max(WINDOW, options.steps / 10 / WINDOW * WINDOW));
            }
        }
        return drifts;
    }

    private static void add(float[] y, float[] z, int count, int features, int stride, Distance whole,
            Distance @Nullable [] recent) {
        for (int t = 0; t < count; t++) {
            for (int f = 0; f < features; f++) {
                whole.add(y[t * stride + f], z[t * stride + f]);
                if (recent != null) {
                    recent[f].add(y[t * stride + f], z[t * stride + f]);
                }
            }
        }
    }

    private static Drift drift(long steps, Distance whole, Distance[] recent) {
        Distance together = new Distance();
        double worst = 0;
        for (Distance one : recent) {
            together.add(one);
            worst = Math.max(worst, one.relative());
        }
        return new Drift(steps, whole.relative(), together.relative(), worst);
    }

    private static Distance[] distances(int n) {
        Distance[] all = new Distance[n];
        Arrays.setAll(all, i -> new Distance());
        return all;
    }

    private static double error(float[] actual, float[] expected) {
        Distance d = new Distance();
        for (int i = 0; i < expected.length; i++) {
            d.add(actual[i], expected[i]);
        }
        return d.relative();
    }

    /** Sums of squares. */
    private static final class Distance {
        private double difference;
        private double norm;

        void add(double actual, double expected) {
            difference += (actual - expected) * (actual - expected);
            norm += expected * expected;
        }

        void add(Distance other) {
            difference += other.difference;
            norm += other.norm;
        }

        double relative() { return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm); }
    }
}
