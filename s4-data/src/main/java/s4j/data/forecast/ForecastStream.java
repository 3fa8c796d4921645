package s4j.data.forecast;

import java.util.Arrays;
import java.util.List;
import s4j.config.ConfigException;
import s4j.data.series.Scaling;
import s4j.predict.WindowNormalization;
import s4j.stream.S4Model;
import s4j.stream.Session;

/**
 * A new observation in, a new forecast out, in the same time however long the past is: the network's state carries it, no window is kept.
 * It is what the network says of a window that holds the whole past. Not for several threads at once.
 */
public final class ForecastStream {
    private final Reading reading;
    private final WindowLayout layout;
    private final Scaling scaling;
    private final Axis axis;
    private final List<String> ids;
    private final Session session;
    private final double[] levels;
    private final float[] x;
    private final float[] last;
    private final float[] y;
    private long steps;

    /**
     * The steps ahead, in the data's own unit.
     *
     * @param mean {@code [w][h]} of each column that is forecast
     * @param quantiles {@code [w][level][h]}; of a model of points no level
     */
    @SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
    public record Ahead(double[][] mean, double[][][] quantiles) {}

    ForecastStream(S4Model model, Reading reading, WindowLayout layout, Scaling scaling, TimeSeries series,
            List<String> ids, double[] levels) {
        boolean fixed = layout.normalization() == WindowNormalization.ANCHOR
                || layout.normalization() == WindowNormalization.NONE;
        if (!fixed || layout.masked() || layout.past() + layout.future() > 0) {
            throw new ConfigException(
                    "dataset.normalization: got %s%s%s; a stream cannot take back what it has seen, expected anchor or none, no"
                            .formatted(layout.normalization(), layout.masked() ? ", dataset.masked true" : "",
                                    layout.past() + layout.future() > 0 ? ", covariates" : "")
                            + " masked horizon, no covariates. Train with dataset.normalization=anchor dataset.linear=false");
        }
        this.reading = reading;
        this.layout = layout;
        this.scaling = scaling;
        this.axis = series.axis();
        this.ids = List.copyOf(ids);
        this.session = model.newSession();
        this.levels = levels.clone();
        this.x = new float[layout.width()];
        layout.statics().write(series, x, layout.columns() + layout.calendar().size(), layout.width(), 1);
        this.last = new float[layout.channels()];
        this.y = new float[model.dOutput()];
    }

    /**
     * Takes the values of the next step and forecasts what follows.
     *
     * @param values {@code [channels]} in the data's own unit; NaN: missing, the last one stands for it
     */
    public Ahead next(float... values) {
        take(values);
        return ahead();
    }

    /** Takes the values of the next step. */
    void take(float... values) {
        if (values.length != layout.channels()) {
            throw new IllegalArgumentException("a step of %d values; expected %d".formatted(values.length, layout
                    .channels()));
        }
        for (int c = 0; c < values.length; c++) {
            last[c] = Float.isNaN(values[c])
                    ? last[c]
                    : (float) ((values[c] - scaling.mean()[c]) / scaling.std()[c]);
            x[c] = last[c];
        }
        for (int k = 0; k < layout.calendar().size(); k++) {
            x[layout.channels() + k] = layout.calendar().get(k).feature(axis.local(steps));
        }
        session.step(x, y);
        steps++;
    }

    /** What follows the steps so far; after none an exception. */
    public Ahead ahead() {
        if (steps == 0) {
            throw new IllegalStateException("no step was taken; a forecast needs one");
        }
        int w = layout.wanted().size();
        boolean spread = reading.outputs().spread();
        Ahead out = new Ahead(new double[w][layout.horizon()],
                new double[w][spread ? levels.length : 0][layout.horizon()]);
        float[] points = reading.outputs().points(y);
        int p = reading.outputs().objective().parameters();
        for (int h = 0; h < layout.horizon(); h++) {
            for (int c = 0; c < w; c++) {
                int n = h * w + c;
                out.mean[c][h] = restored(points[n], c);
                for (int q = 0; q < out.quantiles[c].length; q++) {
                    out.quantiles[c][q][h] = restored(reading.quantile(y, n * p, h, levels[q]), c);
                }
            }
        }
        return out;
    }

    private double restored(double v, int w) {
        int c = layout.wanted().get(w);
        double location = layout.normalization() == WindowNormalization.NONE ? 0 : last[c];
        return (v + location) * scaling.std()[c] + scaling.mean()[c];
    }

    /** The columns that are forecast, by the names that a forecast of a table has. */
    public List<String> ids() {
        return ids;
    }

    /** Values of a step. */
    public int channels() { return last.length; }

    /** The stamp of forecast step {@code h}, from 0. */
    public String stamp(int h) { return axis.stamp(steps + h); }

    /** Steps that were taken. */
    public long steps() { return steps; }

    /** The network's state, e.g. to keep it. */
    public Session session() { return session; }

    @Override
    public String toString() { return "stream of " + steps + " steps, levels " + Arrays.toString(levels); }
}
