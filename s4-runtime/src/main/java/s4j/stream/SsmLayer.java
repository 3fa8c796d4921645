package s4j.stream;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;
import s4j.kernel.convolution.ToeplitzConvolution;
import s4j.kernel.state.StateTiles;
import s4j.model.S4LayerConfig;
import s4j.model.S4LayerConfig.Disc;

/**
 * The state space models of a layer: y {@code [row, c, h]} from u {@code [row, h]}, blocks of h padded, the skip included. As
 * convolution of whole sequences, or as recurrence of streams.
 */
final class SsmLayer {
    private final S4LayerConfig config;
    private final Machine machine;
    private final int h;
    private final int stride;
    private final int channels;
    private final int lMax;
    private final SsmForms forms;
    private final float[] skip;
    private final @Nullable Steps steps;
    private final int at;
    private volatile @Nullable Kernel kernel;

    /** K {@code [c, h, l]}, with the reverse ones behind. */
    private record Kernel(int l, float[] k) {}

    /**
     * From a file's tensors.
     *
     * @param h features, channels of outputs
     * @param lMax longest kernel of what is not a recurrence
     * @param weights below {@code layer.}
     */
    SsmLayer(S4LayerConfig config, int h, int channels, int lMax, Weights weights, Build build) {
        this.config = config;
        this.machine = build.machine();
        this.h = h;
        this.stride = Padding.stride(h);
        this.channels = channels;
        this.lMax = (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.rint(lMax / build.rate())));
        SsmParameters parameters = new SsmParameters(config, h, channels, weights);
        this.forms = config.mode().diagonal()
                ? new DiagonalForms(parameters, config.disc(), build.rate(), machine)
                : new LowRankForms(parameters, build.rate(), machine);
        this.skip = new float[channels * h];
        float[] tiles = new float[channels * stride];
        for (int c = 0; c < channels; c++) {
            for (int f = 0; f < h; f++) {
                skip[c * h + f] = (float) parameters.skip(c, f);
                tiles[c * stride + f] = skip[c * h + f];
            }
        }
        this.steps = streams()
                ? build.reference() ? forms.reference(tiles, stride) : forms.steps(tiles, stride)
                : null;
        this.at = steps == null ? 0 : build.reserve(steps);
    }

    private boolean streams() { return !config.bidirectional() && config.disc() != Disc.DSS; }

    /** Why there is no recurrence; null: there is one. */
    @Nullable
    String refusal() {
        if (config.bidirectional()) {
            return "a bidirectional layer has no state: its output depends on later inputs";
        }
        return config.disc() == Disc.DSS
                ? "disc dss has no recurrence: its kernel is normalised over the length"
                : null;
    }

    int outputStride() { return channels * stride; }

    /** Groups of features that step independently of each other. */
    int tiles() {
        return Math.ceilDiv(h, StateTiles.TILE);
    }

    /** Floats of one stream's state. */
    int stateSize() { return java.util.Objects.requireNonNull(steps).stateSize(); }

    /** The next rows of streams, features of tiles {@code from} to {@code to}, exclusive. */
    void stream(int from, int to, Flow flow, float[] u, float[] y) {
        Steps s = java.util.Objects.requireNonNull(steps);
        for (int tile = from; tile < to; tile++) {
            int row = 0;
            for (int i = 0; i < flow.streams; i++) {
                s.steps(tile, flow.states[i].values, at, flow.firsts[i], flow.counts[i], u, row * stride, stride, y,
                        row * outputStride(), outputStride());
                row += flow.counts[i];
            }
        }
    }

    /** Whole sequences. */
    void whole(float[] u, Sequences sequences, float[] y) {
        Kernel k = kernel(sequences);
        int size = channels * h * k.l;
        float[] forward = config.bidirectional() ? java.util.Arrays.copyOf(k.k, size) : k.k;
        float[] reverse = config.bidirectional() ? java.util.Arrays.copyOfRange(k.k, size, 2 * size) : null;
        var convolution = new ToeplitzConvolution(machine.backend(), machine.workers(), sequences.b(), sequences.l(), h,
                channels, forward, reverse, skip);
        int rows = sequences.rows();
        if (h == stride) {
            convolution.forward(MemorySegment.ofArray(u), MemorySegment.ofArray(y), false);
            return;
        }
        float[] dense = new float[rows * h];
        float[] out = new float[rows * channels * h];
        copyRows(u, stride, dense, h, rows, h);
        convolution.forward(MemorySegment.ofArray(dense), MemorySegment.ofArray(out), false);
        copyRows(out, h, y, stride, rows * channels, h);
        Padding.clear(y, 0, rows * channels, h, stride);
    }

    /**
     * y at the last step n of each sequence alone, {@code [b, c, h]}: Σ_{j &lt; n} K_j u_{n−1−j}, in float64. Nothing is behind it, so
     * bidirectional layers have no further terms.
     */
    void last(float[] u, Sequences sequences, float[] y) {
        Kernel k = kernel(sequences);
        float[] byStep = new float[channels * h * k.l];
        for (int c = 0; c < channels * h; c++) {
            for (int j = 0; j < k.l; j++) {
                byStep[(j * channels + c / h) * h + c % h] = k.k[c * k.l + j];
            }
        }
        machine.workers().forEach(sequences.b(), i -> {
            int n = sequences.length(i);
            int end = i * sequences.l() + n - 1;
            double[] sums = new double[channels * h];
            for (int j = 0; j < Math.min(n, k.l); j++) {
                for (int c = 0; c < channels; c++) {
                    add(byStep, (j * channels + c) * h, u, (end - j) * stride, sums, c * h);
                }
            }
            for (int c = 0; c < channels; c++) {
                add(skip, c * h, u, end * stride, sums, c * h);
                for (int f = 0; f < h; f++) {
                    y[(i * channels + c) * stride + f] = (float) sums[c * h + f];
                }
            }
        });
    }

    private void add(float[] k, int kAt, float[] u, int uAt, double[] sums, int at) {
        for (int f = 0; f < h; f++) {
            sums[at + f] += (double) k[kAt + f] * u[uAt + f];
        }
    }

    private Kernel kernel(Sequences sequences) {
        int l = streams() ? sequences.l() : Math.min(sequences.l(), lMax);
        Kernel k = kernel;
        if (k == null || k.l != l) {
            k = new Kernel(l, forms.kernel(l));
            kernel = k;
        }
        return k;
    }

    private static void copyRows(float[] from, int fromStride, float[] to, int toStride, int rows, int width) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(from, r * fromStride, to, r * toStride, width);
        }
    }

    S4LayerConfig config() { return config; }

    /** D of an output channel and a feature. */
    float skip(int c, int f) { return skip[c * h + f]; }

    /** Features. */
    int features() { return h; }

    /** Rows of kernels: channels, with the reverse ones behind. */
    int kernels() {
        return config.bidirectional() ? 2 * channels : channels;
    }

    /** The forms; null with DSS, which has but one. */
    @Nullable
    SsmForms forms() { return config.disc() == Disc.DSS ? null : forms; }
}
