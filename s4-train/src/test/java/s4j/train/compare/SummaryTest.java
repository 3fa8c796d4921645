package s4j.train.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.train.fake.TinyRun;
import s4j.train.run.MetricsLog;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;
import s4j.train.task.Metric;

/** What runs tell of themselves by their files, and what is said where the S4 family is not the best. */
final class SummaryTest {
    private static final Metric ACCURACY = new Metric("accuracy", true);

    @TempDir
    Path dir = Path.of("");

    private RunSummary run(String name, String... overrides) throws IOException {
        TinyRun run = TinyRun.in(dir.resolve(name), overrides);
        run.go();
        return RunSummary.read(run.directory().path());
    }

    @Test
    void aRunIsFoundByItsFilesAndAnswersToNames() throws IOException {
        RunSummary run = run("a", "trainer.max_epochs=2");
        assertEquals(List.of("a", "finished"), List.of(run.name(), run.status()));
        assertEquals("accuracy", run.monitor().name());
        assertEquals(run.best().get("accuracy"), run.value("accuracy"));
        assertEquals(run.best().get("loss"), run.value("val.loss"));
        assertEquals(run.test().get("accuracy"), run.value("test.accuracy"));
        assertEquals("finished", run.value("status"));
        assertEquals(2L, run.value("trainer.max_epochs"));
        assertEquals("base", run.value("task"), "of a kind its name");
        assertNull(run.value("trainer.nothing"));
        assertNull(run.value("test.nothing"));
        assertFalse(run.leaves().keySet().stream().anyMatch(k -> k.startsWith("run.")), "not where it is kept");
        Files.delete(run.run().report());
        assertEquals("stopped", RunSummary.read(run.run().path()).status());
        Files.delete(run.run().last());
        assertEquals("begun", RunSummary.read(run.run().path()).status());
        Files.delete(run.run().metricsJsonl());
        assertTrue(RunSummary.read(run.run().path()).best().isEmpty());
        assertFails(RunException.class, () -> RunSummary.read(dir), "no run in " + dir, "config.yaml is missing");
    }

    @Test
    void oneDamagedRunHidesNoOther() throws IOException {
        run("good", "trainer.max_epochs=1");
        for (String bad : List.of("rows", "half", "yaml")) {
            Path copy = Files.createDirectories(dir.resolve(bad));
            Files.copy(dir.resolve("good/config.yaml"), copy.resolve("config.yaml"));
            switch (bad) {
                case "rows" -> Files.writeString(copy.resolve("metrics.jsonl"), "{\"epoch\":1}\n");
                case "half" -> Files.writeString(copy.resolve("metrics.jsonl"), "{\"split\":\"val\"");
                default -> Files.writeString(copy.resolve("config.yaml"), "a: [1");
            }
        }
        List<String> refused = new ArrayList<>();
        List<RunSummary> found = RunSummary.below(dir, refused::add);
        assertEquals(List.of("good"), found.stream().map(RunSummary::name).toList());
        assertEquals(3, refused.size(), refused.toString());
    }

    @Test
    void anUnknownDataSetIsNoHindrance() throws IOException {
        RunSummary run = run("a", "trainer.max_epochs=1");
        Path config = run.run().config();
        Files.writeString(config, Files.readString(config).replaceFirst("_name_: mnist", "_name_: of-another-jar"));
        assertEquals(Metric.LOSS, RunSummary.read(run.run().path()).monitor());
    }

    @Test
    void theBestRowIsTheFirstOfTheBestAndAnyNumberIsBetterThanNone() {
        List<MetricsLog.Row> rows = new ArrayList<>();
        for (double v : new double[]{Double.NaN, 0.5, 0.75, 0.75, 0.25}) {
            rows.add(new MetricsLog.Row("val", rows.size(), 0, null, null, Map.of("accuracy", v, "loss", 1.0)));
        }
        rows.add(new MetricsLog.Row("test", 9, 0, null, null, Map.of("accuracy", 0.9)));
        assertEquals(0.75, RunSummary.best(rows, ACCURACY).get("accuracy"));
        assertEquals(0.9, RunSummary.test(rows).get("accuracy"));
        assertTrue(RunSummary.best(rows, new Metric("rmse", false)).isEmpty(), "no row has it");
        assertTrue(RunSummary.test(rows.subList(0, 5)).isEmpty());
    }

    @Test
    void runsSideBySideShowWhatDiffers() throws IOException {
        RunSummary a = run("a", "trainer.max_epochs=1", "optimizer.lr=0.25");
        RunSummary b = run("b", "trainer.max_epochs=1", "optimizer.lr=0.125");
        RunsPage page = new RunsPage(List.of(a, b));
        assertEquals(List.of(List.of("optimizer.lr", "0.25", "0.125")), page.differences());
        assertEquals(List.of("metric", "a", "b"), page.head("metric"));
        assertTrue(page.metrics().stream().anyMatch(r -> r.getFirst().equals("test.accuracy") && r.size() == 3));
        Path file = dir.resolve("runs.html");
        page.write(file);
        assertTrue(Files.readString(file).contains("<td>optimizer.lr</td>"));
        new RunsPage(List.of(a, a)).write(file);
        assertTrue(Files.readString(file).contains("<p>Nothing.</p>"));
    }

    @Test
    void tablesAreQuotedForTheirFormat() {
        Table table = new Table(List.of("a", "b,c"), List.of(List.of("say \"x\"", "<b>\n")));
        assertEquals("a,\"b,c\"\n\"say \"\"x\"\"\",\"<b>\n\"\n", table.csv());
        assertTrue(table.html().contains("&lt;b&gt;") && !table.html().contains("<b>"), table.html());
    }

    private Standing standing(String model, @Nullable Double accuracy, double rate) {
        Member member = new Member(model, model, 0.1, 1, s4j.train.config.TrainConfig.DEFAULTS, new RunDirectory(dir));
        Result result = accuracy == null
                ? Result.failed(member, "out of memory")
                : new Result(member, Map.of(), Map.of("accuracy", accuracy), rate, 60, null);
        return new Standing(model, null, List.of(), List.of(result), null, null, null);
    }

    @Test
    void whereTheFamilyLosesIsSaidAndNothingElse() {
        List<Standing> all = List.of(standing("s4", 0.9, 100), standing("lstm", 0.95, 50), standing("s4d", 0.92, 80),
                standing("gru", null, 0));
        assertEquals(List.of("test accuracy: lstm has 0.9500, s4d 0.9200"), Losses.of(ACCURACY, all, List.of()));
        List<Growth.Point> growth = List.of(new Growth.Point("s4", Growth.Kind.STREAM, 256, 0.002, 1, null),
                new Growth.Point("lstm", Growth.Kind.STREAM, 256, 0.001, 1, null),
                new Growth.Point("gru", Growth.Kind.STREAM, 256, Double.NaN, 1, "out of memory"),
                new Growth.Point("s4", Growth.Kind.TRAIN, 512, 0.001, 1, null),
                new Growth.Point("lstm", Growth.Kind.TRAIN, 512, 0.001, 1, null));
        assertEquals(List.of("ms of a streamed step at L 256: lstm has 1.000, s4 2.000"),
                Losses.of(ACCURACY, List.of(standing("s4", 1.0, 9), standing("lstm", 1.0, 9)), growth),
                "an equal one is none, and what failed is not compared");
        assertEquals(List.of(), Losses.of(ACCURACY, List.of(standing("lstm", 1.0, 9)), List.of()),
                "nobody of the family");
        List<Growth.Point> memory = List.of(new Growth.Point("s4", Growth.Kind.STREAM, 256, 0.001, 66_600, null),
                new Growth.Point("lstm", Growth.Kind.STREAM, 256, 0.001, 2_000, null),
                new Growth.Point("s4", Growth.Kind.TRAIN, 512, 0.001, 3e6, null),
                new Growth.Point("tcn", Growth.Kind.TRAIN, 512, 0.001, 2e6, null),
                new Growth.Point("gru", Growth.Kind.TRAIN, 512, Double.NaN, 0, "out of memory"));
        assertEquals(List.of("MB of a training step at L 512: tcn has 2.000, s4 3.000",
                "kB of a stream's state at L 256: lstm has 2.000, s4 66.60"),
                Losses.of(ACCURACY, List.of(standing("s4", 1.0, 9), standing("lstm", 1.0, 9)), memory),
                "memory counts, too");
    }

    @Test
    void meansAndDeviationsAreThoseOfASample() {
        assertEquals(new Standing.Spread(2, 1, 3), Standing.Spread.of(new double[]{1, 2, 3}));
        assertTrue(Double.isNaN(Standing.Spread.of(new double[]{1}).deviation()), "of one there is none");
        assertTrue(Double.isNaN(Standing.Spread.of(new double[0]).mean()));
        assertEquals(3, Speeds.median(new double[]{9, 3, 1}));
        assertEquals("out of memory: x bad_alloc", Members.reason(new IllegalStateException("x bad_alloc")));
        assertEquals("null", Members.reason(new IllegalStateException()));
    }
}
