package s4j.kernel;

import java.util.Arrays;

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

        /** The gradient of one r, the part of one numerator: dr += g first + p second. */
        void addReciprocalGradient(double[] d, int dAt, double g, double p, int nodes, double[] dr);

        /** From that of r to that of E: acc += (C² Re dE, 2CS Im dE). */
        void poles(double[] r, int rAt, double[] dr, double[] c, double[] y, int at, int nodes, double[] acc,
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
    private final double[] c;
    private final double[] y;

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

    /** Places of one thread for one feature: p = Re v and g = Re(v conj λ), {@code [pair, n]}. */
    private final class Feature {
        final int f;
        final double[] p = new double[pairs * even];
        final double[] g = new double[pairs * even];
        final double[] r = new double[2 * even * BLOCK];
        final double[] re = new double[BLOCK];
        final double[] im = new double[BLOCK];

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

        double a(int i) { return i < n ? lambda[2 * (f * n + i)] : -1; }

        double b(int i) { return i < n ? lambda[2 * (f * n + i) + 1] : 0; }

        void reciprocals(int start, int padded) {
            for (int i = 0; i < even; i++) {
                inner.reciprocals(a(i), b(i), c, y, start, padded, r, 2 * i * BLOCK);
            }
        }
    }

    /** Nodes from start that are computed: a multiple of two vectors. */
    private int padded(int start) {
        int unit = 2 * inner.lanes();
        return Math.ceilDiv(Math.min(BLOCK, nodes - start), unit) * unit;
    }

    /** The sums {@code [pairs, h, k]} as (re, im) pairs. */
    public double[] forward() {
        double[] s = new double[2 * pairs * h * nodes];
        workers.forEach(h, f -> {
            Feature x = new Feature(f);
            double[] sums = new double[4 * BLOCK];
            for (int start = 0; start < nodes; start += BLOCK) {
                x.reciprocals(start, padded(start));
                for (int j = 0; j < pairs; j++) {
                    inner.sums(x.r, even, x.g, x.p, j * even, padded(start), sums);
                    inner.combine(sums, c, y, start, padded(start), x.re, x.im);
                    int to = 2 * ((j * h + f) * nodes + start);
                    for (int k = 0; k < Math.min(BLOCK, nodes - start); k++) {
                        s[to + 2 * k] = x.re[k];
                        s[to + 2 * k + 1] = x.im[k];
                    }
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
        Gradients gradients = new Gradients(new double[v.length], new double[lambda.length]);
        workers.forEach(h, f -> backward(new Feature(f), ds, gradients));
        return gradients;
    }

    private void backward(Feature x, double[] ds, Gradients gradients) {
        int w = inner.lanes();
        double[] d = new double[4 * pairs * BLOCK];
        double[] dr = new double[2 * BLOCK];
        double[] dots = new double[4 * pairs * even * w];
        double[] poles = new double[2 * n * w];
        for (int start = 0; start < nodes; start += BLOCK) {
            int padded = padded(start);
            x.reciprocals(start, padded);
            for (int j = 0; j < pairs; j++) {
                int from = 2 * ((j * h + x.f) * nodes + start);
                int some = Math.min(BLOCK, nodes - start);
                for (int k = 0; k < some; k++) {
                    x.re[k] = ds[from + 2 * k];
                    x.im[k] = ds[from + 2 * k + 1];
                }
                Arrays.fill(x.re, some, BLOCK, 0);
                Arrays.fill(x.im, some, BLOCK, 0);
                inner.split(x.re, x.im, c, y, start, padded, d, 4 * j * BLOCK);
                for (int i = 0; i < even; i += 2) {
                    inner.dots(x.r, 2 * i * BLOCK, d, 4 * j * BLOCK, padded, dots, 4 * (j * even + i) * w);
                }
            }
            for (int i = 0; i < n; i++) {
                Arrays.fill(dr, 0);
                for (int j = 0; j < pairs; j++) {
                    inner.addReciprocalGradient(d, 4 * j * BLOCK, x.g[j * even + i], x.p[j * even + i], padded, dr);
                }
                inner.poles(x.r, 2 * i * BLOCK, dr, c, y, start, padded, poles, 2 * i * w);
            }
        }
        for (int i = 0; i < n; i++) {
            double first = lanes(poles, 2 * i * w);
            double da = 2 * x.a(i) * first - 2 * lanes(poles, (2 * i + 1) * w);
            double db = 2 * x.b(i) * first;
            for (int j = 0; j < pairs; j++) {
                int at = 4 * (j * even + i) * w;
                double dg = lanes(dots, at) + lanes(dots, at + w);
                double dp = lanes(dots, at + 2 * w) + lanes(dots, at + 3 * w);
                int to = 2 * ((j * h + x.f) * n + i);
                gradients.v[to] = dp + dg * x.a(i);
                gradients.v[to + 1] = dg * x.b(i);
                da += dg * v[to];
                db += dg * v[to + 1];
            }
            gradients.lambda[2 * (x.f * n + i)] = da;
            gradients.lambda[2 * (x.f * n + i) + 1] = db;
        }
    }

    private double lanes(double[] sums, int at) {
        double sum = 0;
        for (int j = 0; j < inner.lanes(); j++) {
            sum += sums[at + j];
        }
        return sum;
    }
}
