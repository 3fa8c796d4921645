package s4j.train.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run writes line by line, for tasks with and without a metric beside the loss. */
final class MetricsLogTest {
    @TempDir
    Path tmp;

    private static Map<String, Double> metrics(Object... pairs) {
        Map<String, Double> out = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            out.put((String) pairs[i], (Double) pairs[i + 1]);
        }
        return out;
    }

    private MetricsLog open(MetricsLog.Lengths lengths, MetricsLog.Columns columns) throws IOException {
        Files.createDirectories(tmp);
        return MetricsLog.open(new RunDirectory(tmp), lengths, 0, columns, false);
    }

    @Test
    void theLeadingMetricStandsBesideTheLoss() throws IOException {
        MetricsLog.Columns columns = new MetricsLog.Columns("accuracy", List.of("accuracy", "bpb"));
        try (MetricsLog log = open(MetricsLog.Lengths.NONE, columns)) {
            log.write(new MetricsLog.Row("train", 1, 5, 0.01, 2.0, metrics("loss", 0.5, "accuracy", 0.75)));
            log.write(new MetricsLog.Row("val", 1, 5, null, null, metrics("loss", 0.4, "accuracy", 0.8, "bpb", 1.5)));
        }
        RunDirectory run = new RunDirectory(tmp);
        assertEquals(List.of("split,epoch,step,loss,accuracy,lr,gradient_norm,bpb", "train,1,5,0.5,0.75,0.01,2.0,",
                "val,1,5,0.4,0.8,,,1.5"), Files.readAllLines(run.metricsCsv()));
        List<MetricsLog.Row> rows = MetricsLog.read(run.metricsJsonl());
        assertEquals(1.5, rows.get(1).metric("bpb"));
        assertTrue(Double.isNaN(rows.get(0).metric("bpb")), "not of this row");
        assertEquals(List.of("loss", "accuracy", "bpb"), List.copyOf(rows.get(1).metrics().keySet()));
    }

    @Test
    void aTaskMayHaveTheLossAlone() throws IOException {
        MetricsLog.Columns columns = new MetricsLog.Columns(null, List.of("rmse"));
        try (MetricsLog log = open(MetricsLog.Lengths.NONE, columns)) {
            log.write(new MetricsLog.Row("val", 1, 5, null, null, metrics("loss", 0.4, "rmse", 3.0)));
        }
        assertEquals(List.of("split,epoch,step,loss,lr,gradient_norm,rmse", "val,1,5,0.4,,,3.0"),
                Files.readAllLines(new RunDirectory(tmp).metricsCsv()));
    }

    @Test
    void whatIsNotFiniteIsNullInJson() throws IOException {
        MetricsLog.Columns columns = new MetricsLog.Columns("accuracy", List.of("accuracy", "ppl"));
        try (MetricsLog log = open(MetricsLog.Lengths.NONE, columns)) {
            log.write(new MetricsLog.Row("val", 1, 5, null, null,
                    metrics("loss", Double.POSITIVE_INFINITY, "accuracy", 0.1, "ppl", Double.NaN)));
        }
        String line = Files.readString(new RunDirectory(tmp).metricsJsonl());
        assertTrue(line.contains("\"loss\":null") && line.contains("\"ppl\":null"), line);
        assertTrue(Double.isNaN(MetricsLog.read(new RunDirectory(tmp).metricsJsonl()).getFirst().metric("loss")));
    }

    @Test
    void aLostStretchIsCutBack() throws IOException {
        MetricsLog.Columns columns = new MetricsLog.Columns("accuracy", List.of("accuracy"));
        MetricsLog.Lengths kept;
        try (MetricsLog log = open(MetricsLog.Lengths.NONE, columns)) {
            log.write(new MetricsLog.Row("train", 1, 1, 0.1, 1.0, metrics("loss", 1.0, "accuracy", 0.5)));
            kept = log.force();
            log.write(new MetricsLog.Row("train", 1, 2, 0.1, 1.0, metrics("loss", 9.0, "accuracy", 0.0)));
        }
        try (MetricsLog log = open(kept, columns)) {
            log.write(new MetricsLog.Row("train", 1, 2, 0.1, 1.0, metrics("loss", 0.9, "accuracy", 0.6)));
        }
        List<MetricsLog.Row> rows = MetricsLog.read(new RunDirectory(tmp).metricsJsonl());
        assertEquals(List.of(1.0, 0.9), rows.stream().map(r -> r.metric("loss")).toList());
        Files.writeString(new RunDirectory(tmp).metricsCsv(), "");
        assertFails(RunException.class, () -> open(kept, columns), "has 0 bytes", "start a new run");
    }

    @Test
    void theBestIsReadFromCheckpointsOfBefore() throws IOException {
        Object json = s4j.io.Json.parse("""
                {"epoch":2,"batch":0,"step":40,
                 "interval":{"steps":0,"sequences":0,"correct":0,"loss_sum":0.0,"norm_sum":0.0},
                 "epoch_sums":{"steps":0,"sequences":0,"correct":0,"loss_sum":0.0,"norm_sum":0.0},
                 "best":{"accuracy":0.9,"epoch":1,"loss":0.3},
                 "plateau":{"best":0.9,"bad_epochs":0,"factor":1.0},"files":{"csv":10,"jsonl":20}}""", "test");
        Position p = Position.fromJson(json, "test");
        Position.Best best = java.util.Objects.requireNonNull(p.best());
        assertEquals(Map.of("accuracy", 0.9, "loss", 0.3), best.metrics());
        assertEquals(1, best.epoch());
        assertEquals(p, Position.fromJson(s4j.io.Json.parse(s4j.io.Json.print(p.toJson()), "again"), "again"));
    }
}
