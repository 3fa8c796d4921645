package s4j.data.forecast;

/** The line through the first and the last value: ŷ_{t+h} = y_t + h (y_t − y_1) / (t − 1). */
public record Drift(int horizon) implements Forecaster {
    @Override
    public String name() { return "drift"; }

    @Override
    public double[] forecast(SeriesInput input, int column, int cut) {
        double last = input.value(column, cut - 1);
        double slope = cut < 2 ? 0 : (last - input.value(column, 0)) / (cut - 1);
        double[] out = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            out[h] = last + (h + 1) * slope;
        }
        return out;
    }

    /** σ √(h (1 + h / (t − 1))): the slope is uncertain too. */
    @Override
    public double[] spread(SeriesInput input, int column, int cut) {
        double sigma = Forecaster.differences(input, column, cut, 1);
        double[] out = new double[horizon];
        for (int h = 1; h <= horizon; h++) {
            out[h - 1] = sigma * Math.sqrt(h * (1 + (double) h / Math.max(1, cut - 1)));
        }
        return out;
    }
}
