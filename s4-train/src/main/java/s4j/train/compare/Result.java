package s4j.train.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.train.run.MetricsLog;
import s4j.train.task.Metric;

/**
 * How a member ended.
 *
 * @param member the run
 * @param validation of the best epoch; NaN without one
 * @param test the test split's metrics; empty after a failure
 * @param rate sequences/s of training, median of the intervals
 * @param seconds of training and validation
 * @param failure why there is no result; null: there is one
 */
record Result(Member member, double validation, Map<String, Double> test, double rate, double seconds,
        @Nullable String failure) {
    static Result failed(Member member, String why) {
        return new Result(member, Double.NaN, Map.of(), Double.NaN, Double.NaN, why);
    }

    /** Whether a run has left all that a finished one leaves. */
    static boolean finished(Member member) {
        return Files.exists(member.run().model()) && Files.exists(member.run().report());
    }

    /** From the files of a finished run. */
    static Result read(Member member, Metric monitor) throws IOException {
        List<MetricsLog.Row> rows = MetricsLog.read(member.run().metricsJsonl());
        Comparator<Double> better = (a, b) -> monitor.better(a, b) ? 1 : monitor.better(b, a) ? -1 : 0;
        double validation = rows.stream().filter(r -> r.split().equals("val")).map(r -> r.metric(monitor.name()))
                .filter(v -> !v.isNaN()).max(better).orElse(Double.NaN);
        Map<String, Double> test = rows.stream().filter(r -> r.split().equals("test")).reduce((a, b) -> b)
                .map(MetricsLog.Row::metrics).orElse(Map.of());
        double[][] times = Files.readAllLines(member.run().timingCsv()).stream().skip(1)
                .map(line -> line.split(",", -1))
                .map(f -> new double[]{Double.parseDouble(f[1]), Double.parseDouble(f[2])}).toArray(double[][]::new);
        double[] rates = java.util.Arrays.stream(times).mapToDouble(t -> t[1]).filter(r -> r > 0).sorted().toArray();
        return new Result(member, validation, test, rates.length == 0 ? Double.NaN : rates[rates.length / 2],
                times.length == 0 ? Double.NaN : times[times.length - 1][0], null);
    }
}
