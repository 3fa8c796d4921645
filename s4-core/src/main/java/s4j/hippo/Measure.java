package s4j.hippo;

import java.util.List;
import java.util.Locale;
import s4j.math.NearestName;

/**
 * What the history is weighed by, and with it the basis that the state holds coefficients of.
 *
 * <p>Source: Gu et al., HiPPO (2008.07669); Gu et al., How to train your HiPPO (2206.12037).
 */
public sealed interface Measure {
    /** The official name, as configurations spell it. */
    String label();

    /** LegS: Legendre polynomials scaled to the whole past [0, t]. */
    record LegS() implements Measure {
        @Override
        public String label() { return "legs"; }
    }

    /** LegSD: LegS plus half its rank-one term, which makes it normal: the diagonal part of S4-LegS. */
    record LegSD() implements Measure {
        @Override
        public String label() { return "legsd"; }
    }

    /** LegT: Legendre polynomials on the sliding window [t - 2, t]. */
    record LegT() implements Measure {
        @Override
        public String label() { return "legt"; }
    }

    /** LMU: LegT in the normalisation of the Legendre memory unit, on a window of length 1. */
    record Lmu() implements Measure {
        @Override
        public String label() { return "lmu"; }
    }

    /**
     * LagT: Laguerre polynomials under exponential decay of the past.
     *
     * @param beta scales B
     */
    record LagT(double beta) implements Measure {
        @Override
        public String label() { return "lagt"; }
    }

    /**
     * TLagT: the tilted Laguerre measure of the first HiPPO code.
     *
     * @param beta tilt; 1 is none
     */
    record TLagT(double beta) implements Measure {
        @Override
        public String label() { return "tlagt"; }
    }

    /**
     * GLagT: generalised Laguerre polynomials.
     *
     * @param alpha order of the polynomials, in (-1, 1)
     * @param beta decay, positive; small is most stable
     */
    record GLagT(double alpha, double beta) implements Measure {
        /** Checks the ranges in which the gamma functions of the normalisation exist. */
        public GLagT {
            if (!(alpha > -1 && alpha < 1 && beta > 0)) {
                throw new IllegalArgumentException("GLagT: alpha " + alpha + ", beta " + beta
                        + "; expected -1 < alpha < 1 and beta > 0");
            }
        }

        @Override
        public String label() { return "glagt"; }
    }

    /** The Fourier family: sines and cosines on a sliding window; needs even N. */
    enum Fourier implements Measure {
        /** FouT: orthonormal on the window [t - 2, t], the far end taken out by a rank-one term. */
        FOURIER("fourier"),
        /** FouT on the window [t - 1, t]. */
        FOURIER2("fourier2"),
        /** FouT with half the rank-one term, so that the far end is only damped. */
        FOURIER_DECAY("fourier_decay"),
        /** FouD: the frequencies alone, with decay 1/2 and no rank-one term. */
        FOURIER_DIAG("fourier_diag");

        private final String label;

        Fourier(String label) { this.label = label; }

        @Override
        public String label() { return label; }
    }

    /**
     * A dense normal random matrix of standard deviation 1/N: a baseline without structure.
     *
     * @param seed of the draw
     */
    record RandomDense(long seed) implements Measure {
        @Override
        public String label() { return "random"; }
    }

    /**
     * A random diagonal, {@code -exp(normal)}: a baseline of decays.
     *
     * @param seed of the draw
     */
    record RandomDiagonal(long seed) implements Measure {
        @Override
        public String label() { return "diagonal"; }
    }

    /** All names that {@link #named} knows. */
    List<String> NAMES = List.of("legs", "legsd", "legt", "lmu", "lagt", "tlagt", "glagt", "fourier", "fout",
            "fourier2",
            "fourier_decay", "fourier_diag", "foud", "random", "diagonal");

    /**
     * The measure of an official name, with its default parameters: beta 1 for lagt and tlagt, alpha 0 and beta 0.01 for
     * glagt, seed 0 for the random ones.
     *
     * @throws IllegalArgumentException for any other name, with the nearest right one
     */
    static Measure named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "legs" -> new LegS();
            case "legsd" -> new LegSD();
            case "legt" -> new LegT();
            case "lmu" -> new Lmu();
            case "lagt" -> new LagT(1);
            case "tlagt" -> new TLagT(1);
            case "glagt" -> new GLagT(0, 0.01);
            case "fourier", "fout" -> Fourier.FOURIER;
            case "fourier2" -> Fourier.FOURIER2;
            case "fourier_decay" -> Fourier.FOURIER_DECAY;
            case "fourier_diag", "foud" -> Fourier.FOURIER_DIAG;
            case "random" -> new RandomDense(0);
            case "diagonal" -> new RandomDiagonal(0);
            default -> throw new IllegalArgumentException("unknown HiPPO measure " + name + "; did you mean "
                    + NearestName.of(name, NAMES) + "? Known: " + String.join(", ", NAMES));
        };
    }
}
