package s4j.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.model.TcnConfig;
import s4j.stream.Linear.Side;

/**
 * Dilated causal convolutions, each with a residual: a step gathers the k rows that it sees and multiplies them at once. A
 * stream keeps the last inputs of each convolution in a ring of (k − 1) d + 1 rows.
 */
final class Tcn implements Layer {
    private final TcnConfig config;
    private final Build build;
    private final int h;
    private final int stride;
    private final List<Linear> convolutions = new ArrayList<>();
    private final int[] rings;

    /** From the tensors below {@code convs.}. */
    Tcn(TcnConfig config, int h, Weights weights, Build build) {
        this.config = config;
        this.build = build;
        this.h = h;
        this.stride = Padding.stride(h);
        int k = config.kernelSize();
        this.rings = new int[config.dilations().size()];
        for (int i = 0; i < rings.length; i++) {
            String name = "convs." + i;
            convolutions.add(Linear.load(weights, name + ".weight", name + ".bias", Side.plain(h), Side.steps(h, k),
                    build.backend(), new long[]{h, h, k}));
            rings[i] = build.reserve(Math.multiplyExact(config.past(i) + 1, stride));
        }
    }

    @Override
    public void stream(float[] x, Flow flow, float[] y, Scratch scratch) {
        int size = flow.rows * stride;
        System.arraycopy(x, 0, y, 0, size);
        float[] seen = scratch.get(Scratch.CONVOLVED, size * config.kernelSize());
        for (int i = 0; i < rings.length; i++) {
            int row = 0;
            for (int s = 0; s < flow.streams; s++) {
                for (int t = 0; t < flow.counts[s]; t++, row++) {
                    listen(i, flow.states[s].values, flow.firsts[s] + t, y, row, seen);
                }
            }
            convolve(i, seen, flow.rows, y, 0, scratch);
        }
    }

    /** Puts a row into the ring, and what its step sees into {@code seen}. */
    private void listen(int i, float[] values, long step, float[] x, int row, float[] seen) {
        int k = config.kernelSize();
        int d = config.dilations().get(i);
        int ring = config.past(i) + 1;
        System.arraycopy(x, row * stride, values, rings[i] + (int) (step % ring) * stride, stride);
        for (int j = 0; j < k; j++) {
            int place = (int) Math.floorMod(step - (long) (k - 1 - j) * d, (long) ring); // before the first step it holds 0
            System.arraycopy(values, rings[i] + place * stride, seen, (row * k + j) * stride, stride);
        }
    }

    /** z += f(W seen + b) of rows of z. */
    private void convolve(int i, float[] seen, int rows, float[] z, int at, Scratch scratch) {
        float[] made = scratch.get(Scratch.PROJECTED, rows * stride);
        convolutions.get(i).apply(seen, 0, config.kernelSize() * stride, rows, made, 0, scratch);
        Pointwise.apply(config.activation(), made, rows * stride, build.functions(), scratch);
        if (!Pointwise.keepsZero(config.activation())) {
            Padding.clear(made, 0, rows, h, stride);
        }
        build.functions().add(made, 0, z, at, rows * stride);
    }

    @Override
    public void whole(float[] x, Sequences sequences, float[] y) {
        int k = config.kernelSize();
        for (int i = 0; i < rings.length; i++) {
            float[] from = i == 0 ? x : y.clone();
            int conv = i;
            build.machine().forRows(sequences.rows(), (first, count) -> {
                Scratch scratch = build.scratch().get();
                float[] seen = scratch.get(Scratch.CONVOLVED, count * k * stride);
                for (int row = 0; row < count; row++) {
                    gather(conv, from, first + row, sequences.l(), seen, row);
                }
                System.arraycopy(from, first * stride, y, first * stride, count * stride);
                convolve(conv, seen, count, y, first * stride, scratch);
            });
        }
    }

    private void gather(int i, float[] x, int row, int l, float[] seen, int to) {
        int k = config.kernelSize();
        for (int j = 0; j < k; j++) {
            int back = (k - 1 - j) * config.dilations().get(i);
            int place = (to * k + j) * stride;
            if (back > row % l) {
                java.util.Arrays.fill(seen, place, place + stride, 0);
            } else {
                System.arraycopy(x, (row - back) * stride, seen, place, stride);
            }
        }
    }

    @Override
    public @Nullable String refusal() { return null; }
}
