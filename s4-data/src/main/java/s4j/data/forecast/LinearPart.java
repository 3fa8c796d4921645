package s4j.data.forecast;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.io.TensorData;
import s4j.model.Targets;

/**
 * What is linear in a forecast: a network beside it learns only what it leaves, (y − ŷ_h) / σ_h. A network of which the outputs are
 * zero forecasts as the linear model does. Of quantiles, those of the standard normal distribution are the right ones if the errors are
 * normal and of one size.
 *
 * @param model ŷ
 * @param spread σ_h: root mean square of the linear model's errors at step h, of windows it was not fitted on
 */
@SuppressWarnings("ArrayRecordComponent") // made once, then read
record LinearPart(LinearForecast model, double[] spread) implements Forecaster {
    private static final double LEAST = 1e-3;
    private static final String WEIGHT = "data.linear_weight";
    private static final String BIAS = "data.linear_bias";
    private static final String SPREAD = "data.linear_spread";
    private static final String SCALED = "data.linear_scaled";

    /** With the spread of its errors on some windows. */
    static LinearPart of(LinearForecast model, Windows windows, int from, int to) {
        double[] mse = ForecastErrors.steps(model, windows, from, to);
        return new LinearPart(model, Arrays.stream(mse).map(e -> Math.max(LEAST, Math.sqrt(e))).toArray());
    }

    /** As a model file holds it; null where that has none. */
    static @Nullable LinearPart of(Map<String, TensorData> tensors) {
        TensorData weight = tensors.get(WEIGHT);
        TensorData bias = tensors.get(BIAS);
        TensorData spread = tensors.get(SPREAD);
        TensorData scaled = tensors.get(SCALED);
        if (weight == null || bias == null || spread == null || scaled == null) {
            return null;
        }
        if (weight.shape().length != 2 || weight.shape()[1] != bias.size() || bias.size() != spread.size()) {
            throw new IllegalArgumentException("its linear part has a weight of " + Arrays.toString(weight.shape())
                    + ", a bias of " + bias.size() + ", a spread of " + spread.size()
                    + "; expected [context, horizon]");
        }
        LinearForecast.Kind kind = scaled.get(0) == 0 ? LinearForecast.Kind.NLINEAR : LinearForecast.Kind.SCALED;
        return new LinearPart(new LinearForecast(kind, numbers(weight), numbers(bias), Double.NaN), numbers(spread));
    }

    private static double[] numbers(TensorData t) {
        return IntStream.range(0, (int) t.size()).mapToDouble(t::get).toArray();
    }

    @Override
    public String name() { return model.name(); }

    @Override
    public double[] forecast(SeriesInput input, int column, int cut) { return model.forecast(input, column, cut); }

    @Override
    public double[] spread(SeriesInput input, int column, int cut) { return spread; }

    /** For a model file. */
    Map<String, TensorData> tensors() {
        byte[] scaled = {(byte) (model.kind() == LinearForecast.Kind.SCALED ? 1 : 0)};
        return Map.of(WEIGHT, TensorData.of(model.weights(), model.context(), spread.length), BIAS,
                TensorData.of(model.bias(), spread.length), SPREAD, TensorData.of(spread, spread.length), SCALED,
                TensorData.of(scaled, 1));
    }

    /** Sets window {@code i}'s locations and scales. */
    void place(SeriesInput in, int cut, List<Integer> wanted, Targets.Frame frame, int i) {
        int w = wanted.size();
        for (int c = 0; c < w; c++) {
            double[] y = model.forecast(in, wanted.get(c), cut);
            double scale = model.kind().scale(in, wanted.get(c), cut, model.context());
            for (int h = 0; h < y.length; h++) {
                frame.set((i * y.length + h) * w + c, y[h], spread[h] * scale);
            }
        }
    }
}
