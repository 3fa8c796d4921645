package s4j.train.task;

import s4j.model.TargetSpec;
import s4j.model.Targets;

/** Sums of errors of predicted numbers, in the data's own unit. */
final class Errors {
    private final TargetSpec.Values spec;
    private final double[] sum;
    private final double[] squares;
    private final long[] count;
    private double absolute;
    private double squared;

    Errors(TargetSpec.Values spec) {
        this.spec = spec;
        this.sum = new double[spec.features()];
        this.squares = new double[spec.features()];
        this.count = new long[spec.features()];
    }

    /** Whether number {@code i} of a batch's is known. */
    static boolean counts(Targets.Values v, int i) {
        return v.mask() == null || v.mask()[i] > 0;
    }

    /** Adds predictions {@code [b, t, d]}. */
    void add(Targets.Values targets, float[] predicted) {
        if (predicted.length != targets.values().length) {
            throw new IllegalArgumentException("%d numbers have %d predictions".formatted(targets.values().length,
                    predicted.length));
        }
        for (int i = 0; i < predicted.length; i++) {
            if (counts(targets, i)) {
                int d = i % spec.features();
                double y = spec.restored(targets.values()[i], d);
                double e = spec.restored(predicted[i], d) - y;
                absolute += Math.abs(e);
                squared += e * e;
                sum[d] += y;
                squares[d] += y * y;
                count[d]++;
            }
        }
    }

    /** Numbers so far. */
    long size() {
        long n = 0;
        for (long c : count) {
            n += c;
        }
        return n;
    }

    /** √ of the mean squared error. */
    double rmse() { return Math.sqrt(squared / size()); }

    /** Mean absolute error. */
    double mae() { return absolute / size(); }

    /** 1 − squared errors / squared distances from each number's own mean; NaN where all are equal. */
    double r2() {
        double total = 0;
        for (int d = 0; d < sum.length; d++) {
            total += count[d] == 0 ? 0 : squares[d] - sum[d] * sum[d] / count[d];
        }
        return total > 0 ? 1 - squared / total : Double.NaN;
    }
}
