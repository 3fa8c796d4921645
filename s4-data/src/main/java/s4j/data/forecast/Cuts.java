package s4j.data.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import s4j.config.ConfigException;

/**
 * Some series of a table and where each is cut: what a network forecasts at once.
 *
 * @param model whose forecasts they are
 * @param table arranged for it
 * @param rollout of its network
 * @param from the first series
 * @param cuts the first forecast step of that series and those behind it
 */
@SuppressWarnings("ArrayRecordComponent") // values are handed on as they are
record Cuts(ForecastModel model, TimeTable table, Rollout rollout, int from, int[] cuts) {
    List<Forecast> forecasts(int horizon, double[] levels, int recent) {
        List<Rollout.Start> starts = new ArrayList<>();
        for (int i = 0; i < cuts.length; i++) {
            TimeSeries s = table.series().get(from + i);
            requireFuture(s, cuts[i], horizon);
            starts.add(new Rollout.Start(s, model.scaling(s, cuts[i]), cuts[i]));
        }
        List<Rollout.Ahead> ahead = rollout.of(starts, horizon, levels);
        List<Integer> wanted = model.wanted(table);
        List<Forecast> out = new ArrayList<>();
        for (int i = 0; i < cuts.length; i++) {
            TimeSeries s = starts.get(i).series();
            if (recent > 0) {
                new RecentErrors(model, rollout, wanted).widen(s, cuts[i], recent, ahead.get(i));
            }
            for (int c = 0; c < wanted.size(); c++) {
                out.add(new Forecast(table.id(s, wanted.get(c), wanted.size()), s.axis(), cuts[i], Arrays.copyOf(
                        s.columns().get(wanted.get(c)), cuts[i]), ahead.get(i).mean()[c], ahead.get(i).quantiles()[c]));
            }
        }
        return out;
    }

    private void requireFuture(TimeSeries s, int cut, int horizon) {
        int steps = Math.ceilDiv(horizon, model.horizon()) * model.horizon();
        if (!model.future().isEmpty() && s.length() < cut + steps) {
            throw new ConfigException(
                    "%s%s is known for %d steps behind the last target; expected %d. Add rows"
                            .formatted(TimeRows.named(s.id()), model.future(), s.length() - cut, steps)
                            + " with the target left empty");
        }
    }
}
