package s4j.cli.bench;

import java.util.List;
import java.util.Locale;

/**
 * What is timed: one pass of one thing at one size.
 *
 * @param model S4D, S4 or a rival
 * @param kind how much of a network
 * @param pass forward alone, or with gradients
 * @param b sequences
 * @param h features
 * @param l steps
 * @param n state size N, of which N/2 pairs are stored; of no meaning to a rival
 * @param layers of a training step's network, or of each stage of a SaShiMi; 1 otherwise
 */
public record Work(Model model, Kind kind, Pass pass, int b, int h, int l, int n, int layers) {
    /** The two state space models, and what they are compared with. */
    public enum Model {
        S4D, S4, LSTM, TRANSFORMER;

        /** The state space models. */
        static final List<Model> FAMILY = List.of(S4D, S4);

        /** Whether it is no state space model: of those training steps alone are timed, beside PyTorch's own modules. */
        boolean rival() {
            return !FAMILY.contains(this);
        }

        /** As in {@code model=s4d} and in the protocol. */
        public String word() { return Work.word(this); }
    }

    /**
     * Convolution with its skip, block (with activation and projection), a step of training a whole network: one that classifies
     * sequences, one that forecasts the last fifth of their steps, one that predicts the next of 65 characters at each step; or
     * l steps of b streams through a SaShiMi, one after the other.
     */
    public enum Kind {
        CONVOLUTION, BLOCK, TRAINING_STEP, FORECAST_STEP, TEXT_STEP, SASHIMI_STEPS;

        /** Whether a whole network is trained. */
        boolean trains() {
            return this == TRAINING_STEP || this == FORECAST_STEP || this == TEXT_STEP;
        }

        /** Whether only one pass makes sense, which the name then leaves out. */
        private boolean onePass() {
            return trains() || this == SASHIMI_STEPS;
        }
    }

    /** Which passes. */
    public enum Pass {
        FWD, FWD_BWD
    }

    /** Checks the sizes. */
    public Work {
        if (Math.min(Math.min(b, h), Math.min(l, layers)) < 1 || n < 2 || n % 2 != 0) {
            throw new IllegalArgumentException("work of b %d, h %d, l %d, n %d, layers %d; expected sizes ≥ 1, n even"
                    .formatted(b, h, l, n, layers));
        }
        if (model.rival() && !kind.trains()) {
            throw new IllegalArgumentException(word(kind) + " of " + word(model) + "; expected training-step");
        }
        if (kind == Kind.SASHIMI_STEPS && pass != Pass.FWD) {
            throw new IllegalArgumentException(word(kind) + " with pass " + word(pass) + "; expected fwd");
        }
    }

    /** Under which it is chosen and reported, e.g. {@code s4d/convolution/fwd-bwd/b50-h128-l784}. */
    public String name() {
        return family() + "/b%d-h%d-l%d".formatted(b, h, l);
    }

    /** The name without sizes: the works of one family differ in length alone where b and h are the same. */
    public String family() {
        return word(model) + "/" + word(kind) + (kind.onePass() ? "" : "/" + word(pass));
    }

    /** As words of the protocol. */
    String words() {
        return "%s %s %s %d %d %d %d %d".formatted(word(model), word(kind), word(pass), b, h, l, n, layers);
    }

    /** Reads {@link #words}. */
    static Work parse(String words) {
        String[] w = words.strip().split(" ", -1);
        if (w.length != 8) {
            throw new IllegalArgumentException("work " + words + "; expected MODEL KIND PASS b h l n layers");
        }
        return new Work(Model.valueOf(constant(w[0])), Kind.valueOf(constant(w[1])), Pass.valueOf(constant(w[2])),
                Integer.parseInt(w[3]), Integer.parseInt(w[4]), Integer.parseInt(w[5]), Integer.parseInt(w[6]),
                Integer.parseInt(w[7]));
    }

    /** The same over few short sequences: it runs the same code with hardly any memory. */
    Work small() {
        return new Work(model, kind, pass, Math.min(b, 4), h, Math.min(l, 160), n, layers);
    }

    private static String word(Enum<?> constant) { return constant.name().toLowerCase(Locale.ROOT).replace('_', '-'); }

    private static String constant(String word) { return word.toUpperCase(Locale.ROOT).replace('-', '_'); }
}
