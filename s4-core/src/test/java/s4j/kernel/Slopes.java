package s4j.kernel;

import java.util.function.DoubleSupplier;

/** Finite differences. */
public final class Slopes {
    /** The slope of a loss along each number of x, which is changed and put back. */
    public static double[] of(double[] x, double step, DoubleSupplier loss) {
        double[] slopes = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double before = x[i];
            x[i] = before + step;
            double above = loss.getAsDouble();
            x[i] = before - step;
            slopes[i] = (above - loss.getAsDouble()) / (2 * step);
            x[i] = before;
        }
        return slopes;
    }

    /** Σ x y: a loss whose gradient of y is x. */
    public static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }

    private Slopes() {}
}
