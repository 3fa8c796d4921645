package s4j.data.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.data.series.Scaling;
import s4j.model.SequenceBatch;
import s4j.model.Targets;
import s4j.stream.S4Model;

/**
 * Forecasts of any length: the network's own steps at once, later ones from forecasts in the place of what is not known yet. The mean follows
 * the medians. Quantiles of later steps are those of paths that are drawn, so they widen: each path follows one level of the
 * network's quantiles for one horizon, another one for the next.
 *
 * @param model the network
 * @param reading of its outputs
 * @param layout of its windows
 * @param linear its linear part; null: none
 */
record Rollout(S4Model model, Reading reading, WindowLayout layout, @Nullable LinearPart linear) {
    /** Paths of a series. */
    static final int PATHS = 64;
    /** Windows in a batch. */
    static final int AT_ONCE = 32;
    /** Levels at which the last piece of a path is looked at. */
    private static final int GRID = 19;
    private static final long SEED = 7;

    /** A series to go on from {@code cut}. */
    record Start(TimeSeries series, Scaling scaling, int cut) {}

    /**
     * What follows.
     *
     * @param mean {@code [w][h]} of the wanted columns
     * @param quantiles {@code [w][level][h]}; of points no level
     */
    @SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
    record Ahead(double[][] mean, double[][][] quantiles) {}

    /** One horizon of several series. */
    @SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
    private record Block(Rollout of, float[] y, Targets.Frame frame) {
        double at(int i, int h, int w, double level) {
            int n = number(i, h, w);
            int p = of.reading.outputs().objective().parameters();
            return frame.restored(of.reading.quantile(y, n * p, h, level), n);
        }

        double point(int i, int h, int w, float[] points) {
            return frame.restored(points[number(i, h, w)], number(i, h, w));
        }

        private int number(int i, int h, int w) {
            return (i * of.layout.horizon() + h) * of.layout.wanted().size() + w;
        }
    }

    /** What follows each series. */
    List<Ahead> of(List<Start> starts, int horizon, double[] levels) {
        int w = layout.wanted().size();
        boolean spread = reading.outputs().spread();
        List<Ahead> out = new ArrayList<>();
        starts.forEach(s -> out.add(new Ahead(new double[w][horizon],
                new double[w][spread ? levels.length : 0][horizon])));
        List<Start> now = starts;
        for (int done = 0; done < horizon; done += layout.horizon()) {
            Block b = block(now, done);
            float[] points = reading.outputs().points(b.y);
            int steps = Math.min(layout.horizon(), horizon - done);
            for (int i = 0; i < starts.size(); i++) {
                for (int c = 0; c < w; c++) {
                    for (int h = 0; h < steps; h++) {
                        out.get(i).mean[c][done + h] = b.point(i, h, c, points);
                        for (int q = 0; q < out.get(i).quantiles[c].length && done == 0; q++) {
                            out.get(i).quantiles[c][q][h] = b.at(i, h, c, levels[q]);
                        }
                    }
                }
            }
            int until = done + layout.horizon();
            now = until >= horizon
                    ? now
                    : IntStream.range(0, starts.size())
                            .mapToObj(i -> rolled(starts.get(i), out.get(i).mean, until)).toList();
        }
        if (spread && horizon > layout.horizon()) {
            for (int i = 0; i < starts.size(); i++) {
                draw(starts.get(i), out.get(i), horizon, levels);
            }
        }
        return out;
    }

    private Block block(List<Start> now, int done) {
        List<Windows.Part> parts = now.stream().map(s -> new Windows.Part(new SeriesInput(s.series, s.scaling),
                s.cut + done, 1)).toList();
        SequenceBatch b = new Windows(layout, parts, linear).batch(IntStream.range(0, parts.size()).toArray());
        return new Block(this, model.forward(b), Objects.requireNonNull(b.values().frame()));
    }

    /** Quantiles behind the first horizon. */
    private void draw(Start start, Ahead out, int horizon, double[] levels) {
        int w = layout.wanted().size();
        int own = layout.horizon();
        SplittableRandom random = new SplittableRandom(SEED);
        double[][][] paths = new double[PATHS][w][horizon];
        Block b = block(List.of(start), 0);
        double[] u = shuffled(random);
        for (int p = 0; p < PATHS; p++) {
            follow(b, 0, u[p], paths[p], 0, horizon);
        }
        for (int done = own; done < horizon; done += own) {
            int before = done;
            List<Start> pasts = IntStream.range(0, PATHS).mapToObj(p -> rolled(start, paths[p], before)).toList();
            Block next = block(pasts, done);
            u = shuffled(random);
            double[] drawn = new double[PATHS * GRID];
            for (int c = 0; c < w; c++) {
                for (int h = 0; h < Math.min(own, horizon - done); h++) {
                    for (int p = 0; p < PATHS; p++) {
                        for (int g = 0; g < GRID; g++) {
                            drawn[p * GRID + g] = next.at(p, h, c, (g + 1.0) / (GRID + 1));
                        }
                    }
                    Arrays.sort(drawn);
                    for (int q = 0; q < levels.length; q++) {
                        out.quantiles[c][q][done + h] = drawn[(int) Math.min(drawn.length - 1.0, levels[q]
                                * drawn.length)];
                    }
                }
            }
            for (int p = 0; p < PATHS; p++) {
                follow(next, p, u[p], paths[p], done, horizon);
            }
        }
    }

    private void follow(Block b, int i, double level, double[][] path, int done, int horizon) {
        for (int c = 0; c < path.length; c++) {
            for (int h = 0; h < Math.min(layout.horizon(), horizon - done); h++) {
                path[c][done + h] = b.at(i, h, c, level);
            }
        }
    }

    /** One level for each path, evenly spread, in a drawn order. */
    private static double[] shuffled(SplittableRandom random) {
        double[] u = new double[PATHS];
        Arrays.setAll(u, p -> (p + 0.5) / PATHS);
        for (int p = PATHS - 1; p > 0; p--) {
            int other = random.nextInt(p + 1);
            double v = u[p];
            u[p] = u[other];
            u[other] = v;
        }
        return u;
    }

    /** With forecasts in the place of what is not known; covariates of the past keep their last value. */
    private Start rolled(Start from, double[][] values, int steps) {
        TimeSeries s = from.series;
        List<float[]> columns = new ArrayList<>();
        for (int c = 0; c < s.columns().size(); c++) {
            float[] x = s.columns().get(c);
            float[] out = Arrays.copyOf(x, Math.max(x.length, from.cut + steps));
            boolean ahead = c >= layout.channels() + layout.past();
            Arrays.fill(out, ahead ? x.length : from.cut, out.length, Float.NaN);
            int w = layout.wanted().indexOf(c);
            for (int h = 0; w >= 0 && h < steps; h++) {
                out[from.cut + h] = (float) values[w][h];
            }
            columns.add(out);
        }
        return new Start(new TimeSeries(s.id(), s.axis(), columns, s.statics()), from.scaling, from.cut);
    }
}
