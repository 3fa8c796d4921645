package s4j.torch.nn;

import java.util.Arrays;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import s4j.model.AttentionConfig;
import s4j.model.AttentionConfig.Positions;
import s4j.torch.tensor.Linear;
import s4j.torch.tensor.OneBlasThread;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/**
 * Multi-head attention through libtorch's {@code scaled_dot_product_attention}; parameters are named and drawn as in PyTorch's
 * {@code nn.MultiheadAttention}. The state {@code [b, 1 + 2 t h]} is the number of steps so far, then keys and values {@code
 * [t, 2 h]} of the t that later steps can see.
 */
public final class Attention implements Layer {
    private final AttentionConfig config;
    private final int features;
    private final int head;
    private final double dropout;
    private final int longest;
    private final Linear in;
    private final Linear out;
    private final @Nullable Parameter table;

    /** Creates the parameters below {@code prefix}, which ends with a dot or is empty. */
    Attention(AttentionConfig config, int features, int lMax, double dropout, String prefix, ParameterStore store) {
        this.config = config;
        this.features = features;
        this.head = config.headOf(features);
        this.dropout = dropout;
        this.longest = config.lMax() == null ? lMax : config.lMax();
        double xavier = Math.sqrt(6.0 / (4 * features));
        this.in = new Linear(
                store.addUniform(prefix + "in_proj_weight", Role.WEIGHT, xavier, 3L * features, features),
                store.add(prefix + "in_proj_bias", Role.BIAS, new double[3 * features], 3L * features));
        String last = prefix + "out_proj.";
        this.out = new Linear(
                store.addUniform(last + "weight", Role.WEIGHT, 1 / Math.sqrt(features), features, features),
                store.add(last + "bias", Role.BIAS, new double[features], features));
        this.table = config.positions() == Positions.LEARNED
                ? store.addUniform(prefix + "positions.weight", Role.EMBEDDING, 0.02, longest, features)
                : null;
    }

    @Override
    public Output forward(Tensor x, @Nullable Tensor state, double rate, @Nullable Tensor mask, boolean training) {
        refuseStateOfTheFuture(state != null);
        long b = x.size(0);
        long l = x.size(1);
        long first = state == null ? 0 : Math.round(state.select(1, 0).select(0, 0).item().toDouble());
        Tensor made = in.forward(placed(x, first));
        Tensor q = heads(made.narrow(2, 0, features));
        Tensor k = heads(made.narrow(2, features, features));
        if (config.positions() == Positions.ROTARY) {
            Rotation rotation = Rotation.of(Math.toIntExact(l), head / 2, first, rate, q);
            q = rotation.turn(q);
            k = rotation.turn(k);
        }
        Tensor v = heads(made.narrow(2, 2L * features, features));
        Tensor[] seen = {k, v};
        if (state != null) {
            Tensor cache = state.narrow(1, 1, state.size(1) - 1).reshape(b, -1, 2L * features);
            seen[0] = Tensors.cat(2, heads(cache.narrow(2, 0, features)), k);
            seen[1] = Tensors.cat(2, heads(cache.narrow(2, features, features)), v);
        }
        long before = seen[0].size(2) - l;
        Tensor allowed = allowed(l, before, mask, x);
        Tensor y = OneBlasThread.of(
                t -> torch.scaled_dot_product_attention(t[0], t[1], t[2],
                        allowed == null ? new TensorOptional() : new TensorOptional(allowed), training ? dropout : 0,
                        config.causal() && allowed == null, new DoubleOptional(), false),
                q, seen[0], seen[1]);
        Tensor mixed = out.forward(y.transpose(1, 2).reshape(b, l, features));
        return new Output(mixed, state == null ? null : next(state, seen, first + l));
    }

    /** The input with each step's learned row, if it has one. */
    private Tensor placed(Tensor x, long first) {
        if (table == null) {
            return x;
        }
        long end = first + x.size(1);
        if (end > longest) {
            throw new IllegalArgumentException(
                    "learned positions: got step %,d; expected at most %,d, the rows of the table (l_max). Use positions=rotary for longer sequences"
                            .formatted(end, longest));
        }
        return x.add(table.value().narrow(0, first, x.size(1)));
    }

    /** {@code [b, l, h] -> [b, heads, l, d]}. */
    private Tensor heads(Tensor x) {
        return x.unflatten(2, config.nHeads(), head).transpose(1, 2);
    }

    /**
     * Cosines and sines {@code [l, d / 2]} by which positions from {@code first} on rotate the two halves of a head: (a, c) → (a
     * cos − c sin, c cos + a sin).
     */
    private record Rotation(Tensor cos, Tensor sin) {
        static Rotation of(int l, int half, long first, double rate, Tensor like) {
            double[] cos = new double[l * half];
            double[] sin = new double[l * half];
            for (int i = 0; i < half; i++) {
                double angle = rate * Math.pow(AttentionConfig.BASE, -(double) i / half);
                for (int t = 0; t < l; t++) {
                    cos[t * half + i] = Math.cos((first + t) * angle);
                    sin[t * half + i] = Math.sin((first + t) * angle);
                }
            }
            return new Rotation(Tensors.of(cos, like, l, half), Tensors.of(sin, like, l, half));
        }

        Tensor turn(Tensor x) {
            long half = x.size(3) / 2;
            Tensor lower = x.narrow(3, 0, half);
            Tensor upper = x.narrow(3, half, half);
            return Tensors.cat(3, lower.mul(cos).sub(upper.mul(sin)), upper.mul(cos).add(lower.mul(sin)));
        }
    }

    /** Which keys each query sees, true where it does; null: those up to its own, or all. */
    private @Nullable Tensor allowed(long l, long before, @Nullable Tensor mask, Tensor like) {
        if (!config.causal()) {
            return mask == null ? null : mask.transpose(1, 2).unsqueeze(1).ne(new Scalar(0.0)); // [b, 1, 1, l]
        }
        Integer window = config.window();
        if (before == 0 && (window == null || l <= window)) {
            return null; // what comes behind is not seen, padding neither
        }
        Tensor query = Tensors.range(l, like).add(new Scalar((double) before)).unsqueeze(1);
        Tensor age = query.sub(Tensors.range(before + l, like).unsqueeze(0)); // [l, before + l]
        Tensor seen = age.ge(new Scalar(0.0));
        return window == null ? seen : seen.logical_and(age.lt(new Scalar((double) window)));
    }

    /** Keys and values that a later step can see. */
    private Tensor next(Tensor state, Tensor[] seen, long steps) {
        long had = seen[0].size(2);
        long kept = config.window() == null ? had : Math.min(had, config.window() - 1);
        Tensor[] rows = Arrays.stream(seen)
                .map(s -> s.narrow(2, had - kept, kept).transpose(1, 2).flatten(2, 3)).toArray(Tensor[]::new);
        Tensor count = state.narrow(1, 0, 1).mul(new Scalar(0.0)).add(new Scalar((double) steps));
        return Tensors.cat(1, count, Tensors.cat(2, rows).flatten(1, 2));
    }

    private void refuseStateOfTheFuture(boolean wanted) {
        if (wanted && !config.causal()) {
            throw new IllegalArgumentException("attention that is not causal has no state: its output depends on later "
                    + "inputs; run whole sequences, or train with causal true");
        }
    }

    @Override
    public Stepper stepper(double rate) {
        refuseStateOfTheFuture(true);
        return (x, state) -> {
            Output next = forward(x.unsqueeze(1), state, rate, null, false);
            return new Output(next.y().squeeze(1), next.state());
        };
    }

    @Override
    public Tensor zeroState(long batch) {
        Tensor weight = out.weight().value();
        return Tensors.zeros(weight.scalar_type(), weight, batch, 1);
    }

    @Override
    public int dOutput() { return features; }
}
