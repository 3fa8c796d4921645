package s4j.train.compare;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigException;
import s4j.data.Dataset;
import s4j.model.AttentionConfig;
import s4j.model.AttentionConfig.Positions;
import s4j.model.BackboneConfig;
import s4j.model.LayerConfig;
import s4j.model.TcnConfig;
import s4j.torch.Learner;
import s4j.train.LearnerFactory;
import s4j.train.config.TrainConfig;

/**
 * A model made as large as a budget of parameters: d_model is searched, and with it a number of attention heads that divides
 * it, and where that is not enough the kernel of a TCN.
 *
 * @param config with the size
 * @param parameters trained ones
 */
record Sizing(TrainConfig config, long parameters) {
    /** How far from the budget a model may be. */
    static final double TOLERANCE = 0.03;
    private static final int WIDEST = 4096;
    /** Widths at which parameters are counted are multiples of it. */
    private static final int STEP = 8;

    /**
     * The size nearest to the budget whose width suits the machine.
     *
     * @param budget parameters; null: the model as it is
     * @throws ConfigException when none is within the tolerance
     */
    static Sizing of(String name, TrainConfig config, Dataset data, LearnerFactory learners, @Nullable Long budget) {
        if (budget == null) {
            return new Sizing(config, count(config, data, learners));
        }
        if (!(config.model() instanceof BackboneConfig backbone)) {
            throw new ConfigException(
                    "model " + name + " has widths of its own at each stage; expected a model of one d_model");
        }
        String refusal = "";
        for (BackboneConfig variant : variants(backbone)) {
            IntToLongFunction count = polynomial(d -> count(with(config, wide(variant, d)), data, learners));
            int near = search(budget, count);
            List<Integer> fitting = fitting(variant, budget, near, count);
            if (!fitting.isEmpty()) {
                int best = fitting.stream().min(Comparator.<Integer>comparingInt(d -> misfit(variant, d))
                        .thenComparingInt(d -> d % 8 == 0 ? 0 : 1)
                        .thenComparingLong(d -> Math.abs(count.applyAsLong(d) - budget))).orElseThrow();
                TrainConfig sized = with(config, wide(variant, best));
                return new Sizing(sized, count(sized, data, learners));
            }
            refusal = refusal.isEmpty() ? refusal(name, budget, near, count) : refusal;
        }
        throw new ConfigException(refusal);
    }

    /** The model itself; then, as a TCN grows by large steps, those with other kernels. */
    private static List<BackboneConfig> variants(BackboneConfig model) {
        List<BackboneConfig> out = new ArrayList<>(List.of(model));
        if (model.layer().stream().anyMatch(TcnConfig.class::isInstance)) {
            for (int more : new int[]{-1, 1, 2, 3}) {
                out.add(layers(model, model.dModel(), l -> l instanceof TcnConfig t
                        ? new TcnConfig(t.name(), Math.max(1, t.kernelSize() + more), t.dilations(), t.activation(),
                                t.dropout())
                        : l));
            }
        }
        return out;
    }

    /** Parameters against the width: of all layers at most quadratic, so three counts are enough. */
    private static IntToLongFunction polynomial(IntToLongFunction counted) {
        long first = counted.applyAsLong(STEP);
        long slope = counted.applyAsLong(2 * STEP) - first;
        long curve = counted.applyAsLong(3 * STEP) - first - 2 * slope;
        return d -> {
            double t = (double) (d - STEP) / STEP;
            return Math.round(first + t * slope + t * (t - 1) / 2 * curve);
        };
    }

    private static List<Integer> fitting(BackboneConfig model, long budget, int near, IntToLongFunction count) {
        List<Integer> fitting = new ArrayList<>();
        for (int d = near; d >= 1 && within(budget, count.applyAsLong(d)); d--) {
            fitting.add(d);
        }
        for (int d = near + 1; d <= WIDEST && within(budget, count.applyAsLong(d)); d++) {
            fitting.add(d);
        }
        fitting.removeIf(d -> !heads(model, d));
        return fitting;
    }

    private static String refusal(String name, long budget, int near, IntToLongFunction counted) {
        return String.format(Locale.ROOT,
                "model %s cannot have %,d parameters within %.0f %%: d_model %d has %,d, d_model %d has %,d; expected another budget.params, or n_layers",
                name, budget, 100 * TOLERANCE, near, counted.applyAsLong(near), near + 1,
                counted.applyAsLong(near + 1));
    }

    private static boolean within(long budget, long count) { return Math.abs(count - budget) <= TOLERANCE * budget; }

    /** The widest model within the budget, or 1. */
    private static int search(long budget, IntToLongFunction count) {
        int low = 1;
        int high = 2;
        while (high < WIDEST && count.applyAsLong(high) <= budget) {
            low = high;
            high *= 2;
        }
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (count.applyAsLong(middle) <= budget) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static long count(TrainConfig config, Dataset data, LearnerFactory learners) {
        try (Learner learner = learners.create(config.network(data), config.learnerOptions(data))) {
            return learner.parameters().stream().mapToLong(p -> p.shape().stream().reduce(1L, Math::multiplyExact))
                    .sum();
        }
    }

    /** Whether every attention can have heads at that width. */
    private static boolean heads(BackboneConfig model, int d) {
        return model.layer().stream().allMatch(l -> !(l instanceof AttentionConfig a) || fits(a, headsAt(a, d), d));
    }

    private static boolean fits(AttentionConfig a, int heads, int d) {
        return d % heads == 0 && (a.positions() != Positions.ROTARY || d / heads % 2 == 0);
    }

    /** How many attention layers have other heads than they were configured with. */
    private static int misfit(BackboneConfig model, int d) {
        return (int) model.layer().stream().filter(l -> l instanceof AttentionConfig a && headsAt(a, d) != a.nHeads())
                .count();
    }

    /** The number of heads nearest to the configured one; 1 where none fits, which counts parameters all the same. */
    private static int headsAt(AttentionConfig a, int d) {
        int best = 1;
        for (int n = 1; n <= d; n++) {
            if (fits(a, n, d) && Math.abs(Math.log((double) n / a.nHeads())) < Math
                    .abs(Math.log((double) best / a.nHeads()))) {
                best = n;
            }
        }
        return best;
    }

    private static BackboneConfig wide(BackboneConfig model, int d) {
        return layers(model, d, l -> l instanceof AttentionConfig a ? attention(a, d) : l);
    }

    private static BackboneConfig layers(BackboneConfig b, int d, UnaryOperator<LayerConfig> change) {
        return new BackboneConfig(b.name(), d, b.nLayers(), b.prenorm(), b.norm(), b.finalNorm(), b.dropout(),
                b.tieDropout(), b.dropinp(), b.residual(), b.nRepeat(), b.pool(),
                b.layer().stream().map(change).toList());
    }

    /** With heads of this width; positions that cannot be rotated are left out, as they have no parameters. */
    private static LayerConfig attention(AttentionConfig a, int d) {
        int heads = headsAt(a, d);
        Positions positions = fits(a, heads, d) ? a.positions() : Positions.NONE;
        return new AttentionConfig(a.name(), heads, a.causal(), positions, a.lMax(), a.window(), a.dropout());
    }

    private static TrainConfig with(TrainConfig c, BackboneConfig model) {
        return new TrainConfig(c.train(), c.run(), c.trainer(), c.kernel(), c.loader(), c.dataset(), c.task(),
                c.encoder(), c.decoder(), model, c.optimizer(), c.scheduler());
    }
}
