package s4j.stream;

import java.util.Arrays;
import s4j.math.Complex;
import s4j.model.S4LayerConfig;
import s4j.model.S4LayerConfig.Disc;
import s4j.ssm.DiagonalSsm;
import s4j.ssm.Dplr;
import s4j.ssm.Transform;

/**
 * The stored parameters of a layer's kernel under their official names, and the system of each feature that they make.
 * Bounds on dt and Re A are those of training.
 *
 * <p>Copies of (A, B, P) are shared: feature h uses copy h mod n_ssm. Low-rank systems are brought to the step 1: with one dt
 * for each state, {@code dt A} is similar to {@code dt lambda - (√dt P)(√dt P)*}, with √dt B and √dt C.
 */
final class SsmParameters {
    private static final double DT_LEAST = 1e-9;
    private static final double DT_MOST = 1e3;
    private static final double DECAY_LEAST = 1e-9;
    private static final double DECAY_MOST = 1e6;
    /** The largest exponent whose power is finite. */
    private static final double EXP_MOST = 700;

    private final S4LayerConfig config;
    final int h;
    final int n;
    /** Rows of C: twice the outputs when bidirectional. */
    final int rows;
    private final int copies;
    private final double[] c;
    private final double[] invDt;
    private final double[] b;
    private final double[] aReal;
    private final double[] aImag;
    private final double[] p;
    private final double[] d;
    /** The length C̃ belongs to; of S4 alone. */
    final long lKernel;

    SsmParameters(S4LayerConfig config, int h, int channels, Weights weights) {
        this.config = config;
        this.h = h;
        this.n = config.dState() / 2;
        this.rows = Math.multiplyExact(channels, config.bidirectional() ? 2 : 1);
        this.copies = config.nSsm() == null ? h : config.nSsm();
        if (copies > h || h % copies != 0) {
            throw new IllegalArgumentException("n_ssm " + copies + " does not divide the " + h + " features of "
                    + weights.name("") + "; expected a divisor, or null for one system per feature");
        }
        this.d = weights.doubles("D", channels, h);
        Weights kernel = weights.at("kernel.");
        this.c = kernel.doubles("C", rows, h, n, 2);
        this.invDt = kernel.doubles("inv_dt", h, config.dtTie() ? 1 : n);
        this.b = kernel.doubles("B", 1, copies, n, 2);
        this.aReal = kernel.doubles("A_real", copies, n);
        this.aImag = kernel.doubles("A_imag", copies, n);
        boolean diagonal = config.mode().diagonal();
        this.p = diagonal ? new double[0] : kernel.doubles("P", config.rank(), copies, n, 2);
        this.lKernel = diagonal ? 0 : kernel.count("l_kernel");
    }

    /** Steps of a feature at rate 1: one, or one a state. */
    double[] dt(int f) {
        int width = config.dtTie() ? 1 : n;
        double[] dt = new double[width];
        Arrays.setAll(dt, i -> within(transformed(config.dtTransform(), invDt[f * width + i]), DT_LEAST, DT_MOST));
        return dt;
    }

    private static double within(double x, double least, double most) { return Math.max(least, Math.min(most, x)); }

    private static double transformed(S4LayerConfig.Transform transform, double stored) {
        double bounded = transform == S4LayerConfig.Transform.EXP ? Math.min(stored, EXP_MOST) : stored;
        return Transform.valueOf(transform.name()).apply(bounded);
    }

    Complex[] a(int f) {
        int at = f % copies * n;
        Complex[] a = new Complex[n];
        Arrays.setAll(a, i -> {
            double decay = transformed(config.realTransform(), aReal[at + i]);
            double re = config.disc() == Disc.DSS ? decay : within(decay, DECAY_LEAST, DECAY_MOST);
            return Complex.of(-re, -transformed(config.imagTransform(), aImag[at + i]));
        });
        return a;
    }

    private Complex[] b(int f) { return complex(b, f % copies * n); }

    private Complex[] complex(double[] pairs, int at) {
        Complex[] z = new Complex[n];
        Arrays.setAll(z, i -> Complex.of(pairs[2 * (at + i)], pairs[2 * (at + i) + 1]));
        return z;
    }

    /** C (of S4: C̃) without the modes that the bandlimit masks at rate 1. */
    private Complex[][] c(int f) {
        Complex[][] all = new Complex[rows][];
        Arrays.setAll(all, r -> complex(c, (r * h + f) * n));
        Double limit = config.bandlimit();
        return limit == null ? all : new DiagonalSsm(dt(f), a(f), b(f), all, new double[rows]).bandlimit(limit).c();
    }

    /** D of output channel i and feature f. */
    double skip(int i, int f) { return d[i * h + f]; }

    /** The diagonal system of a feature, D left out. */
    DiagonalSsm diagonal(int f, double rate) {
        return new DiagonalSsm(dt(f), a(f), b(f), c(f), new double[rows]).atRate(rate);
    }

    /**
     * A low-rank system of step 1.
     *
     * @param system λ, P, B
     * @param c C {@code [c][n]}
     */
    record LowRank(Dplr system, Complex[][] c) {}

    /** The low-rank system of a feature at rate 1, with C̃ for C. */
    LowRank attuned(int f) {
        return lowRank(f, 1, c(f));
    }

    /** The same at a rate, with a C given at rate 1. */
    LowRank atRate(int f, double rate, Complex[][] atRateOne) {
        Complex[][] scaled = new Complex[rows][];
        Arrays.setAll(scaled, r -> scaled(atRateOne[r], root(f, 1), true));
        return lowRank(f, rate, scaled);
    }

    private LowRank lowRank(int f, double rate, Complex[][] unscaled) {
        double[] root = root(f, rate);
        Complex[][] ps = new Complex[config.rank()][];
        Arrays.setAll(ps, r -> scaled(complex(p, (r * copies + f % copies) * n), root, false));
        Complex[] lambda = scaled(scaled(a(f), root, false), root, false);
        Complex[][] cs = new Complex[rows][];
        Arrays.setAll(cs, r -> scaled(unscaled[r], root, false));
        return new LowRank(new Dplr(lambda, ps, scaled(b(f), root, false)), cs);
    }

    /** √dt of each state. */
    private double[] root(int f, double rate) {
        double[] dt = dt(f);
        double[] root = new double[n];
        Arrays.setAll(root, i -> Math.sqrt(dt[dt.length == 1 ? 0 : i] * rate));
        return root;
    }

    private static Complex[] scaled(Complex[] x, double[] by, boolean inverse) {
        Complex[] y = new Complex[x.length];
        Arrays.setAll(y, i -> x[i].times(inverse ? 1 / by[i] : by[i]));
        return y;
    }
}
