package s4j.data.forecast;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the linear model that a network starts from, on windows that it was not fitted on: the validation's, and where these are few
 * the last of the training's too (then it is fitted again on all of these). Candidates are both kinds of {@link LinearForecast} with every
 * ridge, with and without an intercept; the ridge draws them to the last value or to the last season, so that with the strongest and without an
 * intercept they are naive and seasonal naive.
 */
final class LinearChoice {
    /** So many validation windows are enough to choose by. */
    private static final int ENOUGH = 200;
    /** Else this share of the training windows is for choosing. */
    private static final double HELD_OUT = 0.4;
    private static final double[] SHARES = {1e-6, 1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 100, 1e3};
    /** A ridge that leaves nothing but what it draws to. */
    private static final double PLAIN = 1e12;
    private static final double MARGIN = 1.1;
    /** Windows that finalists are compared on. */
    private static final int MOST = 2000;

    private final Windows train;
    private final Windows validation;
    private final boolean absolute;
    private final int context;
    private final int horizon;
    private final int fitted;

    /**
     * On windows.
     *
     * @param absolute whether the mean absolute error chooses; else the mean squared one
     */
    LinearChoice(Windows train, Windows validation, boolean absolute) {
        this.train = train;
        this.validation = validation;
        this.absolute = absolute;
        this.context = train.layout.context();
        this.horizon = train.layout.horizon();
        boolean few = validation.size() < ENOUGH;
        this.fitted = few ? (int) Math.ceil(train.size() * (1 - HELD_OUT)) : train.size();
    }

    /** A candidate with its error. */
    @SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
    private record Candidate(LinearForecast.Kind kind, double @Nullable [] origin, double share, boolean intercept,
            double error) {}

    /** The best; null where there is nothing to fit on. */
    @Nullable
    LinearPart best(int season) {
        List<Candidate> finalists = new ArrayList<>();
        for (LinearForecast.Kind kind : List.of(LinearForecast.Kind.NLINEAR, LinearForecast.Kind.SCALED)) {
            NormalEquations fit = NormalEquations.of(train, 0, fitted, context, kind);
            NormalEquations judge = NormalEquations.of(train, gap(), train.size(), context, kind);
            judge.add(NormalEquations.of(validation, 0, validation.size(), context, kind));
            if (fit.count() == 0) {
                return null;
            }
            if (judge.count() == 0) {
                return part(new Candidate(kind, null, 1e-2, true, 0));
            }
            for (double[] origin : origins(season)) {
                finalists.add(of(kind, origin, fit, judge));
                finalists.add(plain(kind, origin));
            }
        }
        return part(finalists.stream().min(Comparator.comparingDouble(Candidate::error)).orElseThrow());
    }

    /** Windows of choosing that share no target with those of fitting, if there are such. */
    private int gap() {
        return fitted == train.size() ? fitted : Math.min(train.size() - 1, fitted + horizon - 1);
    }

    /** The last value's weights, 0, and the last season's. */
    private List<double[]> origins(int season) {
        double[] seasonal = new double[context * horizon];
        for (int h = 0; h < horizon && season <= context; h++) {
            seasonal[(context - season + h % season) * horizon + h] = 1;
        }
        return season > 1 && season <= context ? List.of(new double[seasonal.length], seasonal) : List.of(seasonal);
    }

    /** Naive or seasonal naive; of few windows what is hardly better than these is not better. */
    private Candidate plain(LinearForecast.Kind kind, double[] origin) {
        double error = error(new LinearForecast(kind, origin, new double[horizon], PLAIN));
        return new Candidate(kind, origin, PLAIN, false, fitted < train.size() ? error / MARGIN : error);
    }

    private Candidate of(LinearForecast.Kind kind, double[] origin, NormalEquations fit, NormalEquations judge) {
        double least = Double.POSITIVE_INFINITY;
        Candidate best = new Candidate(kind, origin, SHARES[0], true, least);
        for (double share : SHARES) {
            double[] w = fit.solve(share, origin);
            for (boolean intercept : new boolean[]{true, false}) {
                double[] b = bias(fit, w, intercept);
                double error = judge.error(w, b);
                if (error < least) {
                    least = error;
                    best = new Candidate(kind, origin, share, intercept, error(new LinearForecast(kind, w, b, share)));
                }
            }
        }
        return best;
    }

    private static double[] bias(NormalEquations fit, double[] w, boolean intercept) {
        double[] b = fit.bias(w);
        return intercept ? b : new double[b.length];
    }

    private double error(LinearForecast model) {
        double[] sums = new double[2];
        add(sums, model, train, gap(), train.size());
        add(sums, model, validation, 0, validation.size());
        return sums[0] / sums[1];
    }

    private void add(double[] sums, LinearForecast model, Windows windows, int from, int to) {
        for (int i = from; i < to; i += Math.max(1, (to - from) / MOST)) {
            SeriesInput in = windows.input(i);
            for (int c : windows.layout.wanted()) {
                double[] f = model.forecast(in, c, windows.cut(i));
                for (int h = 0; h < horizon; h++) {
                    double e = f[h] - in.known(c, windows.cut(i) + h);
                    if (!Double.isNaN(e)) {
                        sums[0] += absolute ? Math.abs(e) : e * e;
                        sums[1]++;
                    }
                }
            }
        }
    }

    /** Fitted on all training windows; its spread is that of the fit on those it was not judged by. */
    private LinearPart part(Candidate c) {
        NormalEquations first = NormalEquations.of(train, 0, fitted, context, c.kind);
        double[] w = first.solve(c.share, c.origin);
        LinearForecast judged = new LinearForecast(c.kind, w, bias(first, w, c.intercept), c.share);
        boolean few = fitted < train.size();
        LinearPart spread = few || validation.size() == 0
                ? LinearPart.of(judged, train, few ? gap() : 0, train.size())
                : LinearPart.of(judged, validation, 0, validation.size());
        if (!few) {
            return spread;
        }
        NormalEquations all = NormalEquations.of(train, 0, train.size(), context, c.kind);
        double[] again = all.solve(c.share, c.origin);
        return new LinearPart(new LinearForecast(c.kind, again, bias(all, again, c.intercept), c.share),
                spread.spread());
    }
}
