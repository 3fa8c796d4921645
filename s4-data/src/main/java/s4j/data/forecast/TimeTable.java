package s4j.data.forecast;

import java.util.List;
import java.util.Locale;

/**
 * Series of one frequency, as they were read.
 *
 * @param source the file or the query
 * @param form {@code wide}, {@code long} or {@code .tsf}
 * @param targets names of the columns to forecast; of a wide table whose columns are series of their own: {@code value}
 * @param past names of the columns known up to the present, behind them
 * @param future names of the columns known in advance, last
 * @param series one or more
 * @param repairs what was done to rows, e.g. {@code 3 duplicate stamps: their mean}; empty: nothing
 */
public record TimeTable(String source, String form, List<String> targets, List<String> past, List<String> future,
        List<TimeSeries> series, List<String> repairs) {
    /** The same columns of other series. */
    TimeTable with(List<TimeSeries> others) {
        return new TimeTable(source, form, targets, past, future, others, repairs);
    }

    /** Some of the series, and what more was done. */
    TimeTable with(List<TimeSeries> some, List<String> done) {
        return new TimeTable(source, form, targets, past, future, List.copyOf(some),
                java.util.stream.Stream.concat(repairs.stream(), done.stream()).toList());
    }

    /** Of the first series, and so of all. */
    public Frequency frequency() {
        return series.getFirst().axis().frequency();
    }

    /** The name of a column of a series where {@code wanted} columns are forecast. */
    String id(TimeSeries s, int column, int wanted) {
        String name = targets.get(column);
        return s.id().isEmpty() ? name : wanted == 1 ? s.id() : s.id() + "/" + name;
    }

    /** Values of a step. */
    public int columns() { return targets.size() + past.size() + future.size(); }

    /** All steps of all series. */
    public long steps() { return series.stream().mapToLong(TimeSeries::length).sum(); }

    /** Target values that are missing. */
    public long missing() {
        long n = 0;
        for (TimeSeries s : series) {
            for (int c = 0; c < targets.size(); c++) {
                n += s.missing(c);
            }
        }
        return n;
    }

    /** Each target as a series of its own, with the covariates of its row: {@code ID/COLUMN}. */
    public TimeTable apart() {
        if (targets.size() == 1) {
            return this;
        }
        int t = targets.size();
        List<TimeSeries> out = series.stream().flatMap(s -> java.util.stream.IntStream.range(0, t).mapToObj(c -> {
            java.util.ArrayList<float[]> columns = new java.util.ArrayList<>(List.of(s.columns().get(c)));
            columns.addAll(s.columns().subList(t, s.columns().size()));
            return new TimeSeries(s.id().isEmpty() ? targets.get(c) : s.id() + "/" + targets.get(c), s.axis(), columns,
                    s.statics());
        })).toList();
        return new TimeTable(source, form, List.of("value"), past, future, out, repairs);
    }

    /** What was found, in one line; {@code rule}: what becomes of missing values. */
    public String found(String rule) {
        int least = series.stream().mapToInt(TimeSeries::length).min().orElse(0);
        int most = series.stream().mapToInt(TimeSeries::length).max().orElse(0);
        long missing = missing();
        Frequency f = frequency();
        return String.format(Locale.ROOT, "found: %s, %s; %,d series%s of %s steps, a step is %s%s; %s%s%s", source,
                form,
                series.size(), targets.size() > 1 ? String.format(Locale.ROOT, " of %,d columns", targets.size()) : "",
                least == most ? String.format(Locale.ROOT, "%,d", most) : least + " to " + most, f,
                f.season() == 1 ? "" : ", a season " + f.season() + " steps",
                missing == 0
                        ? "no missing values"
                        : String.format(Locale.ROOT, "%,d missing values: %s", missing, rule),
                repairs.isEmpty() ? "" : "; ", String.join("; ", repairs));
    }
}
