package s4j.kernel.cauchy;

import java.util.Arrays;
import s4j.kernel.Backend;
import s4j.kernel.Lanes;
import s4j.kernel.Workers;

/**
 * The sums under S4's kernel at the nodes ω_k = e^{−2πik/L}, k = 0 … L/2, for several numerators over the same poles:
 *
 * <pre>
 *   s[j, h, k] = Σ_n v[j, h, n] / (2(1−ω_k) − λ[h, n](1+ω_k)) + conj(v[j, h, n]) / (2(1−ω_k) − conj(λ[h, n])(1+ω_k))
 * </pre>
 *
 * <p>in float64, forward and backward. Complex numbers are (re, im) pairs; λ holds dt already.
 *
 * <p>With C = cos(πk/L) and S = sin(πk/L), 1 + ω = 2C e^{−iπk/L} and 1 − ω = 2iS e^{−iπk/L}. Both terms of a conjugate pair,
 * brought to one denominator, are then
 *
 * <pre>
 *   s = e^{iπk/L} Σ_n (2iS Re v − C Re(v conj λ)) / E,   E = (C Re λ)² + (C Im λ − 2S)(C Im λ + 2S) − 4iCS Re λ
 * </pre>
 *
 * <p>so that one complex reciprocal serves all j, and each costs four multiply-adds. Nodes lie on the lanes, nothing of
 * size {@code [h, n, k]} is kept; the backward pass makes the reciprocals again.
 *
 * <p>Source: S4 (2111.00396), appendix C.3; the common denominator is that of a real second-order section.
 */
public final class CauchySums {
    /** Nodes whose reciprocals are held at once; with 32 states they fit the first cache. */
    static final int BLOCK = 64;
    /** Where r, d and dr begin in their arrays. */
    static final int FIRST = Lanes.FIRST_LONG;

    /** What runs on lanes, over some nodes; arrays for them hold re and im apart, {@value #BLOCK} places each. */
    interface Inner {
        /** Nodes side by side. */
        int lanes();

        /** r = 1/E for one pole a + ib; y is 2S. */
        void reciprocals(double a, double b, double[] c, double[] y, int at, int nodes, double[] r, int rAt);

        /** (re, im) of Σ_n g_n r_n, then of Σ_n p_n r_n. */
        void sums(double[] r, int n, double[] g, double[] p, int from, int nodes, double[] sums);

        /** (re, im) = e^{iπk/L} (2iS second − C first) of these sums. */
        void combine(double[] sums, double[] c, double[] y, int at, int nodes, double[] re, double[] im);

        /** The gradients of those sums, (re, im) each, from the gradient of their combination. */
        void split(double[] re, double[] im, double[] c, double[] y, int at, int nodes, double[] d, int dAt);

        /** For two neighbouring n: acc += the products of r with the gradients, (n, first or second, re or im, lane). */
        void dots(double[] r, int rAt, double[] d, int dAt, int nodes, double[] acc, int accAt);

        /**
         * The gradients of two neighbouring r, dr = Σ_j g_j first_j + p_j second_j over all rows of numerators.
         *
         * @param gAt where the first pole's g and p stand in row 0; rows are {@code even} apart
         * @param dr (pole, re or im)
         */
        void reciprocalGradients(double[] d, int rows, double[] g, double[] p, int gAt, int even, int nodes,
                double[] dr);

        /** From that of r to that of E: acc += (C² Re dE, 2CS Im dE). */
        void poles(double[] r, int rAt, double[] dr, int drAt, double[] c, double[] y, int at, int nodes, double[] acc,
                int accAt);
    }

    private final Inner inner;
    private final Workers workers;
    private final int pairs;
    private final int h;
    private final int n;
    /** n, made even. */
    private final int even;
    private final int nodes;
    private final double[] v;
    private final double[] lambda;
    /** cos(πk/L), and 2 sin(πk/L), with places after the last node. */
    final double[] c;
    final double[] y;

    /**
     * Numerators, poles and length.
     *
     * @param backend SIMD or scalar
     * @param workers the threads
     * @param pairs numerators of each pole, h features, n conjugate pairs of poles
     * @param length L ≥ 1; the nodes are k = 0 … L/2
     * @param v {@code [pairs, h, n]} as (re, im) pairs; not copied
     * @param lambda dt λ {@code [h, n]} as (re, im) pairs, Re λ &lt; 0; not copied
     */
    public CauchySums(Backend backend, Workers workers, int pairs, int h, int n, int length, double[] v,
            double[] lambda) {
        if (pairs < 1 || h < 1 || n < 1 || length < 1 || v.length != 2 * pairs * h * n || lambda.length != 2 * h * n) {
            throw new IllegalArgumentException(
                    "Cauchy sums [%d, %d, %d] at length %d: %d values of v and %d of lambda; expected sizes ≥ 1 and 2 [pairs, h, n], 2 [h, n]"
                            .formatted(pairs, h, n, length, v.length, lambda.length));
        }
        this.inner = backend.required() == Backend.SIMD ? new SimdCauchySums() : new ScalarCauchySums();
        this.workers = workers;
        this.pairs = pairs;
        this.h = h;
        this.n = n;
        this.even = n + n % 2;
        this.nodes = length / 2 + 1;
        this.v = v;
        this.lambda = lambda;
        this.c = new double[nodes + BLOCK];
        this.y = new double[nodes + BLOCK];
        Arrays.fill(y, 2); // places after the last node: E = −4
        for (int k = 0; k < nodes; k++) {
            c[k] = Math.cos(Math.PI * k / length);
            y[k] = 2 * Math.sin(Math.PI * k / length);
        }
    }

    /** L/2 + 1. */
    public int nodes() { return nodes; }

    /** Gradients in the convention ∂re + i ∂im of a real loss: v {@code [pairs, h, n]} and lambda {@code [h, n]}. */
    public record Gradients(double[] v, double[] lambda) {}

    /**
     * The work on one feature, block after block of nodes: {@link #begin}, then the sums, then for a backward pass the
     * gradient of each of them and {@link #endBlock}; after all blocks {@link #finish}.
     */
    final class Feature {
        private final int f;
        /** p = Re v and g = Re(v conj λ), {@code [pair, n]}. */
        private final double[] p = new double[pairs * even];
        private final double[] g = new double[pairs * even];
        private final double[] r = new double[FIRST + 2 * even * BLOCK];
        private final double[] sums = new double[4 * BLOCK];
        private int start;
        private int padded;
        private double[] d = new double[0];
        private double[] dr = new double[0];
        private double[] dots = new double[0];
        private double[] poles = new double[0];

        Feature(int f) {
            this.f = f;
            for (int j = 0; j < pairs; j++) {
                for (int i = 0; i < n; i++) {
                    int from = 2 * ((j * h + f) * n + i);
                    p[j * even + i] = v[from];
                    g[j * even + i] = v[from] * a(i) + v[from + 1] * b(i);
                }
            }
        }

        private double a(int i) { return i < n ? lambda[2 * (f * n + i)] : -1; }

        private double b(int i) { return i < n ? lambda[2 * (f * n + i) + 1] : 0; }

        /** Room for the backward pass. */
        void grow() {
            d = new double[FIRST + 4 * pairs * BLOCK];
            dr = new double[FIRST + 4 * BLOCK];
            dots = new double[4 * pairs * even * inner.lanes()];
            poles = new double[2 * even * inner.lanes()];
        }

        /** The reciprocals of the nodes from here on. */
        void begin(int node) {
            int unit = 2 * inner.lanes();
            start = node;
            padded = Math.ceilDiv(Math.min(BLOCK, nodes - node), unit) * unit;
            for (int i = 0; i < even; i++) {
                inner.reciprocals(a(i), b(i), c, y, start, padded, r, FIRST + 2 * i * BLOCK);
            }
        }

        /** The sums of one row of numerators, finite after the last node too. */
        void sums(int j, double[] re, double[] im) {
            inner.sums(r, even, g, p, j * even, padded, sums);
            inner.combine(sums, c, y, start, padded, re, im);
        }

        /** Takes the gradient of those sums, which is 0 after the last node. */
        void gradient(int j, double[] re, double[] im) {
            inner.split(re, im, c, y, start, padded, d, FIRST + 4 * j * BLOCK);
            for (int i = 0; i < even; i += 2) {
                inner.dots(r, FIRST + 2 * i * BLOCK, d, FIRST + 4 * j * BLOCK, padded, dots,
                        4 * (j * even + i) * inner.lanes());
            }
        }

        /** After the gradients of all rows: the poles' part. */
        void endBlock() {
            for (int i = 0; i < even; i += 2) {
                inner.reciprocalGradients(d, pairs, g, p, i, even, padded, dr);
                for (int k = i; k < i + 2; k++) {
                    inner.poles(r, FIRST + 2 * k * BLOCK, dr, FIRST + 2 * (k - i) * BLOCK, c, y, start, padded, poles,
                            2 * k * inner.lanes());
                }
            }
        }

        void finish(Gradients gradients) {
            int w = inner.lanes();
            for (int i = 0; i < n; i++) {
                double first = lanes(poles, 2 * i * w);
                double da = 2 * a(i) * first - 2 * lanes(poles, (2 * i + 1) * w);
                double db = 2 * b(i) * first;
                for (int j = 0; j < pairs; j++) {
                    int at = 4 * (j * even + i) * w;
                    double dg = lanes(dots, at) + lanes(dots, at + w);
                    double dp = lanes(dots, at + 2 * w) + lanes(dots, at + 3 * w);
                    int to = 2 * ((j * h + f) * n + i);
                    gradients.v[to] = dp + dg * a(i);
                    gradients.v[to + 1] = dg * b(i);
                    da += dg * v[to];
                    db += dg * v[to + 1];
                }
                gradients.lambda[2 * (f * n + i)] = da;
                gradients.lambda[2 * (f * n + i) + 1] = db;
            }
        }
    }

    /** The sums {@code [pairs, h, k]} as (re, im) pairs. */
    public double[] forward() {
        double[] s = new double[2 * pairs * h * nodes];
        workers.forEach(h, f -> {
            Feature x = new Feature(f);
            double[] re = new double[BLOCK];
            double[] im = new double[BLOCK];
            for (int start = 0; start < nodes; start += BLOCK) {
                x.begin(start);
                for (int j = 0; j < pairs; j++) {
                    x.sums(j, re, im);
                    store(re, im, s, j * h + f, start);
                }
            }
        });
        return s;
    }

    /**
     * The gradients of a loss whose gradient of s is ds.
     *
     * @param ds {@code [pairs, h, k]} as (re, im) pairs
     */
    public Gradients backward(double[] ds) {
        if (ds.length != 2 * pairs * h * nodes) {
            throw new IllegalArgumentException("gradient of Cauchy sums: " + ds.length + " numbers; expected "
                    + 2 * pairs * h * nodes + " for [" + pairs + ", " + h + ", " + nodes + "] pairs");
        }
        Gradients gradients = zeros();
        workers.forEach(h, f -> {
            Feature x = new Feature(f);
            x.grow();
            double[] re = new double[BLOCK];
            double[] im = new double[BLOCK];
            for (int start = 0; start < nodes; start += BLOCK) {
                x.begin(start);
                for (int j = 0; j < pairs; j++) {
                    load(ds, j * h + f, start, re, im);
                    x.gradient(j, re, im);
                }
                x.endBlock();
            }
            x.finish(gradients);
        });
        return gradients;
    }

    Gradients zeros() { return new Gradients(new double[v.length], new double[lambda.length]); }

    /** A block of nodes into a row {@code [row, k]} of (re, im) pairs. */
    void store(double[] re, double[] im, double[] pairsOf, int row, int start) {
        int to = 2 * (row * nodes + start);
        for (int k = 0; k < Math.min(BLOCK, nodes - start); k++) {
            pairsOf[to + 2 * k] = re[k];
            pairsOf[to + 2 * k + 1] = im[k];
        }
    }

    /** A block of nodes from such a row, 0 after the last. */
    void load(double[] pairsOf, int row, int start, double[] re, double[] im) {
        int from = 2 * (row * nodes + start);
        int some = Math.min(BLOCK, nodes - start);
        for (int k = 0; k < some; k++) {
            re[k] = pairsOf[from + 2 * k];
            im[k] = pairsOf[from + 2 * k + 1];
        }
        Arrays.fill(re, some, BLOCK, 0);
        Arrays.fill(im, some, BLOCK, 0);
    }

    private double lanes(double[] sums, int at) {
        double sum = 0;
        for (int j = 0; j < inner.lanes(); j++) {
            sum += sums[at + j];
        }
        return sum;
    }
}
