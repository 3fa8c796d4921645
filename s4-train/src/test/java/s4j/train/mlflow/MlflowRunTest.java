package s4j.train.mlflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import s4j.train.Outcome;
import s4j.train.fake.StoppingLearner;
import s4j.train.fake.TinyRun;
import s4j.train.run.MetricsLog;
import s4j.train.run.RunDirectory;

/** Trainings on a tracking server that keeps what it is told. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class MlflowRunTest {
    @TempDir
    Path tmp = Path.of("");

    private TrackingServer server = new TrackingServer();
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    MlflowRunTest() throws IOException {}

    @AfterEach
    void stop() { server.close(); }

    private MlflowRun begun(RunDirectory directory, String... environment) throws IOException {
        return server.begun(directory, said::add, environment);
    }

    private TinyRun training(String name) {
        return TinyRun.in(tmp.resolve(name), "run.mlflow=" + server.address(), "run.mlflow_experiment=stripes & dots",
                "trainer.checkpoint_every_n_steps=10");
    }

    private static TinyRun stoppedAfter(TinyRun run, int step) {
        return run.with((network, options) -> new StoppingLearner(run.learners().create(network, options), step,
                run.stop()::request));
    }

    /** step=value of each metric, as the run's own file has them. */
    private static Map<String, List<String>> expected(RunDirectory directory) throws IOException {
        Map<String, List<String>> out = new TreeMap<>();
        for (MetricsLog.Row row : MetricsLog.read(directory.metricsJsonl())) {
            row.tagged().forEach((key, value) -> out.computeIfAbsent(key, k -> new ArrayList<>()).add(row.step() + "="
                    + value));
        }
        return out;
    }

    @Test
    void aRunHasItsConfigurationItsMetricsAndItsEnd() throws IOException {
        TinyRun run = training("first");
        StringWriter out = new StringWriter();
        assertInstanceOf(Outcome.Finished.class, run.go(new PrintWriter(out)));
        TrackingServer.Run kept = server.run();
        assertEquals("first", kept.name);
        assertEquals(Map.of("stripes & dots", kept.experiment), server.experiments);
        assertEquals(List.of("RUNNING", "FINISHED"), kept.statuses);
        assertEquals("s4j", kept.tags.get("mlflow.source.name"));
        assertEquals("0.02", kept.parameters.get("optimizer.lr"));
        assertEquals("4", kept.parameters.get("model.layer.d_state"));
        assertEquals("cosine_warmup", kept.parameters.get("scheduler._name_"));
        assertEquals(expected(run.directory()), kept.metrics);
        assertEquals(1, kept.metric("accuracy/test").size());
        assertTrue(kept.metrics.keySet().containsAll(List.of("loss/train", "loss/val", "lr", "gradient_norm")));
        assertTrue(out.toString().contains("mlflow: " + server.address() + ", run run1"), out.toString());
        assertEquals(List.of("null"), server.authorizations.stream().distinct().toList());
        assertInstanceOf(Outcome.Finished.class, training("second").go());
        assertEquals(Map.of("stripes & dots", kept.experiment), server.experiments, "the same experiment");
        assertEquals(2, server.runs.size());
    }

    @Test
    void aContinuedRunGoesOnInItsOwnWithoutDoubling() throws IOException {
        TinyRun run = training("r");
        assertInstanceOf(Outcome.Stopped.class, stoppedAfter(run, 25).go());
        assertEquals(List.of("RUNNING", "KILLED"), server.run().statuses);
        byte[] known = run.bytes("mlflow.json");
        assertInstanceOf(Outcome.Finished.class, run.resumed().go());
        assertEquals(1, server.runs.size());
        assertEquals(List.of("RUNNING", "KILLED", "RUNNING", "FINISHED"), server.run().statuses);
        assertEquals(expected(run.directory()), server.run().metrics);
        assertEquals(new String(known, java.nio.charset.StandardCharsets.UTF_8), Files.readString(run.directory()
                .mlflow()));
    }

    /** What a crash lost between two checkpoints is trained again, to the same numbers: the server has them already. */
    @Test
    void aLostStretchIsNotSentTwice() throws IOException {
        TinyRun run = training("r");
        stoppedAfter(run, 20).go();
        Path kept = Files.copy(run.directory().last(), tmp.resolve("kept"));
        stoppedAfter(run.resumed(), 13).go();
        Files.copy(kept, run.directory().last(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        run.resumed().go();
        assertEquals(expected(run.directory()), server.run().metrics);
    }

    @Test
    void whatTheServerMissedIsSentWhenTheRunIsContinued() throws IOException {
        TinyRun run = training("r");
        StringWriter out = new StringWriter();
        TinyRun troubled = run.with((network, options) -> new StoppingLearner(run.learners().create(network, options),
                12, () -> server.trouble = TrackingServer.Trouble.ERROR));
        assertInstanceOf(Outcome.Finished.class, troubled.go(new PrintWriter(out)), "training goes on without it");
        assertTrue(out.toString().contains("HTTP status 500, INTERNAL_ERROR: no disk; training goes on"), out
                .toString());
        assertEquals(1, out.toString().split("training goes on", -1).length - 1, "said once");
        assertTrue(out.toString().contains("values were not sent; they stand in metrics.jsonl"), out.toString());
        server.trouble = TrackingServer.Trouble.NONE;
        assertInstanceOf(Outcome.Finished.class, run.resumed().go(), "it had finished");
        assertEquals(expected(run.directory()), server.run().metrics);
        assertEquals(List.of("RUNNING", "RUNNING", "FINISHED"), server.run().statuses);
    }

    @Test
    void anotherServerGetsANewRunWithAllRowsSoFar() throws IOException {
        TinyRun run = training("r");
        stoppedAfter(run, 25).go();
        TrackingServer first = server;
        try (first) {
            server = new TrackingServer();
            try (MlflowRun again = begun(run.directory())) {
                again.ended(MlflowRun.End.KILLED);
            }
            assertEquals(expected(run.directory()), server.run().metrics);
        }
    }
}
