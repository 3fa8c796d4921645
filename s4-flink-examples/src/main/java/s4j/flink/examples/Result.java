package s4j.flink.examples;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * What alarms were worth on a series.
 *
 * @param name of the series
 * @param rows behind the probation
 * @param windows that begin there
 * @param error mean absolute error of the forecasts there, in the data's own unit
 * @param naive the same of the value before
 * @param model alarms by the model's errors
 * @param simple alarms by a moving mean
 */
public record Result(String name, int rows, int windows, double error, double naive, Alarms model, Alarms simple) {
    static final String HEADER = "series,rows,windows,model_error,last_value_error,model_alarms,model_true_alarms,model_found,"
            + "model_precision,model_recall,simple_alarms,simple_true_alarms,simple_found,simple_precision,simple_recall";
    /** Alarms so many rows apart at most are one. */
    private static final int APART = 24;

    /**
     * Counts.
     *
     * @param raised alarms; what goes on or comes again soon is one
     * @param right those that lie in a window
     * @param windows there are
     * @param found windows with an alarm
     */
    public record Alarms(int raised, int right, int windows, int found) {
        /** Share of the alarms that were right; NaN: none was raised. */
        public double precision() {
            return raised == 0 ? Double.NaN : (double) right / raised;
        }

        /** Share of the windows that were found. */
        public double recall() {
            return windows == 0 ? Double.NaN : (double) found / windows;
        }

        Alarms plus(Alarms other) {
            return new Alarms(raised + other.raised, right + other.right, windows + other.windows, found + other.found);
        }
    }

    /** Of a series and its scores, in the order of time. */
    static Result of(NabSeries series, List<Scored> scored) {
        List<Scored> live = scored.subList(Math.min(series.probation(), scored.size()), scored.size());
        long begin = live.isEmpty() ? Long.MAX_VALUE : live.getFirst().time();
        List<long[]> windows = series.windows().stream().filter(w -> w[0] >= begin).toList();
        double error = 0;
        double naive = 0;
        for (int i = 1; i < live.size(); i++) {
            error += Math.abs(live.get(i).value() - live.get(i).forecast());
            naive += Math.abs(live.get(i).value() - live.get(i - 1).value());
        }
        int n = Math.max(1, live.size() - 1);
        return new Result(series.name(), live.size(), windows.size(), error / n, naive / n, alarms(live, windows,
                Scored::alarm), alarms(live, windows, Scored::simpleAlarm));
    }

    private static Alarms alarms(List<Scored> live, List<long[]> windows, Predicate<Scored> alarm) {
        boolean[] found = new boolean[windows.size()];
        int raised = 0;
        int right = 0;
        int last = -APART - 1;
        boolean counted = false;
        for (int i = 0; i < live.size(); i++) {
            if (!alarm.test(live.get(i))) {
                continue;
            }
            if (i - last > APART) {
                raised++;
                counted = false;
            }
            last = i;
            for (int w = 0; w < found.length; w++) {
                if (live.get(i).time() >= windows.get(w)[0] && live.get(i).time() <= windows.get(w)[1]) {
                    found[w] = true;
                    right += counted ? 0 : 1;
                    counted = true;
                }
            }
        }
        int hits = 0;
        for (boolean f : found) {
            hits += f ? 1 : 0;
        }
        return new Alarms(raised, right, found.length, hits);
    }

    String csv() {
        return String.format(Locale.ROOT, "%s,%d,%d,%.4g,%.4g,%s,%s", name, rows, windows, error, naive, csv(model),
                csv(
                        simple));
    }

    private static String csv(Alarms a) {
        return String.format(Locale.ROOT, "%d,%d,%d,%s,%s", a.raised, a.right, a.found, share(a.precision()), share(a
                .recall()));
    }

    /** Two digits; nothing of nothing. */
    static String share(double v) {
        return Double.isNaN(v) ? "" : String.format(Locale.ROOT, "%.2f", v);
    }
}
