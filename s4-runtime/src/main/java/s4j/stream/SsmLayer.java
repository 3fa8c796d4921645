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
        boolean bounded = !streams();
        int l = bounded ? Math.min(sequences.l(), lMax) : sequences.l();
        Kernel k = kernel;
        if (k == null || k.l != l) {
            k = new Kernel(l, forms.kernel(l));
            kernel = k;
        }
        int size = channels * h * l;
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
