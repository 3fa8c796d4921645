package s4j.train.task;

import java.util.Arrays;
import s4j.data.forecast.Conformal;
import s4j.model.ObjectiveConfig;
import s4j.model.Outputs;
import s4j.model.Targets;

/**
 * How far targets lie from the median, in units of the distance of the 10 % and 90 % quantile: of a band that covers what it says, 80 %
 * are at most 1. Their 80 % quantile on a split that was not trained on is the factor that makes it cover that (split conformal prediction).
 */
final class Intervals {
    private static final int MOST_QUANTILES = 400_000;
    /** A quantile of Student's t takes a search. */
    private static final int MOST_DENSITIES = 4_000;
    /** So many scores give a step a factor of its own; else all together have one. */
    private static final int ENOUGH_OF_A_STEP = 200;
    private static final int ENOUGH = 100;

    private final Outputs reading;
    private final int stride;
    private float[][] scores = new float[0][];
    private int[] counts = new int[0];
    private long seen;

    /** Of a split with so many values. */
    Intervals(Outputs reading, long values) {
        this.reading = reading;
        int most = reading.objective() instanceof ObjectiveConfig.Quantile ? MOST_QUANTILES : MOST_DENSITIES;
        // a whole number of values is passed over that shares no divisor with usual horizons
        int wished = (int) Math.min(1_000_003, values / most + 1);
        this.stride = wished <= 1 ? 1 : wished % 2 == 0 ? wished + 1 : wished;
    }

    void add(Targets.Values targets, float[] outputs) {
        if (scores.length == 0) {
            scores = new float[targets.steps()][16];
            counts = new int[targets.steps()];
        }
        int p = reading.objective().parameters();
        for (int i = 0; i < targets.values().length; i++) {
            if (Errors.counts(targets, i) && seen++ % stride == 0) {
                add(i / targets.features() % targets.steps(), score(targets.values()[i], outputs, i * p));
            }
        }
    }

    private void add(int step, double score) {
        if (counts[step] == scores[step].length) {
            scores[step] = Arrays.copyOf(scores[step], 2 * counts[step]);
        }
        scores[step][counts[step]++] = (float) score;
    }

    private double score(double y, float[] outputs, int at) {
        double median = reading.quantile(outputs, at, 0.5);
        return Conformal.score(y, median, reading.quantile(outputs, at, Conformal.end(y, median)));
    }

    /** The factor of each step that makes the band cover 80 % of these targets. */
    double[] widths() {
        double[] out = new double[counts.length];
        int all = Arrays.stream(counts).sum();
        double shared = all < ENOUGH ? 1 : Conformal.factor(all());
        for (int h = 0; h < out.length; h++) {
            out[h] = counts[h] < ENOUGH_OF_A_STEP ? shared : Conformal.factor(Arrays.copyOf(scores[h], counts[h]));
        }
        return out;
    }

    private float[] all() {
        float[] out = new float[Arrays.stream(counts).sum()];
        int at = 0;
        for (int h = 0; h < counts.length; h++) {
            System.arraycopy(scores[h], 0, out, at, counts[h]);
            at += counts[h];
        }
        return out;
    }

    /** The share of these targets in the band with such factors. */
    double coverage(double[] widths) {
        long inside = 0;
        for (int h = 0; h < counts.length; h++) {
            for (int i = 0; i < counts[h]; i++) {
                inside += scores[h][i] <= widths[h] ? 1 : 0;
            }
        }
        return (double) inside / Arrays.stream(counts).sum();
    }
}
