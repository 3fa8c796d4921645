package s4j.train.task;

import s4j.data.forecast.ForecastErrors;
import s4j.model.Targets;

/** Sums of errors of forecasts, each value of each window once, whatever batch it comes in. */
final class ForecastSums {
    private double squared;
    private double absolute;
    private double unitSquared;
    private double unitAbsolute;
    private long count;

    /** Adds forecasts {@code [b, t, d]} of windows, as the network gives them. */
    void add(Targets.Values targets, float[] forecast) {
        Targets.Frame frame = targets.frame();
        if (frame == null || forecast.length != targets.values().length) {
            throw new IllegalArgumentException("%d values have %d forecasts%s".formatted(targets.values().length,
                    forecast.length, frame == null ? " and no frame" : ""));
        }
        for (int i = 0; i < forecast.length; i++) {
            if (Errors.counts(targets, i)) {
                double e = frame.standardised(forecast[i], i) - frame.standardised(targets.values()[i], i);
                double unit = e * frame.std()[frame.row(i)];
                squared += e * e;
                absolute += Math.abs(e);
                unitSquared += unit * unit;
                unitAbsolute += Math.abs(unit);
                count++;
            }
        }
    }

    long size() { return count; }

    ForecastErrors errors() {
        return new ForecastErrors(squared / count, absolute / count, unitSquared / count, unitAbsolute / count, count);
    }
}
