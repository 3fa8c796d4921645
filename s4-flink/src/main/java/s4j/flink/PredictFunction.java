package s4j.flink;

import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ScalarFunction;
import org.jspecify.annotations.Nullable;

/**
 * A function of SQL and of tables: what the model says after the last step of a series {@code [l, d]}, probabilities or numbers; null where the series is none.
 *
 * <pre>
 * tables.createTemporarySystemFunction("s4_predict", new PredictFunction(model));
 * SELECT s4_predict(window_values) FROM …
 * </pre>
 */
public final class PredictFunction extends ScalarFunction {
    private static final long serialVersionUID = 1;

    private final byte[] file;
    private transient @Nullable StreamModel model;

    /** Of a model file's bytes, which go with the query. */
    public PredictFunction(byte[] file) {
        this.file = file.clone();
    }

    @Override
    public void open(FunctionContext context) { model = StreamModel.of(file); }

    /** Of one series. */
    public double @Nullable [] eval(Float @Nullable [] series) {
        StreamModel own = java.util.Objects.requireNonNull(model);
        int d = own.network().dInput();
        if (series == null || series.length == 0 || series.length % d != 0) {
            return null;
        }
        float[] x = new float[series.length];
        float[] step = new float[d];
        for (int t = 0; t < series.length; t++) {
            Float value = series[t];
            if (value == null || !Float.isFinite(value)) {
                return null;
            }
            step[t % d] = value;
            if (t % d == d - 1) {
                own.input(step, x, t - d + 1);
            }
        }
        float[] y = own.network().newSession().chunk(x);
        return own.values(y, y.length - own.network().dOutput());
    }
}
