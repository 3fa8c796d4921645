package s4j.data.forecast;

import java.util.Arrays;

/** The last value: ŷ_{t+h} = y_t. */
public record Naive(int horizon) implements Forecaster {
    @Override
    public String name() { return "naive"; }

    @Override
    public double[] forecast(SeriesInput input, int column, int cut) {
        double[] out = new double[horizon];
        Arrays.fill(out, input.value(column, cut - 1));
        return out;
    }

    /** σ √h of a random walk. */
    @Override
    public double[] spread(SeriesInput input, int column, int cut) {
        double sigma = Forecaster.differences(input, column, cut, 1);
        double[] out = new double[horizon];
        Arrays.setAll(out, h -> sigma * Math.sqrt(h + 1));
        return out;
    }
}
