package s4j.kernel.cauchy;

/**
 * From the parameters of systems with one low-rank term to what {@link DplrSpectrum} sums, and from its gradients back:
 *
 * <pre>
 *   v[i, j, h, n] = dt (B, P)_i (C̃, P*)_j,   λ dt
 * </pre>
 *
 * <p>All parameters lie in one array, as all gradients do: as (re, im) pairs λ, B, P {@code [h, n]} and C̃ {@code [c, h, n]}, then dt
 * {@code [h, 1 or n]}.
 *
 * <p>Source: S4 (2111.00396), appendix C.3.
 */
public final class DplrTerms {
    private final int channels;
    private final int h;
    private final int n;
    /** Numbers of dt for each feature: one, or one for each state. */
    private final int steps;
    private final double[] parameters;
    private final double[] v;
    private final double[] lambda;

    /**
     * The products.
     *
     * @param channels c, h features, n conjugate pairs of states
     * @param parameters as above; not copied
     */
    public DplrTerms(int channels, int h, int n, double[] parameters) {
        int pairs = 2 * h * n;
        this.channels = channels;
        this.h = h;
        this.n = n;
        this.steps = parameters.length == h * n + pairs * (channels + 3) ? n : 1;
        if (parameters.length != h * steps + pairs * (channels + 3)) {
            throw new IllegalArgumentException(
                    "DPLR parameters: %d numbers; expected %d, or with a dt for each state %d, for [c %d, h %d, n %d]"
                            .formatted(parameters.length, h + pairs * (channels + 3), h * n + pairs * (channels + 3),
                                    channels, h, n));
        }
        this.parameters = parameters;
        this.v = new double[2 * pairs * (channels + 1)];
        this.lambda = new double[pairs];
        for (int state = 0; state < h * n; state++) {
            double dt = parameters[dtAt(state)];
            lambda[2 * state] = dt * parameters[at(0, state)];
            lambda[2 * state + 1] = dt * parameters[at(0, state) + 1];
            for (int i = 0; i < 2; i++) {
                double re = dt * parameters[at(1 + i, state)];
                double im = dt * parameters[at(1 + i, state) + 1];
                for (int j = 0; j <= channels; j++) {
                    int to = numerator(i, j, state);
                    double outRe = outRe(j, state);
                    double outIm = outIm(j, state);
                    v[to] = re * outRe - im * outIm;
                    v[to + 1] = re * outIm + im * outRe;
                }
            }
        }
    }

    /** dt (B, P) (C̃, P*), {@code [2, c + 1, h, n]} as (re, im) pairs. */
    public double[] v() { return v; }

    /** dt λ, {@code [h, n]} as (re, im) pairs. */
    public double[] lambda() { return lambda; }

    /** The gradients of the parameters, in the convention ∂re + i ∂im, from those of v and dt λ. */
    public double[] gradients(CauchySums.Gradients of) {
        double[] g = new double[parameters.length];
        for (int state = 0; state < h * n; state++) {
            double dt = parameters[dtAt(state)];
            int l = at(0, state);
            double lRe = of.lambda()[2 * state];
            double lIm = of.lambda()[2 * state + 1];
            double ofDt = lRe * parameters[l] + lIm * parameters[l + 1];
            g[l] = dt * lRe;
            g[l + 1] = dt * lIm;
            for (int i = 0; i < 2; i++) {
                int in = at(1 + i, state);
                double re = parameters[in];
                double im = parameters[in + 1];
                double inRe = 0;
                double inIm = 0;
                for (int j = 0; j <= channels; j++) {
                    int from = numerator(i, j, state);
                    double vRe = of.v()[from];
                    double vIm = of.v()[from + 1];
                    double outRe = outRe(j, state);
                    double outIm = outIm(j, state);
                    inRe += vRe * outRe + vIm * outIm;
                    inIm += vIm * outRe - vRe * outIm;
                    int out = j < channels ? at(3 + j, state) : at(2, state);
                    double conjugate = j < channels ? 1 : -1;
                    g[out] += dt * (vRe * re + vIm * im);
                    g[out + 1] += conjugate * dt * (vIm * re - vRe * im);
                }
                ofDt += re * inRe + im * inIm;
                g[in] += dt * inRe;
                g[in + 1] += dt * inIm;
            }
            g[dtAt(state)] += ofDt;
        }
        return g;
    }

    private int dtAt(int state) { return 2 * h * n * (channels + 3) + (steps == n ? state : state / n); }

    /** Where λ, B, P, then each channel of C̃ stand. */
    private int at(int which, int state) {
        return 2 * (which * h * n + state);
    }

    private int numerator(int i, int j, int state) { return 2 * ((i * (channels + 1) + j) * h * n + state); }

    private double outRe(int j, int state) { return parameters[j < channels ? at(3 + j, state) : at(2, state)]; }

    private double outIm(int j, int state) {
        return j < channels ? parameters[at(3 + j, state) + 1] : -parameters[at(2, state) + 1];
    }
}
