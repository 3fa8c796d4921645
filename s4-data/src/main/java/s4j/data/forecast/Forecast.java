package s4j.data.forecast;

/**
 * What a model says about the steps that follow a series, in the data's own unit. Compared by identity.
 *
 * @param id of the series, and of the column where it has several
 * @param axis of the series
 * @param cut the first forecast step
 * @param history values before it, NaN where missing
 * @param mean {@code [h]}: the mean; of a model of quantiles the median
 * @param quantiles {@code [level][h]}
 */
@SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
public record Forecast(String id, Axis axis, int cut, float[] history, double[] mean, double[][] quantiles) {
    /** The stamp of forecast step {@code h}, from 0. */
    public String stamp(int h) {
        return axis.stamp((long) cut + h);
    }

    /** Whether another one has the stamps of this one. */
    public boolean sameTimes(Forecast other) {
        return axis.equals(other.axis) && cut == other.cut && mean.length == other.mean.length;
    }
}
