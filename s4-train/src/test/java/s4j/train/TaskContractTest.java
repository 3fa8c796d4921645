package s4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import s4j.config.Binder;
import java.nio.charset.StandardCharsets;
import java.io.UncheckedIOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.io.ModelFile;
import s4j.model.ObjectiveConfig;
import s4j.data.forecast.ForecastConfig;
import s4j.data.forecast.TimeOptions;
import s4j.data.forecast.TimeReader;
import s4j.data.table.Table;
import s4j.model.TargetSpec;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;
import s4j.train.fake.FakeData;
import s4j.train.fake.FakeNumbers;
import s4j.train.fake.FakeSteps;
import s4j.train.fake.StoppingLearner;
import s4j.train.fake.TinyRun;
import s4j.train.run.MetricsLog;
import s4j.train.run.RunException;
import s4j.train.task.Evaluation;
import s4j.train.task.Metric;
import s4j.train.task.Task;
import s4j.train.task.TaskConfig;
import s4j.train.task.Tasks;

/** What every task owes, each on data of its own and with every loss it has. */
final class TaskContractTest {
    @TempDir
    Path tmp;

    /** A task with its data, and words of the configuration. */
    record Case(String name, Dataset data, Map<String, Object> words) {
        @Override
        public String toString() { return name; }
    }

    static Stream<Case> cases() {
        List<Case> out = new ArrayList<>();
        out.add(new Case("classes", new FakeData(), Map.of()));
        out.add(new Case("classes, smoothed and balanced", new FakeData(),
                Map.of("task", Map.of("_name_", "base", "metrics",
                        List.of("accuracy"), "loss",
                        Map.of("_name_", "cross_entropy", "label_smoothing", 0.1, "balanced", true)))));
        out.add(new Case("next token", new FakeSteps(),
                Map.of("encoder", "embedding", "decoder", Map.of("mode", "step"))));
        for (String loss : List.of("mse", "mae", "huber", "gaussian", "student_t", "quantile")) {
            out.add(new Case("numbers, " + loss, new FakeNumbers(),
                    Map.of("task", Map.of("_name_", "regression", "metrics",
                            List.of("rmse", "mae", "r2"), "loss", loss))));
        }
        for (String loss : List.of("mse", "student_t", "quantile")) {
            boolean masked = !loss.equals("mse");
            out.add(new Case("forecast, " + loss + (masked ? ", masked horizon" : ""), series(masked),
                    Map.of("decoder", Map.of("mode", "last"), "task", Map.of("_name_", "forecasting", "metrics",
                            List.of("mse", "mae"), "loss", loss))));
        }
        return out.stream();
    }

    /** Days with a week's rhythm. */
    private static Dataset series(boolean masked) {
        StringBuilder csv = new StringBuilder("ds,y\n");
        for (int t = 0; t < 160; t++) {
            csv.append(java.time.LocalDate.of(2024, 1, 1).plusDays(t)).append(',').append(5 + t % 7).append('\n');
        }
        ConfigTree keys = ConfigTree.of(Map.of("horizon", 3, "context", 8, "masked", masked), new Origin("test"));
        try (Table table = Table.csv(new ByteArrayInputStream(csv.toString().getBytes(StandardCharsets.UTF_8)), "x",
                null)) {
            return Binder.bind(keys, ForecastConfig.DEFAULTS).of(TimeReader.read(table, TimeOptions.FOUND), "0".repeat(
                    64));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static TinyRun run(Path at, Case c, String... overrides) {
        TinyRun plain = TinyRun.in(at, overrides);
        ConfigTree tree = plain.config().tree().without("task").merge(ConfigTree.of(
                Map.of("task", Map.of("_name_", "auto", "metrics", List.of())), new Origin("test")));
        ConfigTree own = ConfigTree.of(c.words(), new Origin("test"));
        if (own.find("task") != null) {
            tree = tree.without("task");
        }
        TrainConfig config = TrainConfig.of(tree.merge(own)).resolved(c.data());
        return new TinyRun(at, Learner::create, c.data(), ResolvedConfig.of(config), null, false, plain.stop());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aRunLearnsTellsItAndIsReadBackFromItsModelFile(Case c) throws IOException {
        StringWriter said = new StringWriter();
        TinyRun run = run(tmp, c, "optimizer.lr=0.05");
        Task task = Tasks.of(run.config().values().task());
        Evaluation test = assertInstanceOf(Outcome.Finished.class, run.go(new PrintWriter(said))).test();
        assertTrue(test.metrics().keySet().containsAll(run.config().values().task().metrics()),
                test.metrics().toString());
        assertTrue(test.metrics().containsKey(task.monitor().name()), "what chooses the best is measured");
        for (String line : test.baselines()) {
            assertTrue(line.matches("(baseline|the 80 % band covers) .*") && said.toString().contains(line),
                    said.toString());
        }
        assertTrue(!test.baselines().isEmpty() && test.lastLine().matches("test [a-z]+: .*[0-9].*"), test.lastLine());
        List<String> csv = Files.readAllLines(run.directory().metricsCsv());
        long columns = csv.getFirst().chars().filter(x -> x == ',').count();
        assertTrue(csv.stream().allMatch(l -> l.chars().filter(x -> x == ',').count() == columns), csv.toString());
        assertTrue(List.of(csv.getFirst().split(",")).containsAll(test.metrics().keySet()), csv.getFirst());
        List<MetricsLog.Row> val = MetricsLog.read(run.directory().metricsJsonl()).stream()
                .filter(r -> r.split().equals("val")).toList();
        double first = val.getFirst().metric("loss");
        assertTrue(val.getLast().metric("loss") < first, "it learns: " + first + ", then " + val.getLast());
        String page = Files.readString(run.directory().report());
        assertTrue(page.contains(test.headline().number()) && test.sections().stream()
                .allMatch(s -> page.contains(s.heading())), "the report shows the task's own");
        ModelFile model = ModelFile.read(run.directory().model());
        assertTrue(model.config().containsKey(TargetSpec.KEY));
        Evaluation again = Trained.of(model, "m").evaluate(c.data(), Learner::create, run.config().values());
        assertEquals(test.metrics(), again.metrics());
        assertEquals(test.lastLine(), again.lastLine());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theSizeOfABatchChangesNoMetric(Case c) throws IOException {
        TinyRun run = run(tmp, c, "trainer.max_epochs=1");
        Evaluation test = assertInstanceOf(Outcome.Finished.class, run.go()).test();
        Trained trained = Trained.of(ModelFile.read(run.directory().model()), "m");
        for (int size : new int[]{1, 7, 1000}) {
            TrainConfig other = TrainConfig.of(run.config().tree().with("loader.batch_size_eval",
                    ConfigTree.of((long) size, new Origin("test"))));
            Evaluation again = trained.evaluate(c.data(), Learner::create, other);
            assertEquals(test.size(), again.size());
            test.metrics().forEach((name, value) -> assertEquals(value, again.metric(name),
                    1e-5 * Math.max(1, Math.abs(value)), name + " in batches of " + size));
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void stoppedAndContinuedEqualsUninterrupted(Case c) throws IOException {
        TinyRun whole = run(tmp.resolve("whole"), c, "train.ema=0.9");
        assertInstanceOf(Outcome.Finished.class, whole.go());
        TinyRun cut = run(tmp.resolve("cut"), c, "train.ema=0.9");
        assertInstanceOf(Outcome.Stopped.class, cut.with((n, o) -> new StoppingLearner(Learner.create(n, o), 23,
                cut.stop()::request)).go());
        assertInstanceOf(Outcome.Finished.class, cut.resumed().go());
        for (String file : List.of("model.safetensors", "metrics.csv", "metrics.jsonl", "checkpoints/last.safetensors",
                "checkpoints/best.safetensors")) {
            assertArrayEquals(whole.bytes(file), cut.bytes(file), file);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void dataOfOtherTargetsIsRefusedWithWhatToWrite(Case c) {
        TrainConfig config = run(tmp, c).config().values();
        for (Dataset other : List.of(new FakeData(), new FakeSteps(), new FakeNumbers())) {
            if (other.targets().getClass() != c.data().targets().getClass()) {
                assertFails(ConfigException.class, () -> config.network(other), "task._name_: got ", "Write task=");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void linesOfPredictionsHaveTheColumnsTheirHeaderNames(Case c) throws IOException {
        TinyRun run = run(tmp, c, "trainer.max_epochs=1");
        Task task = Tasks.of(run.config().values().task());
        if (c.data().targets() instanceof TargetSpec.StepClasses) {
            assertFails(RunException.class, () -> task.rows(c.data().targets()), "one line for each sequence");
            return;
        }
        run.go();
        Task.PredictionRows rows = task.rows(c.data().targets());
        List<Integer> widths = new ArrayList<>();
        Trained.of(ModelFile.read(run.directory().model()), "m").evaluate(c.data(), Learner::create,
                run.config().values(), (batch, outputs) -> IntStream.range(0, batch.size())
                        .forEach(i -> widths.add(rows.row(batch, outputs, i).size())));
        assertEquals(c.data().test().size(), widths.size());
        assertTrue(widths.stream().allMatch(w -> w == rows.header().size()));
    }

    @Test
    void autoIsTheTaskOfTheTargetsAndUnknownWordsAreRefused() {
        TaskConfig auto = new TaskConfig("auto", ObjectiveConfig.CrossEntropy.DEFAULTS, List.of());
        assertEquals("base", Tasks.resolved(auto, new FakeData().targets()).name());
        assertEquals("lm", Tasks.resolved(auto, new FakeSteps().targets()).name());
        assertEquals("regression", Tasks.resolved(auto, new FakeNumbers().targets()).name());
        assertFails(IllegalArgumentException.class,
                () -> new TaskConfig("regresion", ObjectiveConfig.Mse.DEFAULTS, List.of("rmse")), "got regresion",
                "did you mean regression?");
        assertFails(IllegalArgumentException.class,
                () -> new TaskConfig("base", ObjectiveConfig.CrossEntropy.DEFAULTS, List.of("rmse")),
                "unknown metric rmse",
                "expected accuracy");
    }

    @Test
    void weightsOfClassesBalanceTheirCounts() {
        Task task = Tasks.of(new TaskConfig("base", new ObjectiveConfig.CrossEntropy("cross_entropy", 0, null, true),
                List.of("accuracy")));
        ObjectiveConfig.CrossEntropy weighted = assertInstanceOf(ObjectiveConfig.CrossEntropy.class,
                task.objective(new FakeData()));
        List<Double> weights = java.util.Objects.requireNonNull(weighted.classWeights());
        // 210 sequences of four classes in turn: 53, 53, 52, 52
        assertEquals(210 / (4 * 53.0), weights.get(0), 1e-12);
        assertEquals(210 / (4 * 52.0), weights.get(3), 1e-12);
        assertNotEquals(weights.get(0), weights.get(3));
    }

    @Test
    void metricsKnowWhichIsBetter() {
        assertTrue(Metric.LOSS.better(1, 2) && !Metric.LOSS.better(2, 1));
        assertTrue(Metric.LOSS.better(1, Double.NaN) && !Metric.LOSS.better(Double.NaN, 1),
                "a number is better than none");
        assertTrue(new Metric("accuracy", true).better(0.9, 0.8));
    }
}
