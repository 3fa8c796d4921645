package s4j.data.forecast;

import org.jspecify.annotations.Nullable;

/** A model of one column that needs no network, in standardised values. */
public interface Forecaster {
    /** For people. */
    String name();

    /** Steps {@code cut}, {@code cut + 1}, … from what is before them. */
    double[] forecast(SeriesInput input, int column, int cut);

    /** The standard deviation of each step's error as the model itself sees it; null: it says nothing of that. */
    default double @Nullable [] spread(SeriesInput input, int column, int cut) {
        return null;
    }

    /** Both. */
    default Expected expected(SeriesInput input, int column, int cut) {
        return new Expected(forecast(input, column, cut), spread(input, column, cut));
    }

    /**
     * What is expected of the steps ahead.
     *
     * @param mean {@code [h]}
     * @param spread standard deviations {@code [h]}; null: unknown
     */
    @SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
    record Expected(double[] mean, double @Nullable [] spread) {}

    /** Root mean square of y_t − y_{t−m} over the last steps before a cut; 0 where there are none. */
    static double differences(SeriesInput input, int column, int cut, int m) {
        int from = Math.max(m, cut - 2000);
        double sum = 0;
        for (int t = from; t < cut; t++) {
            double e = input.value(column, t) - input.value(column, t - m);
            sum += e * e;
        }
        return cut > from ? Math.sqrt(sum / (cut - from)) : 0;
    }
}
