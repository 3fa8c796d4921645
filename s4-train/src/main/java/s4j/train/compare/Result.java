package s4j.train.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.train.run.MetricsLog;
import s4j.train.task.Metric;

/**
 * How a member ended.
 *
 * @param member the run
 * @param validation metrics of the best epoch; empty without one
 * @param test the test split's metrics; empty after a failure
 * @param rate sequences/s of training, median of the intervals
 * @param seconds of training steps
 * @param failure why there is no result; null: there is one
 */
record Result(Member member, Map<String, Double> validation, Map<String, Double> test, double rate,
        double seconds, @Nullable String failure) {
    static Result failed(Member member, String why) {
        return new Result(member, Map.of(), Map.of(), Double.NaN, Double.NaN, why);
    }

    /** Whether a run has left all that a finished one leaves. */
    static boolean finished(Member member) {
        return Files.exists(member.run().model()) && Files.exists(member.run().report());
    }

    /** From the files of a finished run. */
    static Result read(Member member, Metric monitor) throws IOException {
        List<MetricsLog.Row> rows = MetricsLog.read(member.run().metricsJsonl());
        Map<String, Double> validation = RunSummary.best(rows, monitor);
        Map<String, Double> test = RunSummary.test(rows);
        double[][] times = Files.readAllLines(member.run().timingCsv()).stream().skip(1)
                .map(line -> line.split(",", -1))
                .map(f -> new double[]{Double.parseDouble(f[3]), Double.parseDouble(f[2])}).toArray(double[][]::new);
        double[] rates = java.util.Arrays.stream(times).mapToDouble(t -> t[1]).filter(r -> r > 0).sorted().toArray();
        return new Result(member, validation, test, rates.length == 0 ? Double.NaN : rates[rates.length / 2],
                times.length == 0 ? Double.NaN : times[times.length - 1][0], null);
    }
}
