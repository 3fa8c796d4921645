package s4j.math;

/**
 * Gauss-Legendre quadrature on [0, 1]: exact for polynomials of degree below {@code 2 * nodes.length}.
 *
 * @param nodes ascending {@code [q]}
 * @param weights {@code [q]}, of sum 1
 */
public record GaussLegendre(double[] nodes, double[] weights) {
    /** The rule with the given number of nodes, by Newton's method on the Legendre polynomial. */
    public static GaussLegendre of(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("quadrature: " + count + " nodes; expected at least 1");
        }
        double[] nodes = new double[count];
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            double x = -Math.cos(Math.PI * (i + 0.75) / (count + 0.5));
            double derivative = 0;
            for (int k = 0; k < 100; k++) {
                double[] p = legendre(count + 1, x);
                derivative = count * (x * p[count] - p[count - 1]) / (x * x - 1);
                double step = p[count] / derivative;
                x -= step;
                if (Math.abs(step) < 1e-16) {
                    break;
                }
            }
            nodes[i] = (1 + x) / 2;
            weights[i] = 1 / ((1 - x * x) * derivative * derivative);
        }
        return new GaussLegendre(nodes, weights);
    }

    /** Legendre polynomials {@code P_0(x) … P_(n-1)(x)} by their three-term recurrence. */
    public static double[] legendre(int n, double x) {
        double[] p = new double[n];
        for (int k = 0; k < n; k++) {
            p[k] = k == 0 ? 1 : k == 1 ? x : ((2 * k - 1) * x * p[k - 1] - (k - 1) * p[k - 2]) / k;
        }
        return p;
    }
}
