package s4j.train.task;

import java.util.List;

/**
 * How clips of sound look to a classifier that has never heard the model which made them.
 *
 * @param recognized share of each class's clips that the classifier takes for that class; NaN of a class without clips
 * @param inception exp of the mean of KL(p(class | clip) ‖ p(class)): 1 when all clips look alike, the number of classes when each
 *     is certain and all are equally frequent (Salimans et al. 2016)
 * @param coverage classes that at least one clip was taken for
 * @param clips how many there were
 */
public record AudioScore(double[] recognized, double inception, int coverage, int clips) {
    private static final double LEAST = 1e-12;

    /**
     * Of clips.
     *
     * @param probabilities of each clip's classes
     * @param asked the class that each was to be
     */
    public static AudioScore of(List<double[]> probabilities, List<Integer> asked) {
        if (probabilities.isEmpty() || probabilities.size() != asked.size()) {
            throw new IllegalArgumentException("%d clips with %d classes; expected one class for each of some clips"
                    .formatted(probabilities.size(), asked.size()));
        }
        int classes = probabilities.getFirst().length;
        double[] mean = new double[classes];
        double[] right = new double[classes];
        double[] all = new double[classes];
        boolean[] seen = new boolean[classes];
        for (int i = 0; i < asked.size(); i++) {
            double[] p = probabilities.get(i);
            int best = 0;
            for (int c = 0; c < classes; c++) {
                mean[c] += p[c] / asked.size();
                best = p[c] > p[best] ? c : best;
            }
            seen[best] = true;
            all[asked.get(i)]++;
            right[asked.get(i)] += best == asked.get(i) ? 1 : 0;
        }
        double divergence = 0;
        for (double[] p : probabilities) {
            for (int c = 0; c < classes; c++) {
                divergence += p[c] * (Math.log(Math.max(LEAST, p[c])) - Math.log(Math.max(LEAST, mean[c])));
            }
        }
        int coverage = 0;
        for (int c = 0; c < classes; c++) {
            coverage += seen[c] ? 1 : 0;
            right[c] = all[c] == 0 ? Double.NaN : right[c] / all[c];
        }
        return new AudioScore(right, Math.exp(divergence / asked.size()), coverage, asked.size());
    }

    /** Share of all clips that were taken for what they were to be, each class counting alike. */
    public double rate() {
        double sum = 0;
        int n = 0;
        for (double r : recognized) {
            sum += Double.isNaN(r) ? 0 : r;
            n += Double.isNaN(r) ? 0 : 1;
        }
        return sum / n;
    }
}
