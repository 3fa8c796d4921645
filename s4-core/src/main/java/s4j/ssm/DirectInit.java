package s4j.ssm;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import s4j.hippo.Measure;
import s4j.hippo.Nplr;
import s4j.math.Complex;
import s4j.math.NearestName;

/**
 * Initialisations whose spectrum is written down: with k = 0 … N/2 - 1, Re lambda = -1/2 and -Im lambda is
 *
 * <ul>
 * <li>lin: pi k
 * <li>inv: N/pi (N/(2k+1) - 1)
 * <li>inv2: N/pi (N/(k+1) - 1)
 * <li>quad: (1+2k)^2/pi
 * <li>legs: the imaginary parts of LegS' normal part, with LegS' B and P (P also in {@code diag-legs}, as the official
 * code has it: the diagonal layer ignores it)
 * <li>rand: e^normal
 * <li>real: 0, with Re lambda = -(k+1)
 * </ul>
 *
 * <p>P is complex normal for {@code dplr-*} and 0 for {@code diag-*}. Source: S4D (2206.11893), section 4; official
 * {@code dplr.dplr}.
 *
 * @param spectrum the imaginary parts
 * @param lowRank whether P is drawn
 * @param dState N
 * @param rank rows of P
 * @param options scales and choices
 */
record DirectInit(Spectrum spectrum, boolean lowRank, int dState, int rank, SsmInit.Options options) {
    private static final List<String> B_INITS = List.of("constant", "random", "alternating", "unit-cw", "unit-ccw",
            "hippo", "legs");

    /** One system. */
    Dplr draw(RandomGenerator random) {
        Complex[] lambda = lambda(random);
        boolean legsInput = spectrum == Spectrum.LEGS || options.bInit().equals("hippo")
                || options.bInit().equals("legs");
        Complex[] b;
        Complex[][] p;
        if (legsInput) {
            Nplr legs = Nplr.of(new Measure.LegS(), dState, Math.max(rank, 1), Nplr.B_CLIP);
            b = legs.b();
            p = legs.p();
        } else {
            b = input(random);
            p = new Complex[rank][dState / 2];
            double scale = lowRank ? options.pScale() : 0;
            for (Complex[] row : p) {
                Arrays.setAll(row, i -> scale == 0 ? Complex.ZERO : normal(random).times(scale));
            }
        }
        b = scaled(b, options.bScale());
        return new Dplr(lambda, p, options.normalize() ? normalized(b, lambda) : b);
    }

    private Complex[] lambda(RandomGenerator random) {
        int pairs = dState / 2;
        double[] real = new double[pairs];
        double[] index = new double[pairs];
        for (int k = 0; k < pairs; k++) {
            double half = options.realRandom() ? random.nextDouble() : 0.5;
            // the official real spectrum replaces the real part after the scale, so the scale does not touch it
            real[k] = spectrum != Spectrum.REAL
                    ? half * options.realScale()
                    : options.realRandom() ? half * pairs : 1 + k;
        }
        for (int k = 0; k < pairs; k++) {
            index[k] = options.imagRandom() ? pairs * random.nextDouble() : k;
        }
        Complex[] legs = spectrum == Spectrum.LEGS ? Nplr.of(new Measure.LegS(), dState, 1).lambda() : new Complex[0];
        Complex[] lambda = new Complex[pairs];
        for (int k = 0; k < pairs; k++) {
            double imaginary = switch (spectrum) {
                case LEGS -> -legs[k].im();
                case RAND -> Math.exp(random.nextGaussian());
                case LIN, INV, INV2, QUAD, REAL -> spectrum.frequency(index[k], dState);
            };
            lambda[k] = Complex.of(-real[k], -options.imagScale() * imaginary);
            if (!(lambda[k].re() <= 0 && lambda[k].im() <= 0)) {
                throw new IllegalArgumentException("initial A[" + k + "] is " + lambda[k] + " (spectrum " + spectrum
                        + ", " + options + "); expected real and imaginary part at most 0");
            }
        }
        return lambda;
    }

    private Complex[] input(RandomGenerator random) {
        Complex[] b = new Complex[dState / 2];
        double turn = 2 * Math.PI / dState;
        Arrays.setAll(b, k -> switch (options.bInit()) {
            case "constant" -> Complex.ONE;
            case "random" -> normal(random);
            case "alternating" -> Complex.of(k % 2 == 0 ? 1 : -1);
            case "unit-cw" -> Complex.polar(1, -turn * k);
            case "unit-ccw" -> Complex.polar(1, turn * k);
            default -> throw new IllegalArgumentException("unknown B_init " + options.bInit() + "; did you mean "
                    + NearestName.of(options.bInit(), B_INITS) + "? Known: " + String.join(", ", B_INITS));
        });
        return b;
    }

    /** Complex normal of variance 1: 1/2 in each part. */
    private static Complex normal(RandomGenerator random) {
        double re = random.nextGaussian();
        return Complex.of(re, random.nextGaussian()).times(Math.sqrt(0.5));
    }

    private static Complex[] scaled(Complex[] b, double scale) {
        Complex[] scaled = new Complex[b.length];
        Arrays.setAll(scaled, k -> b[k].times(scale));
        return scaled;
    }

    /** B / sqrt(zeta), zeta = 2 sum |B/A|^2: the variance of the constant input's response under a random C. */
    private static Complex[] normalized(Complex[] b, Complex[] lambda) {
        double zeta = 0;
        for (int k = 0; k < b.length; k++) {
            zeta += 2 * b[k].dividedBy(lambda[k]).squaredAbs();
        }
        return scaled(b, 1 / Math.sqrt(zeta));
    }
}
