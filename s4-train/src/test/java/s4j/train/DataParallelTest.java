package s4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.train.fake.TinyRun;
import s4j.train.run.MetricsLog;
import s4j.train.run.RunException;

/** Two processes, with gloo over loopback. */
final class DataParallelTest {
    /** As the issue of data-parallel training has it: between them lie the roundings of other orders of sums. */
    private static final double TOLERANCE = 1e-5;
    private static final int PATIENCE_SECONDS = 120;
    private static final int NOTICED_SECONDS = 30;

    /** Of the two that train, once for all tests of what they did. */
    @TempDir
    static Path trained = Path.of("");

    @TempDir
    Path tmp = Path.of("");

    @BeforeAll
    static void train() throws Exception { assertEquals(List.of(0, 0), codes(started("train", trained, 30), trained)); }

    @Test
    void twoWorkersWithHalfTheBatchTrainAsOneWithAllOfItAndPartsDoToo() throws Exception {
        for (ParallelCases.Case c : ParallelCases.all(trained)) {
            TinyRun one = c.run(tmp.resolve("one").resolve(c.name()),
                    Workers.keys(Workers.TWENTY, "loader.batch_size=10"));
            assertInstanceOf(Outcome.Finished.class, one.go());
            TinyRun parts = c.run(tmp.resolve("parts").resolve(c.name()), Workers.keys(Workers.TWENTY,
                    "loader.batch_size=5", "trainer.accumulate_grad_batches=2"));
            assertInstanceOf(Outcome.Finished.class, parts.go());
            assertSameCurve(c.name() + ", two workers", one, c.run(trained.resolve("two").resolve(c.name())));
            assertSameCurve(c.name() + ", two parts", one, parts);
        }
    }

    private static void assertSameCurve(String what, TinyRun expected, TinyRun got) throws IOException {
        List<MetricsLog.Row> a = MetricsLog.read(expected.directory().metricsJsonl());
        List<MetricsLog.Row> b = MetricsLog.read(got.directory().metricsJsonl());
        assertEquals(a.size(), b.size(), what);
        assertTrue(a.stream().filter(r -> r.split().equals("train")).count() >= 20, what + " has 20 steps");
        for (int i = 0; i < a.size(); i++) {
            double loss = a.get(i).metric("loss");
            assertEquals(loss, b.get(i).metric("loss"), TOLERANCE * Math.abs(loss), what + ": " + a.get(i));
        }
    }

    @Test
    void aStopAtOneWorkerStopsAllAndTheyGoOnToTheSameBits() throws Exception {
        for (ParallelCases.Case c : ParallelCases.resumed(trained)) {
            TinyRun cut = c.run(trained.resolve("cut").resolve(c.name()), Workers.keys(Workers.DROPOUT));
            ResumeTest.assertSameRun(c.run(trained.resolve("whole").resolve(c.name())), cut);
            requireAnotherNumberIsRefusedOrAllowed(c, cut);
        }
    }

    /** One process goes on where two stood, when told to, with steps of as many sequences. */
    private void requireAnotherNumberIsRefusedOrAllowed(ParallelCases.Case c, TinyRun cut) throws IOException {
        Path last = cut.directory().last();
        assertFails(RunException.class, () -> c.run(tmp.resolve("refused").resolve(c.name()), Workers.keys(
                Workers.DROPOUT)).from(last).go(), "workers=2", "--allow-different-machine");
        assertFails(RunException.class, () -> c.run(tmp.resolve("refused").resolve(c.name()), Workers.keys(
                Workers.DROPOUT)).from(last).anywhere().go(), "a step of 1 workers takes 5 sequences",
                "the checkpoint's took 10", "Write loader.batch_size=10");
        java.io.StringWriter said = new java.io.StringWriter();
        TinyRun alone = c.run(tmp.resolve("alone").resolve(c.name()), Workers.keys(Workers.DROPOUT,
                "loader.batch_size=10", "scheduler._name_=constant")).from(last).anywhere();
        assertFails(RunException.class, alone::go, "scheduler._name_");
        TinyRun same = c.run(tmp.resolve("same").resolve(c.name()), Workers.keys(Workers.DROPOUT,
                "loader.batch_size=10")).from(last).anywhere();
        assertInstanceOf(Outcome.Finished.class, same.go(new java.io.PrintWriter(said)));
        assertTrue(said.toString().contains("note: the checkpoint is of [") && said.toString().contains("workers=2"),
                said.toString());
    }

    @Test
    void workersThatDisagreeSayInWhat() throws Exception {
        for (String rank : List.of("rank0", "rank1")) {
            List<String> said = Files.readAllLines(trained.resolve(rank));
            assertEquals(3, said.size());
            assertTrue(said.get(0).contains("rank 1 has optimizer.lr 0.03; rank 0 has 0.02; expected the same"), said
                    .get(0));
            assertTrue(said.get(1).contains("rank 1 has model.d_model 8; rank 0 has 4"), said.get(1));
            assertTrue(said.get(2).contains("rank 1 has the data's hash 00"), said.get(2));
        }
        assertFalse(Files.exists(trained.resolve("run")), "nothing was begun");
    }

    @Test
    void aKilledWorkerIsNoticedAtOnceAndNoProcessHangs() throws Exception {
        List<Process> workers = started("die", tmp, 60);
        assertEquals(List.of(0, 9), codes(workers, tmp));
        assertTrue(Files.readString(tmp.resolve("rank0")).contains("rank 1 gives no sign of life"), () -> log(tmp));
    }

    @Test
    void aStalledWorkerIsNamedAtTheLimit() throws Exception {
        List<Process> workers = started("stall", tmp, 3);
        assertTrue(workers.getFirst().waitFor(NOTICED_SECONDS, TimeUnit.SECONDS), "it does not wait for ever");
        workers.getLast().destroyForcibly().waitFor();
        String said = Files.readString(tmp.resolve("rank0"));
        assertTrue(said.contains("rank 1 lives but did not come to exchange") && said.contains("Timed out"), said);
    }

    private static List<Process> started(String what, Path at, int seconds) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        List<Process> out = new ArrayList<>();
        for (int rank = 0; rank < 2; rank++) {
            ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java")
                    .toString(), "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp",
                    System.getProperty("java.class.path"), "-Xmx256m",
                    "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", Workers.class.getName(), what, at.toString());
            builder.environment().putAll(Workers.environment(rank, 2, port, seconds));
            out.add(builder.redirectErrorStream(true).redirectOutput(at.resolve("log" + rank).toFile()).start());
        }
        return out;
    }

    private static List<Integer> codes(List<Process> workers, Path at) throws Exception {
        List<Integer> out = new ArrayList<>();
        for (Process p : workers) {
            boolean ended = p.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            p.destroyForcibly();
            assertTrue(ended, () -> log(at));
            out.add(p.exitValue());
        }
        if (out.contains(1)) {
            throw new AssertionError(log(at));
        }
        return out;
    }

    private static String log(Path at) {
        try {
            return Files.readString(at.resolve("log0")) + Files.readString(at.resolve("log1"));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

}
