package s4j.kernel.convolution;

import org.jspecify.annotations.Nullable;

/** The convolution and its adjoint in float64, as written. */
public record ConvolutionOracle(int b, int l, int h, int channels, int lk, double[] k, double @Nullable [] r,
        float[] d) {
    public double[] forward(double[] u) {
        double[] y = new double[b * l * h * channels];
        for (int s = 0; s < b; s++) {
            for (int c = 0; c < channels; c++) {
                for (int f = 0; f < h; f++) {
                    int row = (c * h + f) * lk;
                    for (int t = 0; t < l; t++) {
                        double sum = d[c * h + f] * u[in(s, t, f)];
                        for (int j = 0; j < lk && j <= t; j++) {
                            sum += k[row + j] * u[in(s, t - j, f)];
                        }
                        for (int j = 0; r != null && j < lk && t + 1 + j < l; j++) {
                            sum += r[row + j] * u[in(s, t + 1 + j, f)];
                        }
                        y[out(s, t, c, f)] = sum;
                    }
                }
            }
        }
        return y;
    }

    /** Gradients of u, K, R and d. */
    public record Adjoint(double[] u, double[] k, double[] r, double[] d) {}

    public Adjoint backward(double[] u, double[] dy) {
        Adjoint a = new Adjoint(new double[b * l * h], new double[k.length], new double[k.length],
                new double[channels * h]);
        for (int s = 0; s < b; s++) {
            for (int c = 0; c < channels; c++) {
                for (int f = 0; f < h; f++) {
                    int row = (c * h + f) * lk;
                    for (int t = 0; t < l; t++) {
                        double g = dy[out(s, t, c, f)];
                        a.u[in(s, t, f)] += d[c * h + f] * g;
                        a.d[c * h + f] += u[in(s, t, f)] * g;
                        for (int j = 0; j < lk && j <= t; j++) {
                            a.u[in(s, t - j, f)] += k[row + j] * g;
                            a.k[row + j] += u[in(s, t - j, f)] * g;
                        }
                        for (int j = 0; r != null && j < lk && t + 1 + j < l; j++) {
                            a.u[in(s, t + 1 + j, f)] += r[row + j] * g;
                            a.r[row + j] += u[in(s, t + 1 + j, f)] * g;
                        }
                    }
                }
            }
        }
        return a;
    }

    private int in(int s, int t, int f) { return (s * l + t) * h + f; }

    private int out(int s, int t, int c, int f) { return ((s * l + t) * channels + c) * h + f; }
}
