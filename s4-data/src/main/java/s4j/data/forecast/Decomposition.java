package s4j.data.forecast;

/**
 * What a ridge on DLinear's two weights means for the one linear map that they are together. With the moving average M of l values, their
 * ends repeated, ŷ = (M x) W_t + ((I − M) x) W_s is x W, and the least ‖W_t‖² + ‖W_s‖² of all that give W is tr Wᵀ P⁻¹ W, P = MᵀM +
 * (I − M)ᵀ(I − M).
 */
final class Decomposition {
    private static final int KERNEL = 25;

    /** P⁻¹ {@code [l, l]}. */
    static double[][] penalty(int l) {
        double[][] m = average(l);
        double[][] p = new double[l][2 * l];
        for (int i = 0; i < l; i++) {
            for (int j = 0; j < l; j++) {
                double sum = 0;
                for (int k = 0; k < l; k++) {
                    sum += m[k][i] * m[k][j] + ((k == i ? 1 : 0) - m[k][i]) * ((k == j ? 1 : 0) - m[k][j]);
                }
                p[i][j] = sum;
            }
            p[i][l + i] = 1;
        }
        return inverse(p, l);
    }

    /** M {@code [l, l]}. */
    static double[][] average(int l) {
        double[][] m = new double[l][l];
        for (int t = 0; t < l; t++) {
            for (int k = -KERNEL / 2; k <= KERNEL / 2; k++) {
                m[t][Math.max(0, Math.min(l - 1, t + k))] += 1.0 / KERNEL;
            }
        }
        return m;
    }

    /** Of a positive definite {@code [P I]} by Gauss and Jordan. */
    private static double[][] inverse(double[][] p, int l) {
        for (int k = 0; k < l; k++) {
            double by = p[k][k];
            for (int j = k; j < 2 * l; j++) {
                p[k][j] /= by;
            }
            for (int i = 0; i < l; i++) {
                double factor = p[i][k];
                if (i != k && factor != 0) {
                    for (int j = k; j < 2 * l; j++) {
                        p[i][j] -= factor * p[k][j];
                    }
                }
            }
        }
        double[][] out = new double[l][];
        for (int i = 0; i < l; i++) {
            out[i] = java.util.Arrays.copyOfRange(p[i], l, 2 * l);
        }
        return out;
    }

    private Decomposition() {}
}
