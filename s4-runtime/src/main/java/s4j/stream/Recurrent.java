package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.kernel.rows.RowFunctions;
import s4j.stream.Linear.Side;

/**
 * LSTM or GRU. What inputs say is computed for all rows at once; then step by step, all streams that have one together. The
 * state of a stream is h, and behind it c of an LSTM.
 */
final class Recurrent implements Layer {
    /** Kinds of cells: gates in PyTorch's order, i f g o and r z n. */
    enum Cell {
        LSTM(4, 2), GRU(3, 1);

        private final int gates;
        private final int parts;

        Cell(int gates, int parts) {
            this.gates = gates;
            this.parts = parts;
        }
    }

    /** Sequences that go through a layer together. */
    private static final int GROUP = 16;

    private final Cell cell;
    private final Build build;
    private final int stride;
    private final int width;
    private final Linear input;
    private final Linear state;
    private final int at;

    /** From tensors under the names of PyTorch's module of one layer. */
    Recurrent(Cell cell, int h, Weights weights, Build build) {
        this.cell = cell;
        this.build = build;
        this.stride = Padding.stride(h);
        this.width = cell.gates * stride;
        Side gates = Side.blocks(cell.gates, h);
        long[] shape = {(long) cell.gates * h, h};
        this.input = Linear.load(weights, "weight_ih_l0", "bias_ih_l0", gates, Side.plain(h), build.backend(), shape);
        this.state = Linear.load(weights, "weight_hh_l0", "bias_hh_l0", gates, Side.plain(h), build.backend(), shape);
        this.at = build.reserve(cell.parts * stride);
    }

    @Override
    public void stream(float[] x, Flow flow, float[] y, Scratch scratch) {
        float[] heard = scratch.get(Scratch.PROJECTED, flow.rows * width);
        input.apply(x, 0, stride, flow.rows, heard, 0, scratch);
        float[] h = scratch.get(Scratch.INNER, flow.streams * stride);
        float[] kept = scratch.get(Scratch.CONVOLVED, flow.streams * width);
        int most = 0;
        for (int i = 0; i < flow.streams; i++) {
            most = Math.max(most, flow.counts[i]);
        }
        for (int t = 0; t < most; t++) {
            int active = 0;
            for (int i = 0; i < flow.streams; i++) {
                if (t < flow.counts[i]) {
                    System.arraycopy(flow.states[i].values, at, h, active++ * stride, stride);
                }
            }
            state.apply(h, 0, stride, active, kept, 0, scratch);
            active = 0;
            for (int i = 0, row = t; i < flow.streams; row += flow.counts[i++]) {
                if (t < flow.counts[i]) {
                    next(heard, row * width, kept, active++ * width, flow.states[i].values, at, scratch);
                    System.arraycopy(flow.states[i].values, at, y, row * stride, stride);
                }
            }
        }
    }

    @Override
    public void whole(float[] x, Sequences sequences, float[] y) {
        build.machine().workers().forEach(Math.ceilDiv(sequences.b(), GROUP), g -> group(x, sequences.l(), g * GROUP,
                Math.min(GROUP, sequences.b() - g * GROUP), y, build.scratch().get()));
    }

    /** Sequences {@code first} to {@code first + count}, exclusive, from their beginning. */
    private void group(float[] x, int l, int first, int count, float[] y, Scratch scratch) {
        float[] rows = scratch.get(Scratch.INNER, count * stride);
        float[] heard = scratch.get(Scratch.PROJECTED, count * width);
        float[] kept = scratch.get(Scratch.CONVOLVED, count * width);
        float[] states = new float[count * cell.parts * stride];
        for (int t = 0; t < l; t++) {
            gather(x, ((long) first * l + t) * stride, l * stride, count, rows);
            input.apply(rows, 0, stride, count, heard, 0, scratch);
            gather(states, 0, cell.parts * stride, count, rows);
            state.apply(rows, 0, stride, count, kept, 0, scratch);
            for (int i = 0; i < count; i++) {
                int s = i * cell.parts * stride;
                next(heard, i * width, kept, i * width, states, s, scratch);
                System.arraycopy(states, s, y, ((first + i) * l + t) * stride, stride);
            }
        }
    }

    private void gather(float[] from, long at, int step, int count, float[] rows) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(from, Math.toIntExact(at + (long) i * step), rows, i * stride, stride);
        }
    }

    /** One step of one stream: from what its input and its state say to the next state. */
    private void next(float[] heard, int a, float[] kept, int b, float[] s, int sAt, Scratch scratch) {
        float[] gates = scratch.get(Scratch.GATED, width);
        float[] scaled = scratch.get(Scratch.MIXED, width);
        RowFunctions functions = build.functions();
        switch (cell) {
            case LSTM -> {
                for (int i = 0; i < width; i++) {
                    scaled[i] = heard[a + i] + kept[b + i];
                }
                twice(scaled, 2 * stride);
                functions.sigmoid(scaled, gates, width);
                for (int i = 0; i < stride; i++) {
                    float g = 2 * gates[2 * stride + i] - 1;
                    float c = gates[stride + i] * s[sAt + stride + i] + gates[i] * g;
                    s[sAt + stride + i] = c;
                    scaled[i] = 2 * c;
                }
                functions.sigmoid(scaled, scaled, stride);
                for (int i = 0; i < stride; i++) {
                    s[sAt + i] = gates[3 * stride + i] * (2 * scaled[i] - 1);
                }
            }
            case GRU -> {
                for (int i = 0; i < 2 * stride; i++) {
                    scaled[i] = heard[a + i] + kept[b + i];
                }
                functions.sigmoid(scaled, gates, 2 * stride);
                for (int i = 0; i < stride; i++) {
                    scaled[i] = 2 * (heard[a + 2 * stride + i] + gates[i] * kept[b + 2 * stride + i]);
                }
                functions.sigmoid(scaled, scaled, stride);
                for (int i = 0; i < stride; i++) {
                    float z = gates[stride + i];
                    s[sAt + i] = (1 - z) * (2 * scaled[i] - 1) + z * s[sAt + i];
                }
            }
        }
    }

    /** tanh x = 2 σ(2 x) − 1: all gates by one pass of σ. */
    private void twice(float[] x, int from) {
        for (int i = from; i < from + stride; i++) {
            x[i] *= 2;
        }
    }

    @Override
    public @Nullable String refusal() { return null; }
}
