package s4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.train.fake.KilledRun;
import s4j.train.fake.TinyRun;
import s4j.train.run.Checkpoint;

/** Real processes, killed. */
final class KillTest {
    /** Dropout, so that the random state counts; two threads, so that their order could. */
    private static final String[] KEYS = {"trainer.checkpoint_every_n_steps=5", "model.dropout=0.2",
            "trainer.threads=2",
            "train.ema=0.9"};
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path tmp;

    /** One name per kind of learner. */
    @ParameterizedTest
    @ValueSource(strings = {"s4j.train.fake.KilledRun$Fakes", "s4j.train.fake.KilledRun$Real"})
    void killedAndContinuedEqualsUninterrupted(String learners) throws Exception {
        LearnerFactory factory = KilledRun.factory(learners);
        TinyRun whole = TinyRun.in(tmp.resolve("whole"), KEYS).with(factory);
        whole.go();
        Process process = started(learners, 33);
        process.destroyForcibly().waitFor();
        TinyRun cut = TinyRun.in(tmp.resolve("cut"), KEYS).with(factory);
        assertEquals(30, Checkpoint.read(cut.directory().last()).position().step(),
                "three steps are lost with the process");
        assertInstanceOf(Outcome.Finished.class, cut.resumed().go());
        ResumeTest.assertSameRun(whole, cut);
    }

    @Test
    void killedBeforeTheFirstCheckpointStartsAnewInTheSameDirectory() throws Exception {
        TinyRun whole = TinyRun.in(tmp.resolve("whole"), KEYS);
        whole.go();
        started("s4j.train.fake.KilledRun$Fakes", 3).destroyForcibly().waitFor();
        TinyRun cut = TinyRun.in(tmp.resolve("cut"), KEYS);
        assertFalse(Files.exists(cut.directory().last()), "nothing was saved yet");
        assertInstanceOf(Outcome.Finished.class, cut.go());
        ResumeTest.assertSameRun(whole, cut);
    }

    @Test
    void sigtermSavesAndEndsWithTheSignalsCode() throws Exception {
        Process process = started("s4j.train.fake.KilledRun$Fakes", 33);
        process.destroy();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it should end by itself");
        assertEquals(128 + 15, process.exitValue(), () -> log());
        TinyRun cut = TinyRun.in(tmp.resolve("cut"), KEYS);
        assertEquals(33, Checkpoint.read(cut.directory().last()).position().step(), "nothing is lost");
    }

    /** A process that has made {@code steps} steps and waits. */
    private Process started(String learners, int steps) throws Exception {
        Path run = tmp.resolve("cut");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), "-Xmx256m", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                KilledRun.class.getName(), run.toString(),
                learners, String.valueOf(steps)));
        command.addAll(List.of(KEYS));
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(tmp.resolve("log").toFile()).start();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(run.resolve("waiting"))) {
            assertTrue(process.isAlive() && System.nanoTime() < end, this::log);
            Thread.sleep(20);
        }
        return process;
    }

    private String log() {
        try {
            return Files.readString(tmp.resolve("log"));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }
}
