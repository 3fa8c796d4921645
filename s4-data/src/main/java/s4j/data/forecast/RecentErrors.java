package s4j.data.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bands as wide as they had to be lately: the model forecasts from the last cuts of a series' past of which all targets are known, and the factor
 * that makes the 80 % band cover these ({@link Conformal}, one for all steps) widens or narrows all quantiles of the forecast. Where errors
 * grow for a while, as in holidays, bands follow; nothing behind the cut is looked at.
 *
 * @param model whose bands they are
 * @param rollout of its network
 * @param wanted columns
 */
record RecentErrors(ForecastModel model, Rollout rollout, List<Integer> wanted) {
    /** Fewer cuts say nothing. */
    static final int FEWEST = 20;

    /** The first of the cuts that are looked at, and the one behind the last: windows are whole, targets known. */
    private static int[] range(int cut, int horizon, int recent) {
        int end = cut - horizon + 1;
        return new int[]{Math.max(1, end - recent), end};
    }

    private static boolean few(int cut, int horizon, int recent) {
        int[] r = range(cut, horizon, recent);
        return r[1] - r[0] < Math.min(FEWEST, recent);
    }

    static List<String> notes(int[] cuts, int horizon, int recent) {
        long few = Arrays.stream(cuts).filter(c -> few(c, horizon, recent)).count();
        return few == 0
                ? List.of()
                : List.of(
                        "note: %d of %d series have fewer than %d cuts with %d known steps behind them; their bands are the model's own"
                                .formatted(few, cuts.length, Math.min(FEWEST, recent), horizon));
    }

    /** Multiplies the quantiles' distances from the median. */
    void widen(TimeSeries s, int cut, int recent, Rollout.Ahead ahead) {
        if (few(cut, model.horizon(), recent)) {
            return;
        }
        double[] factors = factors(s, range(cut, model.horizon(), recent));
        for (int c = 0; c < factors.length; c++) {
            for (double[] q : ahead.quantiles()[c]) {
                for (int h = 0; h < q.length; h++) {
                    double median = ahead.mean()[c][h];
                    q[h] = median + factors[c] * (q[h] - median);
                }
            }
        }
    }

    /** Of each wanted column; 1 where no target is known. */
    private double[] factors(TimeSeries s, int[] range) {
        int h = model.horizon();
        float[][] scores = new float[wanted.size()][(range[1] - range[0]) * h];
        int[] counts = new int[wanted.size()];
        for (int from = range[0]; from < range[1]; from += Rollout.AT_ONCE) {
            List<Rollout.Start> starts = new ArrayList<>();
            for (int cut = from; cut < Math.min(range[1], from + Rollout.AT_ONCE); cut++) {
                starts.add(new Rollout.Start(s, model.scaling(s, cut), cut));
            }
            List<Rollout.Ahead> ahead = rollout.of(starts, h, Conformal.ENDS);
            for (int i = 0; i < starts.size(); i++) {
                for (int c = 0; c < counts.length; c++) {
                    counts[c] = add(s.columns().get(wanted.get(c)), starts.get(i).cut(), ahead.get(i), c, scores[c],
                            counts[c]);
                }
            }
        }
        double[] out = new double[counts.length];
        Arrays.setAll(out, c -> counts[c] == 0 ? 1 : Conformal.factor(Arrays.copyOf(scores[c], counts[c])));
        return out;
    }

    private static int add(float[] y, int cut, Rollout.Ahead ahead, int c, float[] scores, int count) {
        int n = count;
        for (int h = 0; h < ahead.mean()[c].length; h++) {
            if (!Float.isNaN(y[cut + h])) {
                double median = ahead.mean()[c][h];
                double end = ahead.quantiles()[c][y[cut + h] < median ? 0 : 1][h];
                scores[n++] = (float) Conformal.score(y[cut + h], median, end);
            }
        }
        return n;
    }
}
