package s4j.data.forecast;

/** The value of the last season: ŷ_{t+h} = y_{t+h−m⌈h/m⌉}. */
public record SeasonalNaive(int horizon, int season) implements Forecaster {
    @Override
    public String name() { return "seasonal naive (" + season + ")"; }

    @Override
    public double[] forecast(SeriesInput input, int column, int cut) {
        double[] out = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            out[h] = input.value(column, cut - season + h % season);
        }
        return out;
    }

    /** σ √k in the k-th season ahead. */
    @Override
    public double[] spread(SeriesInput input, int column, int cut) {
        double sigma = Forecaster.differences(input, column, cut, season);
        double[] out = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            int seasons = 1 + h / season;
            out[h] = sigma * Math.sqrt(seasons);
        }
        return out;
    }
}
