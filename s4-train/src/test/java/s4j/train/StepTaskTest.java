package s4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.ModelFile;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;
import s4j.train.fake.FakeSteps;
import s4j.train.fake.StoppingLearner;
import s4j.train.fake.TinyRun;
import s4j.train.run.Checkpoint;
import s4j.train.run.MetricsLog;
import s4j.train.run.Position;
import s4j.train.schedule.Plateau;
import s4j.train.schedule.SchedulerConfig;
import s4j.train.task.Baselines;
import s4j.train.task.Evaluation;
import s4j.train.task.StepPrediction;
import s4j.train.task.Tasks;

/** Task lm from end to end, on walks whose next step is one bit. */
final class StepTaskTest {
    @TempDir
    Path tmp;

    private static TinyRun run(Path at, String... overrides) {
        TinyRun plain = TinyRun.in(at, overrides);
        ConfigTree tree = plain.config().tree().without("model")
                .merge(ConfigTree.of(Map.of("task", Map.of("_name_", "lm", "metrics", List.of("accuracy", "accuracy@3",
                        "bpb", "ppl")), "encoder", "embedding", "decoder", Map.of("mode", "step"), "model",
                        Map.of("_name_", "sashimi", "d_model", 4, "n_layers", 1, "pool", List.of(2), "dropout", 0.1,
                                "layer", Map.of("d_state", 4))),
                        new Origin("test")));
        return new TinyRun(at, Learner::create, new FakeSteps(), ResolvedConfig.of(TrainConfig.of(tree)), null, false,
                plain.stop());
    }

    @Test
    void baselinesAreTheEntropiesOfTheWalk() {
        TrainConfig config = run(tmp).config().values();
        FakeSteps data = new FakeSteps();
        StepPrediction nothing = new StepPrediction(Learner.StepScores.NOTHING, List.of(), "sample", null);
        Baselines b = Objects.requireNonNull(((StepPrediction) Tasks.of(config.task()).compared(nothing, data,
                Feed.Splits.of(data, config).test()::batches)).reference());
        assertEquals(1, Objects.requireNonNull(b.markov()), 0.03, "a fair coin");
        assertTrue(b.unigram() > 2.7 && b.unigram() <= 3.1, "eight levels, nearly alike: " + b.unigram());
    }

    @Test
    void aRunEndsWithBitsAndItsBaselines() throws IOException {
        StringWriter said = new StringWriter();
        TinyRun run = run(tmp, "optimizer.lr=0.05");
        Outcome.Finished end = assertInstanceOf(Outcome.Finished.class, run.go(new PrintWriter(said)));
        StepPrediction test = assertInstanceOf(StepPrediction.class, end.test());
        assertTrue(test.bits() < 2 && test.bits() > 0.99, "bits " + test.bits());
        assertTrue(said.toString().contains("baseline order-1 Markov: ")
                && said.toString().contains("baseline unigram: ") && said.toString().contains("validation nll "),
                said.toString());
        List<String> csv = Files.readAllLines(run.directory().metricsCsv());
        assertEquals("split,epoch,step,loss,accuracy,lr,gradient_norm,accuracy@3,bpb,ppl", csv.getFirst());
        String[] last = csv.getLast().split(",", -1);
        assertEquals(10, last.length);
        assertEquals("test", last[0]);
        assertEquals(test.bits(), Double.parseDouble(last[8]));
        MetricsLog.Row row = MetricsLog.read(run.directory().metricsJsonl()).getLast();
        assertEquals(List.of("bpb", "ppl", "accuracy@3"), List.copyOf(row.metrics().keySet()).subList(2, 5));
        assertEquals(Math.exp(test.loss()), row.metrics().get("ppl"));
        ModelFile model = ModelFile.read(run.directory().model());
        assertEquals(test.bits(), model.provenance().get("test_nll_bits"));
        assertEquals(Objects.requireNonNull(test.reference()).markov(), model.provenance().get("baseline_markov_bits"));
        assertTrue(model.tensors().containsKey("data.levels"));
        String page = Files.readString(run.directory().report());
        assertTrue(page.contains("bits per sample on the test split") && page.contains("order-1 Markov on test")
                && page.contains("Waveform"), "report");
        Trained trained = Trained.of(model, "m");
        Evaluation again = trained.evaluate(new FakeSteps(), Learner::create, run.config().values());
        assertEquals(test.loss(), again.loss());
    }

    @Test
    void theBestCheckpointIsTheOneOfTheLowestLoss() throws IOException {
        TinyRun run = run(tmp, "trainer.max_epochs=4", "optimizer.lr=0.3", "scheduler._name_=constant");
        run.go();
        List<MetricsLog.Row> rows = MetricsLog.read(run.directory().metricsJsonl()).stream()
                .filter(r -> r.split().equals("val")).toList();
        double least = rows.stream().mapToDouble(r -> r.metric("loss")).min().orElseThrow();
        Position.Best best = Objects.requireNonNull(Checkpoint.read(run.directory().last()).position().best());
        assertEquals(least, best.metrics().get("loss"));
        assertEquals(rows.stream().filter(r -> r.metric("loss") == least).findFirst().orElseThrow().epoch(),
                best.epoch());
    }

    @Test
    void stoppedAndContinuedEqualsUninterrupted() throws IOException {
        TinyRun whole = run(tmp.resolve("whole"), "train.ema=0.9", "trainer.threads=2");
        assertInstanceOf(Outcome.Finished.class, whole.go());
        for (int step : new int[]{5, 21, 30}) {
            TinyRun cut = run(tmp.resolve("cut" + step), "train.ema=0.9", "trainer.threads=2");
            assertInstanceOf(Outcome.Stopped.class, cut.with((n, o) -> new StoppingLearner(Learner.create(n, o), step,
                    cut.stop()::request)).go());
            assertInstanceOf(Outcome.Finished.class, cut.resumed().go());
            for (String file : List.of("model.safetensors", "metrics.csv", "metrics.jsonl",
                    "checkpoints/last.safetensors", "checkpoints/best.safetensors")) {
                assertArrayEquals(whole.bytes(file), cut.bytes(file), file + " after step " + step);
            }
        }
    }

    @Test
    void tasksThatDoNotFitTheDataAreRefused() {
        assertFails(ConfigException.class, () -> TinyRun.in(tmp).with(new FakeSteps()).go(), "task._name_: got base",
                "expected lm");
        assertFails(ConfigException.class,
                () -> run(tmp).with(new s4j.train.fake.FakeData()).go(), "task._name_: got lm", "expected base");
        TrainConfig config = run(tmp).config().values();
        for (String[] wrong : new String[][]{{"decoder.mode", "pool", "expected step"},
                {"encoder._name_", "linear", "expected embedding"}}) {
            TrainConfig other = TrainConfig.of(config.tree().with(wrong[0], ConfigTree.of(wrong[1],
                    new Origin("test"))));
            assertFails(ConfigException.class, () -> other.network(new FakeSteps()), wrong[0] + ": got " + wrong[1],
                    wrong[2]);
        }
    }

    @Test
    void plateausOfALossAreLeftDownwards() {
        SchedulerConfig c = SchedulerConfig.DEFAULTS;
        Plateau p = Plateau.START.next(c, 1, 2.0, false);
        assertEquals(0, p.next(c, 1, 1.9, false).badEpochs());
        assertEquals(1, p.next(c, 1, 1.9999, false).badEpochs(), "less than a ten-thousandth better");
        assertEquals(1, p.next(c, 1, 2.1, false).badEpochs());
        for (int i = 0; i <= c.patience(); i++) {
            p = p.next(c, 1, 3, false);
        }
        assertEquals(c.factor(), p.factor());
    }
}
