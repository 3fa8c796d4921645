package s4j.kernel.cauchy;

import java.util.Arrays;
import s4j.kernel.Backend;
import s4j.kernel.Workers;

/**
 * The generating functions of S4's kernels with one low-rank term, at the nodes ω_k = e^{−2πik/L}, k = 0 … L/2: the half
 * spectrum whose inverse real transform is K. From the {@link CauchySums} s_XY of B and P with C̃ and P*:
 *
 * <pre>
 *   K̂[c, h, k] = 2 (s_CB − r s_CP s_QB),   r = (1+ω) / (1 + (1+ω) s_QP)
 * </pre>
 *
 * <p>in float64, forward and backward, block after block of nodes, so that the sums themselves are never in memory; the
 * backward pass makes them again. With G = 2 dK̂ and e = Σ_c conj(s_CP) G, gradients of the sums are G, −conj(r s_QB) G,
 * −conj(r) e and conj(r² s_QB) e.
 *
 * <p>Source: S4 (2111.00396), section 3.2 and appendix C.3; {@link s4j.ssm.AttunedDplrSsm} is the form to read.
 */
public final class DplrSpectrum {
    /** Nodes at once. */
    static final int BLOCK = CauchySums.BLOCK;

    /**
     * What runs on lanes, over {@value #BLOCK} nodes of one feature. rm and e hold their parts one after the other: r, m = r s_QB and
     * e, each as re, then im.
     */
    interface Inner {
        /** r and m; places after the last node have C = 0, so r = 0. */
        void lowRank(double[] qbRe, double[] qbIm, double[] qpRe, double[] qpIm, double[] c, double[] y, int at,
                double[] rm);

        /** s_CB becomes K̂ = 2 (s_CB − m s_CP). */
        void correct(double[] cbRe, double[] cbIm, double[] cpRe, double[] cpIm, double[] rm);

        /** With G = 2 dK̂: e += conj(s_CP) G, then s_CB becomes G and s_CP −conj(m) G. */
        void channelGradients(double[] dRe, double[] dIm, double[] cbRe, double[] cbIm, double[] cpRe, double[] cpIm,
                double[] rm, double[] e);

        /** s_QB becomes −conj(r) e and s_QP conj(r m) e. */
        void lowRankGradients(double[] qbRe, double[] qbIm, double[] qpRe, double[] qpIm, double[] rm, double[] e);
    }

    private final Inner inner;
    private final Workers workers;
    private final CauchySums sums;
    private final int channels;
    private final int h;

    /**
     * Numerators, poles and length.
     *
     * @param backend SIMD or scalar
     * @param workers the threads
     * @param channels c, h features, n conjugate pairs
     * @param length L ≥ 1
     * @param v dt times (B, P) times (C̃, P*), {@code [2, c + 1, h, n]} as (re, im) pairs; not copied
     * @param lambda dt λ {@code [h, n]} as (re, im) pairs, Re λ &lt; 0; not copied
     */
    public DplrSpectrum(Backend backend, Workers workers, int channels, int h, int n, int length, double[] v,
            double[] lambda) {
        this.inner = backend.required() == Backend.SIMD ? new SimdDplrSpectrum() : new ScalarDplrSpectrum();
        this.sums = new CauchySums(backend, workers, 2 * (channels + 1), h, n, length, v, lambda);
        this.workers = workers;
        this.channels = channels;
        this.h = h;
    }

    /** L/2 + 1. */
    public int nodes() { return sums.nodes(); }

    /** The spectra {@code [c, h, k]} as (re, im) pairs. */
    public double[] forward() {
        double[] spectrum = new double[2 * channels * h * nodes()];
        workers.forEach(h, f -> {
            Block x = new Block(f);
            for (int start = 0; start < nodes(); start += BLOCK) {
                x.begin(start);
                for (int c = 0; c < channels; c++) {
                    x.correct(c);
                    sums.store(x.re[c], x.im[c], spectrum, c * h + f, start);
                }
            }
        });
        return spectrum;
    }

    /**
     * The gradients, in the convention ∂re + i ∂im, of a real loss whose gradient of K̂ is given.
     *
     * @param gradient {@code [c, h, k]} as (re, im) pairs
     */
    public CauchySums.Gradients backward(double[] gradient) {
        if (gradient.length != 2 * channels * h * nodes()) {
            throw new IllegalArgumentException("gradient of a DPLR spectrum: " + gradient.length
                    + " numbers; expected " + 2 * channels * h * nodes() + " for [" + channels + ", " + h + ", "
                    + nodes() + "] pairs");
        }
        CauchySums.Gradients gradients = sums.zeros();
        workers.forEach(h, f -> {
            Block x = new Block(f);
            x.feature.grow();
            double[] re = new double[BLOCK];
            double[] im = new double[BLOCK];
            for (int start = 0; start < nodes(); start += BLOCK) {
                x.begin(start);
                Arrays.fill(x.e, 0);
                for (int c = 0; c < channels; c++) {
                    sums.load(gradient, c * h + f, start, re, im);
                    x.channelGradients(c, re, im);
                }
                x.lowRankGradients();
                for (int j = 0; j < x.re.length; j++) {
                    x.feature.gradient(j, x.re[j], x.im[j]);
                }
                x.feature.endBlock();
            }
            x.feature.finish(gradients);
        });
        return gradients;
    }

    /** Some nodes of one feature: the sums {@code [2 (c + 1), k]}, which become K̂, or their own gradients. */
    private final class Block {
        final CauchySums.Feature feature;
        final double[][] re = new double[2 * (channels + 1)][BLOCK];
        final double[][] im = new double[2 * (channels + 1)][BLOCK];
        private final int qb = channels;
        private final int qp = 2 * channels + 1;
        private final double[] rm = new double[4 * BLOCK];
        final double[] e = new double[2 * BLOCK];

        Block(int f) { this.feature = sums.new Feature(f); }

        /** The sums of the nodes from here on, and what all channels share. */
        void begin(int start) {
            feature.begin(start);
            for (int j = 0; j < re.length; j++) {
                feature.sums(j, re[j], im[j]);
            }
            inner.lowRank(re[qb], im[qb], re[qp], im[qp], sums.c, sums.y, start, rm);
        }

        /** s_CB of one channel becomes K̂. */
        void correct(int c) {
            inner.correct(re[c], im[c], re[channels + 1 + c], im[channels + 1 + c], rm);
        }

        /** The sums s_CB and s_CP of one channel become their gradients; e grows. */
        void channelGradients(int c, double[] dRe, double[] dIm) {
            inner.channelGradients(dRe, dIm, re[c], im[c], re[channels + 1 + c], im[channels + 1 + c], rm, e);
        }

        /** s_QB and s_QP become their gradients. */
        void lowRankGradients() {
            inner.lowRankGradients(re[qb], im[qb], re[qp], im[qp], rm, e);
        }
    }
}
