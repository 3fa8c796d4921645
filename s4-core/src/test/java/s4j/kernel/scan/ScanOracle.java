package s4j.kernel.scan;

import org.jspecify.annotations.Nullable;

/**
 * The diagonal scan in float64, as written, and its adjoint: x_t = a x_{t−1} + u_t, y_t = d u_t + Re Σ c x_t; in reverse x_t
 * = a x_{t+1} + u_{t+1} without d.
 */
public record ScanOracle(int b, int l, int h, int n, double[] a, double[] c, float @Nullable [] d, boolean reverse) {
    /** y {@code [b, l, h]} and the state after the last step {@code [b, h, n]}. */
    public record Outputs(double[] y, double[] state) {}

    /** Gradients of u, the state before the first step, a, c and d. */
    public record Adjoint(double[] u, double[] state, double[] a, double[] c, double[] d) {}

    public Outputs forward(double[] u, double[] state) {
        double[] y = new double[b * l * h];
        double[] last = state.clone();
        for (int s = 0; s < b; s++) {
            for (int f = 0; f < h; f++) {
                for (int k = 0; k < l; k++) {
                    int at = at(s, k, f);
                    double in = input(u, s, k, f);
                    y[at] = d == null ? 0 : d[f] * u[at];
                    for (int i = 0; i < n; i++) {
                        int p = 2 * (f * n + i);
                        int x = 2 * ((s * h + f) * n + i);
                        double re = a[p] * last[x] - a[p + 1] * last[x + 1] + in;
                        last[x + 1] = a[p] * last[x + 1] + a[p + 1] * last[x];
                        last[x] = re;
                        y[at] += c[p] * last[x] - c[p + 1] * last[x + 1];
                    }
                }
            }
        }
        return new Outputs(y, last);
    }

    public Adjoint backward(double[] u, double[] state, double[] dy, double[] dState) {
        Adjoint out = new Adjoint(new double[b * l * h], dState.clone(), new double[a.length], new double[c.length],
                new double[h]);
        double[] xs = new double[2 * (l + 1)];
        for (int s = 0; s < b; s++) {
            for (int f = 0; f < h; f++) {
                for (int i = 0; i < n; i++) {
                    adjoint(s, f, i, u, state, dy, xs, out);
                }
                for (int k = 0; d != null && k < l; k++) {
                    out.u[at(s, k, f)] += d[f] * dy[at(s, k, f)];
                    out.d[f] += u[at(s, k, f)] * dy[at(s, k, f)];
                }
            }
        }
        return out;
    }

    private void adjoint(int s, int f, int i, double[] u, double[] state, double[] dy, double[] xs, Adjoint out) {
        int p = 2 * (f * n + i);
        int x = 2 * ((s * h + f) * n + i);
        xs[0] = state[x];
        xs[1] = state[x + 1];
        for (int k = 0; k < l; k++) {
            xs[2 * k + 2] = a[p] * xs[2 * k] - a[p + 1] * xs[2 * k + 1] + input(u, s, k, f);
            xs[2 * k + 3] = a[p] * xs[2 * k + 1] + a[p + 1] * xs[2 * k];
        }
        double gr = out.state[x];
        double gi = out.state[x + 1];
        for (int k = l - 1; k >= 0; k--) {
            double g = dy[at(s, k, f)];
            gr += c[p] * g;
            gi -= c[p + 1] * g;
            out.c[p] += g * xs[2 * k + 2];
            out.c[p + 1] -= g * xs[2 * k + 3];
            out.a[p] += gr * xs[2 * k] + gi * xs[2 * k + 1];
            out.a[p + 1] += gi * xs[2 * k] - gr * xs[2 * k + 1];
            if (!reverse) {
                out.u[at(s, k, f)] += gr;
            } else if (k > 0) {
                out.u[at(s, k - 1, f)] += gr;
            }
            double re = a[p] * gr + a[p + 1] * gi;
            gi = a[p] * gi - a[p + 1] * gr;
            gr = re;
        }
        out.state[x] = gr;
        out.state[x + 1] = gi;
    }

    /** The place of the k-th step of the scan. */
    private int at(int s, int k, int f) {
        return (s * l + (reverse ? l - 1 - k : k)) * h + f;
    }

    private double input(double[] u, int s, int k, int f) {
        if (!reverse) {
            return u[at(s, k, f)];
        }
        return k == 0 ? 0 : u[at(s, k - 1, f)];
    }
}
