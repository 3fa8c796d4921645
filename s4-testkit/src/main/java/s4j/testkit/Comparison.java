package s4j.testkit;

/** Comparisons of arrays by relative error {@code ||a - b|| / ||b||}; a failure shows seed, size, worst place, values. */
public final class Comparison {
    /** The relative error; the absolute one where the expected array is zero, NaN where a value is. */
    public static double relativeError(double[] actual, double[] expected) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }
        return norm == 0 ? Math.sqrt(difference) : Math.sqrt(difference / norm);
    }

    /** The relative error of float32 arrays, computed in float64. */
    public static double relativeError(float[] actual, float[] expected) {
        return relativeError(widened(actual), widened(expected));
    }

    /**
     * Requires equal sizes and a relative error of at most the tolerance.
     *
     * @param what the claim and its parameters
     * @param seed of the inputs
     */
    public static void requireClose(String what, long seed, double[] actual, double[] expected, double tolerance) {
        if (actual.length != expected.length) {
            throw new AssertionError(what + " (seed " + seed + "): " + actual.length + " values; expected "
                    + expected.length);
        }
        double error = relativeError(actual, expected);
        if (!(error <= tolerance)) { // also for NaN
            int worst = worst(actual, expected);
            throw new AssertionError(what + " (seed " + seed + ", size " + expected.length + "): relative error "
                    + error
                    + "; expected at most " + tolerance + ". Worst at " + worst + ": " + actual[worst] + ", expected "
                    + expected[worst]);
        }
    }

    /** The same for float32 arrays. */
    public static void requireClose(String what, long seed, float[] actual, float[] expected, double tolerance) {
        requireClose(what, seed, widened(actual), widened(expected), tolerance);
    }

    /** The same for rows, as one array. */
    public static void requireClose(String what, long seed, double[][] actual, double[][] expected, double tolerance) {
        requireClose(what, seed, joined(actual), joined(expected), tolerance);
    }

    /** Rows one after the other. */
    public static double[] joined(double[][] rows) {
        int size = 0;
        for (double[] row : rows) {
            size += row.length;
        }
        double[] all = new double[size];
        int at = 0;
        for (double[] row : rows) {
            System.arraycopy(row, 0, all, at, row.length);
            at += row.length;
        }
        return all;
    }

    private static int worst(double[] actual, double[] expected) {
        int worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double error = Math.abs(actual[i] - expected[i]);
            if (!(error <= Math.abs(actual[worst] - expected[worst]))) {
                worst = i;
            }
        }
        return worst;
    }

    private static double[] widened(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i];
        }
        return y;
    }

    private Comparison() {}
}
