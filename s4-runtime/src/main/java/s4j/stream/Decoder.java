package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.model.DecoderConfig;
import s4j.model.DecoderConfig.Mode;
import s4j.model.NetworkConfig;
import s4j.stream.Linear.Side;

/**
 * From padded features to outputs {@code [row, d]}: pools time, then projects. Of a stream each step gives the running value:
 * what the sequence so far would give.
 */
final class Decoder {
    private final Mode mode;
    private final int features;
    private final int stride;
    private final int outputs;
    /** Last steps with an output each; 0: none. */
    private final int steps;
    private final @Nullable Linear linear;
    private final @Nullable AdaptiveSoftmax softmax;
    /** Where a stream keeps the features of its first step. */
    private final int first;

    Decoder(NetworkConfig network, int features, Weights weights, Build build) {
        DecoderConfig config = network.decoder();
        int dOutput = network.dOutput();
        this.mode = config.mode();
        this.features = features;
        this.stride = Padding.stride(features);
        this.steps = config.steps();
        this.linear = config.name() == DecoderConfig.Kind.SEQUENCE
                ? Linear.load(weights, "decoder.0.output_transform", Side.plain(dOutput / Math.max(1, steps)),
                        Side.plain(features),
                        build.backend())
                : null;
        this.softmax = config.name() == DecoderConfig.Kind.ADAPTIVE
                ? new AdaptiveSoftmax(network.clusters(), features, weights, build.backend())
                : null;
        this.outputs = config.name() == DecoderConfig.Kind.ID || config.pairs() ? features : dOutput;
        this.first = mode == Mode.FIRST ? build.reserve(stride) : 0;
    }

    /** Outputs of a step or a sequence. */
    int outputs() { return outputs; }

    /** Whether every step has its own output. */
    boolean perStep() { return mode == Mode.STEP; }

    /** Whether whole sequences are read from their last step alone. */
    boolean lastAlone() {
        return steps == 0 && (mode == Mode.LAST || mode == Mode.RAGGED);
    }

    /** float64 sums that a stream keeps. */
    int sums() { return mode == Mode.POOL || mode == Mode.SUM ? features : 0; }

    /** The next rows of streams; x may be changed. */
    void stream(float[] x, Flow flow, float[] y, int yAt, Scratch scratch) {
        int row = 0;
        for (int i = 0; mode != Mode.STEP && i < flow.streams; i++) {
            for (int t = 0; t < flow.counts[i]; t++, row++) {
                running(x, row * stride, flow.states[i], flow.firsts[i] + t);
            }
        }
        project(x, 0, flow.rows, y, yAt, scratch);
    }

    private void running(float[] x, int at, StreamState state, long before) {
        switch (mode) {
            case STEP, LAST, RAGGED -> {
                /* the step itself */ }
            case FIRST -> {
                if (before == 0) {
                    System.arraycopy(x, at, state.values, first, stride);
                } else {
                    System.arraycopy(state.values, first, x, at, stride);
                }
            }
            case POOL, SUM -> {
                double factor = mode == Mode.SUM ? 1 : 1.0 / (before + 1);
                for (int f = 0; f < features; f++) {
                    state.sums[f] += x[at + f];
                    x[at + f] = (float) (state.sums[f] * factor);
                }
            }
        }
    }

    private void project(float[] x, int at, int rows, float[] y, int yAt, Scratch scratch) {
        if (softmax != null) {
            softmax.apply(x, at, stride, rows, y, yAt, scratch);
            return;
        }
        float[] z = x;
        int from = at;
        int width = stride;
        if (linear != null) {
            width = linear.stride();
            from = 0;
            z = scratch.get(Scratch.DECODED, rows * width);
            linear.apply(x, at, stride, rows, z, 0, scratch);
        }
        int own = outputs / Math.max(1, steps);
        for (int r = 0; r < rows; r++) {
            System.arraycopy(z, from + r * width, y, yAt + r * own, own);
        }
    }

    /** Whole sequences: y {@code [b, l, d]} per step, else {@code [b, d]}. */
    void whole(float[] x, Sequences s, float[] y, int yAt, Build build) {
        if (mode == Mode.STEP) {
            build.machine().forRows(s.rows(), (firstRow, count) -> project(x, firstRow * stride, count, y,
                    yAt + firstRow * outputs, build.scratch().get()));
            return;
        }
        if (steps > 0) {
            lastSteps(x, s, y, yAt, build);
            return;
        }
        float[] pooled = new float[Math.multiplyExact(s.b(), stride)];
        for (int i = 0; i < s.b(); i++) {
            int at = i * s.l() * stride;
            int length = s.length(i);
            switch (mode) {
                case FIRST -> System.arraycopy(x, at, pooled, i * stride, stride);
                case LAST, RAGGED -> System.arraycopy(x, at + (length - 1) * stride, pooled, i * stride, stride);
                case POOL, SUM -> sum(x, at, length, pooled, i * stride);
                case STEP -> throw new AssertionError("done above");
            }
        }
        project(pooled, 0, s.b(), y, yAt, build.scratch().get());
    }

    private void lastSteps(float[] x, Sequences s, float[] y, int yAt, Build build) {
        for (int i = 0; i < s.b(); i++) {
            if (s.length(i) < steps) {
                throw new IllegalArgumentException("a sequence of %d steps; expected at least %d, each with an output"
                        .formatted(s.length(i), steps));
            }
            int from = (i * s.l() + s.length(i) - steps) * stride;
            project(x, from, steps, y, yAt + i * outputs, build.scratch().get());
        }
    }

    /** Why there is no running value; null: there is. */
    @Nullable
    String refusal() {
        return steps == 0
                ? null
                : "its last %d steps have an output each, and a stream does not know its last steps"
                        .formatted(steps);
    }

    private void sum(float[] x, int at, int length, float[] to, int toAt) {
        for (int f = 0; f < features; f++) {
            double sum = 0;
            for (int t = 0; t < length; t++) {
                sum += x[at + t * stride + f];
            }
            to[toAt + f] = (float) (mode == Mode.SUM ? sum : sum * (1.0 / length));
        }
    }

    /** What only sequences of known lengths can give. */
    void requireLengths(boolean given) {
        if (mode == Mode.RAGGED && !given) {
            throw new IllegalArgumentException("decoder.mode=ragged needs the length of each sequence; "
                    + "use mode last for sequences of one length");
        }
    }
}
