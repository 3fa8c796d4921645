package s4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;
import s4j.train.fake.FakeLearner;
import s4j.train.fake.StoppingLearner;
import s4j.train.fake.TinyRun;
import s4j.train.run.Checkpoint;
import s4j.train.run.MetricsLog;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;
import s4j.train.task.Evaluation;

final class TrainerTest {
    @TempDir
    Path tmp;

    @Test
    void aRunLearnsAndLeavesEverything() throws IOException {
        TinyRun run = TinyRun.in(tmp.resolve("a", "b"));
        StringWriter out = new StringWriter();
        Outcome.Finished end = assertInstanceOf(Outcome.Finished.class, run.go(new PrintWriter(out)));
        assertTrue(end.test().metric("accuracy") > 0.8, end.test().lastLine() + "; chance is 0.25");
        for (String file : List.of("config.yaml", "metrics.csv", "metrics.jsonl", "timing.csv", "model.safetensors",
                "report.html", "checkpoints/last.safetensors", "checkpoints/best.safetensors")) {
            assertTrue(Files.size(run.run().resolve(file)) > 0, file);
        }
        assertTrue(out.toString().contains("epoch 3/3: train loss"), out.toString());
        assertFalse(out.toString().contains("\r"), "no terminal, no overwriting");
    }

    @Test
    void metricsHoldEachIntervalEpochAndTheTest() throws IOException {
        TinyRun run = TinyRun.in(tmp);
        run.go();
        List<MetricsLog.Row> rows = MetricsLog.read(run.directory().metricsJsonl());
        assertEquals(63 / 4, rows.stream().filter(r -> r.split().equals("train")).count());
        assertEquals(3, rows.stream().filter(r -> r.split().equals("epoch")).count());
        assertEquals(3, rows.stream().filter(r -> r.split().equals("val")).count());
        assertEquals("test", rows.getLast().split());
        assertEquals(rows.size() + 1, Files.readAllLines(run.directory().metricsCsv()).size());
    }

    @Test
    void theModelFileIsEnoughToPredict() throws IOException {
        TinyRun run = TinyRun.in(tmp);
        Outcome.Finished end = assertInstanceOf(Outcome.Finished.class, run.go());
        ModelFile file = ModelFile.read(run.directory().model());
        Trained trained = Trained.of(file, "model");
        Evaluation again = trained.evaluate(run.data(), FakeLearner::new, run.config().values());
        assertEquals(end.test().metrics(), again.metrics());
        assertEquals("test", file.provenance().get("version"));
        assertTrue(file.tensors().containsKey("data.mean"));
        assertInstanceOf(Map.class, file.config().get("network"));
    }

    @Test
    void aTestNeedsNoBatchOfTheTrainingSplit() throws IOException {
        TinyRun run = TinyRun.in(tmp, "trainer.max_epochs=1");
        run.go();
        assertTrue(Files.readString(run.directory().report()).contains(">1 epoch, 21 steps of 10 sequences<"));
        Trained trained = Trained.of(ModelFile.read(run.directory().model()), "model");
        // the training split has 210 sequences: with a larger batch size it makes no batch, and is not asked to
        TrainConfig settings = TinyRun.config("loader.batch_size=1000", "loader.batch_size_eval=7").values();
        assertEquals(80, trained.evaluate(run.data(), FakeLearner::new, settings).size());
        assertEquals(80, Trained.evaluate(run.data(), batch -> new float[4 * batch.size()], settings).size());
        TrainConfig none = TinyRun.config("trainer.limit_test_batches=0").values();
        assertFails(RunException.class, () -> trained.evaluate(run.data(), FakeLearner::new, none),
                "the test split of 80 sequences makes no batch");
    }

    @Test
    void theBestEpochIsTested() throws IOException {
        // from the second epoch on the weights are spoilt: the first one is the best
        TinyRun run = TinyRun.in(tmp).with((network, options) -> {
            FakeLearner learner = new FakeLearner(network, options);
            return new StoppingLearner(learner, 22, () -> learner.loadModel(all(learner, 0)));
        });
        TinyRun spoilt = new TinyRun(run.run(), run.learners(), run.data(), TinyRun.config("trainer.max_epochs=2",
                "optimizer.lr=0.02", "scheduler._name_=multistep", "scheduler.milestones=1", "scheduler.gamma=0.0"),
                null,
                false, run.stop());
        spoilt.go();
        ModelFile file = ModelFile.read(spoilt.directory().model());
        assertEquals(1L, file.provenance().get("best_epoch"));
        assertEquals(Checkpoint.read(spoilt.directory().best()).state().get("decoder.weight"),
                file.tensors().get("decoder.weight"));
    }

    @Test
    void trainingStopsWhereItIsNotFiniteAndKeepsTheLastGoodCheckpoint() throws IOException {
        TinyRun run = TinyRun.in(tmp, "trainer.checkpoint_every_n_steps=5").with((network, options) -> {
            FakeLearner learner = new FakeLearner(network, options);
            return new StoppingLearner(learner, 12, () -> learner.loadModel(all(learner, Double.NaN)));
        });
        assertFails(DivergedException.class, run::go, "step 13", "gradient of weight",
                "last.safetensors (step 10)");
        assertEquals(10, Checkpoint.read(run.directory().last()).position().step());
        assertFalse(Files.exists(run.directory().model()));
    }

    /** All weights replaced by one value. */
    private static Map<String, TensorData> all(Learner learner, double value) {
        Map<String, TensorData> out = new LinkedHashMap<>();
        learner.modelTensors().forEach((name, w) -> {
            double[] values = w.toDoubles();
            Arrays.fill(values, value);
            out.put(name, TensorData.of(values, w.shape()));
        });
        return out;
    }

    @Test
    void aUsedDirectoryIsNotOverwritten() throws IOException {
        TinyRun run = TinyRun.in(tmp);
        run.go();
        byte[] model = run.bytes("model.safetensors");
        assertFails(RunException.class, () -> TinyRun.in(tmp, "train.seed=5").go(), "--resume");
        assertArrayEquals(model, run.bytes("model.safetensors"));
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsRefusedBeforeTraining() throws IOException {
        Path file = Files.createFile(tmp.resolve("file"));
        assertFails(RunException.class, () -> TinyRun.in(file.resolve("run")).go(), "cannot write in run.dir=");
        assertFails(RunException.class, () -> new RunDirectory(tmp.resolve("run")).prepare(Long.MAX_VALUE / 8),
                "MB free");
    }

    @Test
    void twoRunsDoNotShareADirectory() throws IOException {
        TinyRun first = TinyRun.in(tmp, "trainer.checkpoint_every_n_steps=2");
        TinyRun second = first.resumed();
        String[] said = new String[1];
        first.with((network, options) -> new StoppingLearner(new FakeLearner(network, options), 5,
                () -> said[0] = assertFails(RunException.class, second::go, "being written by another run"))).go();
        assertTrue(said[0] != null, "the second one was tried");
    }

    @Test
    void aFailedWriteNamesTheCheckpointThatIsWhole() {
        TinyRun run = TinyRun.in(tmp, "trainer.checkpoint_every_n_steps=5").with((network, options) -> {
            FakeLearner learner = new FakeLearner(network, options);
            return new StoppingLearner(learner, 12, () -> blocked(tmp.resolve("checkpoints")));
        });
        assertFails(IOException.class, run::go, "writing failed", "no checkpoint");
    }

    /** Takes the directory away, as a lost mount does, but leaves the file's name in place. */
    private static void blocked(Path checkpoints) {
        try {
            Files.move(checkpoints, checkpoints.resolveSibling("moved"));
            Files.createFile(checkpoints);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void limitsShortenEveryPart() throws IOException {
        TinyRun run = TinyRun.in(tmp, "trainer.limit_train_batches=5", "trainer.limit_val_batches=2",
                "trainer.limit_test_batches=0.5", "loader.batch_size_eval=20");
        Outcome.Finished end = assertInstanceOf(Outcome.Finished.class, run.go());
        assertEquals(40, end.test().size());
        assertEquals(15, Checkpoint.read(run.directory().last()).position().step());
    }

    @Test
    void withoutValidationTheLastEpochIsTested() throws IOException {
        TinyRun run = TinyRun.in(tmp, "trainer.limit_val_batches=0");
        run.go();
        assertEquals(3L, ModelFile.read(run.directory().model()).provenance().get("best_epoch"));
    }

    @Test
    void aSplitSmallerThanABatchIsOneBatch() throws IOException {
        TinyRun run = TinyRun.in(tmp, "loader.batch_size=1000");
        assertInstanceOf(Outcome.Finished.class, run.go());
        assertEquals(3, Checkpoint.read(run.directory().last()).position().step(), "a step an epoch");
    }
}
