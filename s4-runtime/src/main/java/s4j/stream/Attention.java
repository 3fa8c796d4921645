package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.model.AttentionConfig;
import s4j.model.AttentionConfig.Positions;
import s4j.stream.Linear.Side;

/**
 * Multi-head attention. A stream keeps keys and values: of a window in its state, else in a cache that grows with the stream,
 * and with it the time of a step.
 */
final class Attention implements Layer {
    /** Queries of one piece of work. */
    private static final int QUERIES = 64;
    private static final float[] NONE = new float[0];

    private final AttentionConfig config;
    private final Build build;
    private final int h;
    private final int stride;
    private final KeyValues keys;
    private final Linear in;
    private final Linear out;
    private final double[] angles;
    private final float[] table;
    private final int longest;
    /** Where the ring of a window lies in the state, or the number of the cache. */
    private final int place;

    /** From tensors under the names of PyTorch's module. */
    Attention(AttentionConfig config, int h, int lMax, Weights weights, Build build) {
        this.config = config;
        this.build = build;
        this.h = h;
        this.stride = Padding.stride(h);
        int head = config.headOf(h);
        Integer window = config.window();
        int blocks = window == null ? KeyValues.UNBOUNDED : Math.ceilDiv(window, KeyValues.BLOCK) + 1;
        this.keys = new KeyValues(config.nHeads(), head, stride, blocks);
        this.in = Linear.load(weights, "in_proj_weight", "in_proj_bias", Side.blocks(3, h), Side.plain(h),
                build.backend(), new long[]{3L * h, h});
        this.out = Linear.load(weights, "out_proj", Side.plain(h), Side.plain(h), build.backend());
        this.longest = config.lMax() == null ? lMax : config.lMax();
        this.table = config.positions() == Positions.LEARNED
                ? weights.floats("positions.weight", longest, h)
                : NONE;
        this.angles = new double[config.positions() == Positions.ROTARY ? head / 2 : 0];
        for (int i = 0; i < angles.length; i++) {
            angles[i] = build.rate() * Math.pow(AttentionConfig.BASE, -(double) i / angles.length);
        }
        this.place = !config.causal()
                ? 0
                : window == null ? build.reserveCache(keys) : build.reserve(Math.multiplyExact(blocks, keys.size()));
    }

    @Override
    public void stream(float[] x, Flow flow, float[] y, Scratch scratch) {
        int rows = flow.rows;
        float[] placed = scratch.get(Scratch.INNER, rows * stride);
        System.arraycopy(x, 0, placed, 0, rows * stride);
        int row = 0;
        for (int i = 0; i < flow.streams; i++) {
            for (int t = 0; t < flow.counts[i]; t++) {
                place(placed, row++, flow.firsts[i] + t);
            }
        }
        float[] made = scratch.get(Scratch.PROJECTED, rows * 3 * stride);
        in.apply(placed, 0, stride, rows, made, 0, scratch);
        float[] heard = scratch.get(Scratch.CONVOLVED, rows * stride);
        row = 0;
        for (int i = 0; i < flow.streams; i++) {
            for (int t = 0; t < flow.counts[i]; t++) {
                step(flow.states[i], flow.firsts[i] + t, made, row++, heard, scratch);
            }
        }
        out.apply(heard, 0, stride, rows, y, 0, scratch);
    }

    private void step(StreamState state, long now, float[] made, int row, float[] heard, Scratch scratch) {
        Integer window = config.window();
        float[] kv = window == null ? state.caches[place].until(now + 1) : state.values;
        int at = window == null ? 0 : place;
        int q = row * 3 * stride;
        turn(made, q, now);
        turn(made, q + stride, now);
        keys.put(kv, at, now, made, q + stride, made, q + 2 * stride);
        long from = window == null ? 0 : Math.max(0, now + 1 - window);
        float[] scores = scratch.get(Scratch.GATED, places(now + 1 - from));
        keys.attend(made, q, kv, at, from, now + 1, scores, heard, row * stride);
    }

    private static int places(long steps) {
        return Math.toIntExact(Math.ceilDiv(steps, KeyValues.BLOCK) + 1) * KeyValues.BLOCK;
    }

    /** Adds a step's learned row, if it has one. */
    private void place(float[] x, int row, long step) {
        if (table.length == 0) {
            return;
        }
        if (step >= longest) {
            throw new IllegalArgumentException(
                    "learned positions: got step %,d; expected at most %,d, the rows of the table (l_max). Train with positions=rotary for longer sequences"
                            .formatted(step + 1, longest));
        }
        for (int f = 0; f < h; f++) {
            x[row * stride + f] += table[(int) step * h + f];
        }
    }

    /** Rotates the halves of each head against each other by the step's angles. */
    private void turn(float[] x, int at, long step) {
        int half = angles.length;
        for (int i = 0; i < half; i++) {
            float cos = (float) Math.cos(step * angles[i]);
            float sin = (float) Math.sin(step * angles[i]);
            for (int n = 0; n < keys.heads(); n++) {
                int a = at + n * keys.head() + i;
                float lower = x[a];
                float upper = x[a + half];
                x[a] = lower * cos - upper * sin;
                x[a + half] = upper * cos + lower * sin;
            }
        }
    }

    @Override
    public void whole(float[] x, Sequences sequences, float[] y) {
        int l = sequences.l();
        for (int i = 0; i < sequences.b(); i++) {
            sequence(x, i * l * stride, l, sequences.length(i), y);
        }
    }

    /** One sequence, its queries side by side; windows are looked at in a cache of all steps. */
    private void sequence(float[] x, int at, int l, int real, float[] y) {
        KeyValues all = new KeyValues(keys.heads(), keys.head(), stride, KeyValues.UNBOUNDED);
        float[] made = new float[Math.multiplyExact(l, 3 * stride)];
        float[] kv = new float[Math.toIntExact(all.size(l))];
        build.machine().forRows(l, (first, count) -> {
            Scratch scratch = build.scratch().get();
            float[] placed = scratch.get(Scratch.INNER, count * stride);
            System.arraycopy(x, at + first * stride, placed, 0, count * stride);
            for (int t = 0; t < count; t++) {
                place(placed, t, first + t);
            }
            in.apply(placed, 0, stride, count, made, first * 3 * stride, scratch);
            for (int t = first; t < first + count; t++) {
                turn(made, t * 3 * stride, t);
                turn(made, (t * 3 + 1) * stride, t);
                all.put(kv, 0, t, made, (t * 3 + 1) * stride, made, (t * 3 + 2) * stride);
            }
        });
        build.machine().workers().forEach(Math.ceilDiv(l, QUERIES), p -> {
            Scratch scratch = build.scratch().get();
            int first = p * QUERIES;
            int count = Math.min(QUERIES, l - first);
            float[] heard = scratch.get(Scratch.CONVOLVED, count * stride);
            float[] scores = scratch.get(Scratch.GATED, places(l));
            for (int t = 0; t < count; t++) {
                int now = first + t;
                int to = config.causal() ? now + 1 : real;
                int from = config.window() == null ? 0 : Math.max(0, to - config.window());
                all.attend(made, now * 3 * stride, kv, 0, from, to, scores, heard, t * stride);
            }
            out.apply(heard, 0, stride, count, y, at + first * stride, scratch);
        });
    }

    @Override
    public @Nullable String refusal() {
        return config.causal()
                ? null
                : "attention that is not causal (model.layer.causal) has no state: its output depends on later inputs";
    }
}
