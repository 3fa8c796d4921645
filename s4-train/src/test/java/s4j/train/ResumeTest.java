package s4j.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.io.MalformedFileException;
import s4j.torch.Learner;
import s4j.train.fake.FakeData;
import s4j.train.fake.FakeLearner;
import s4j.train.fake.StoppingLearner;
import s4j.train.fake.TinyRun;
import s4j.train.run.Checkpoint;
import s4j.train.run.RunException;

/** A run of 3 epochs with 21 batches each. */
final class ResumeTest {
    @TempDir
    Path tmp;

    /** The middle of an epoch, its end, just after it, a step that is no multiple of the logging interval. */
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 20, 21, 22, 42, 57, 62, 63})
    void stoppedAndContinuedEqualsUninterrupted(int step) throws IOException {
        TinyRun whole = TinyRun.in(tmp.resolve("whole"));
        assertInstanceOf(Outcome.Finished.class, whole.go());
        TinyRun cut = TinyRun.in(tmp.resolve("cut"));
        assertInstanceOf(Outcome.Stopped.class, stoppedAfter(cut, step).go());
        assertEquals(step, Checkpoint.read(cut.directory().last()).position().step());
        assertInstanceOf(Outcome.Finished.class, cut.with(FakeLearner::new).resumed().go());
        assertSameRun(whole, cut);
    }

    /** S4 and S4D as they train: own kernels, two threads, dropout, average of the weights, each optimizer. */
    @ParameterizedTest
    @CsvSource({"nplr, legs, adamw", "diag, diag-lin, adam", "diag, diag-inv, sgd"})
    void theRealLearnerContinuesToTheSameBits(String mode, String init, String optimizer) throws IOException {
        String[] keys = {"model.layer.mode=" + mode, "model.layer.init=" + init, "optimizer._name_=" + optimizer,
                "model.dropout=0.2", "train.ema=0.9", "trainer.threads=2", "model.n_layers=2"};
        TinyRun whole = TinyRun.in(tmp.resolve("whole"), keys).with(Learner::create);
        assertInstanceOf(Outcome.Finished.class, whole.go());
        TinyRun cut = TinyRun.in(tmp.resolve("cut"), keys).with(Learner::create);
        assertInstanceOf(Outcome.Stopped.class, stoppedAfter(cut, 22).go());
        assertInstanceOf(Outcome.Finished.class, cut.with(Learner::create).resumed().go());
        assertSameRun(whole, cut);
    }

    @Test
    void metricsOfALostStretchAreCutBack() throws IOException {
        TinyRun whole = TinyRun.in(tmp.resolve("whole"), "trainer.checkpoint_every_n_steps=10");
        whole.go();
        TinyRun cut = TinyRun.in(tmp.resolve("cut"), "trainer.checkpoint_every_n_steps=10");
        Path kept = tmp.resolve("kept");
        assertInstanceOf(Outcome.Stopped.class, stoppedAfter(cut, 25).go());
        Files.copy(cut.directory().last(), kept);
        stoppedAfter(cut.resumed(), 15).go();
        Files.copy(kept, cut.directory().last(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        cut.resumed().go();
        assertSameRun(whole, cut);
    }

    @Test
    void anotherDirectoryContinuesWithACopy() throws IOException {
        TinyRun whole = TinyRun.in(tmp.resolve("whole"));
        whole.go();
        TinyRun first = TinyRun.in(tmp.resolve("first"));
        stoppedAfter(first, 30).go();
        byte[] before = first.bytes("metrics.csv");
        TinyRun second = TinyRun.in(tmp.resolve("second")).from(first.directory().last());
        second.go();
        assertSameRun(whole, second);
        assertArrayEquals(before, first.bytes("metrics.csv"), "the first directory is as it was");
    }

    @Test
    void aFinishedRunFinishesAgainTheSame() throws IOException {
        TinyRun whole = TinyRun.in(tmp.resolve("whole"));
        whole.go();
        byte[] model = whole.bytes("model.safetensors");
        byte[] metrics = whole.bytes("metrics.jsonl");
        assertInstanceOf(Outcome.Finished.class, whole.resumed().go());
        assertArrayEquals(model, whole.bytes("model.safetensors"));
        assertArrayEquals(metrics, whole.bytes("metrics.jsonl"));
    }

    @Test
    void seedsRepeatARunAndOtherSeedsDoNot() throws IOException {
        TinyRun a = TinyRun.in(tmp.resolve("a"));
        TinyRun b = TinyRun.in(tmp.resolve("b"));
        TinyRun c = TinyRun.in(tmp.resolve("c"), "train.seed=1");
        a.go();
        b.go();
        c.go();
        assertArrayEquals(a.bytes("model.safetensors"), b.bytes("model.safetensors"));
        assertFalse(java.util.Arrays.equals(a.bytes("metrics.csv"), c.bytes("metrics.csv")));
    }

    @Test
    void anotherConfigurationIsRefused() throws IOException {
        stoppedAfter(TinyRun.in(tmp), 8).go();
        assertFails(RunException.class, TinyRun.in(tmp, "optimizer.lr=0.05").resumed()::go,
                "optimizer.lr was 0.02, is 0.05");
        assertFails(RunException.class, TinyRun.in(tmp, "trainer.max_epochs=4").resumed()::go,
                "the schedule cosine_warmup follows trainer.max_epochs");
    }

    @Test
    void moreEpochsAreFineWhereTheScheduleDoesNotFollowThem() throws IOException {
        String[] fixed = {"scheduler.num_training_steps=100", "trainer.max_epochs=2"};
        TinyRun run = TinyRun.in(tmp, fixed);
        run.go();
        TinyRun longer = TinyRun.in(tmp, "scheduler.num_training_steps=100", "trainer.max_epochs=3").resumed();
        longer.go();
        assertEquals(63, Checkpoint.read(run.directory().last()).position().step());
    }

    @Test
    void anotherMachineIsRefusedUnlessAllowed() throws IOException {
        stoppedAfter(TinyRun.in(tmp), 8).go();
        TinyRun other = TinyRun.in(tmp).resumed().with((n, o) -> new FakeLearner(n, o, "another"));
        assertFails(RunException.class, other::go, "[another]", "[fake;threads=1]");
        assertInstanceOf(Outcome.Finished.class, other.anywhere().go());
    }

    @Test
    void otherDataIsRefused() throws IOException {
        stoppedAfter(TinyRun.in(tmp), 8).go();
        assertFails(RunException.class, TinyRun.in(tmp).resumed().with(new FakeData("stripes-2"))::go, "stripes-2");
    }

    @Test
    void aModelFileIsNoCheckpoint() throws IOException {
        TinyRun run = TinyRun.in(tmp);
        run.go();
        assertFails(MalformedFileException.class, () -> run.from(run.directory().model()).go(),
                "expected checkpoint-1");
    }

    /** The run's own learner, which asks to stop after a step. */
    static TinyRun stoppedAfter(TinyRun run, int step) {
        return run.with((network, options) -> new StoppingLearner(run.learners().create(network, options), step,
                run.stop()::request));
    }

    static void assertSameRun(TinyRun expected, TinyRun actual) throws IOException {
        for (String file : new String[]{"metrics.csv", "metrics.jsonl", "model.safetensors",
                "checkpoints/last.safetensors", "checkpoints/best.safetensors"}) {
            assertArrayEquals(expected.bytes(file), actual.bytes(file), file);
        }
    }
}
