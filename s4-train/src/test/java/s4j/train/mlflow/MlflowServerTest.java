package s4j.train.mlflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;
import s4j.io.UnwritableException;
import s4j.train.config.RunConfig;
import s4j.train.run.MetricsLog;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;

/** What is sent to a tracking server, and servers that do not answer as they should. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class MlflowServerTest {
    @TempDir
    Path tmp = Path.of("");

    private final TrackingServer server = new TrackingServer();
    private final List<String> said = Collections.synchronizedList(new ArrayList<>());

    MlflowServerTest() throws IOException {}

    @AfterEach
    void stop() { server.close(); }

    private MlflowRun begun(RunDirectory directory, String... environment) throws IOException {
        return server.begun(directory, said::add, environment);
    }

    private RunDirectory directory() throws IOException {
        Files.writeString(tmp.resolve("metrics.jsonl"), "");
        return new RunDirectory(tmp);
    }

    private static MetricsLog.Row row(long step, double loss) {
        return new MetricsLog.Row("train", 1, step, 0.1, null, Map.of("loss", loss));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"ERROR | HTTP status 500, INTERNAL_ERROR: no disk",
            "NOT_JSON | HTTP status 502 with '<html>Bad gateway</html>'; expected an MLflow tracking server",
            "STALLED | no answer within 0.5 s",
            "FOREIGN | got {\"status\":\"up\"}; expected an answer with experiment"})
    void aServerThatDoesNotAnswerRightEndsTheRunBeforeItBegins(TrackingServer.Trouble trouble, String message)
            throws IOException {
        server.trouble = trouble;
        RunDirectory directory = directory();
        assertFails(RunException.class, () -> begun(directory), "run.mlflow=" + server.address(), message,
                "Start it, or leave run.mlflow out");
        assertFalse(Files.exists(directory.mlflow()));
    }

    @Test
    void noServerAtAllEndsTheRunBeforeItBegins() throws IOException {
        RunDirectory directory = directory();
        server.close();
        assertFails(RunException.class, () -> begun(directory), "run.mlflow=" + server.address());
    }

    /** A server that takes requests and never answers: neither rows nor the end wait longer than the limit. */
    @Test
    void aStalledServerHoldsNothingUp() throws IOException {
        RunDirectory directory = directory();
        long start;
        try (MlflowRun run = begun(directory)) {
            server.trouble = TrackingServer.Trouble.STALLED;
            start = System.nanoTime();
            for (int i = 0; i < 1000; i++) {
                run.row(row(i, i));
            }
            assertTrue(System.nanoTime() - start < 400_000_000L, "rows do not wait");
        }
        assertTrue(System.nanoTime() - start < 10_000_000_000L, "nor does the end");
        assertTrue(said.getLast().contains("values were not sent"), said.toString());
    }

    @Test
    void manyRowsGoInRequestsOfAThousandAndNoInfinityDoes() throws IOException {
        RunDirectory directory = directory();
        try (MlflowRun run = begun(directory)) {
            for (int i = 0; i < 3000; i++) {
                run.row(row(i, i == 7 ? Double.POSITIVE_INFINITY : i));
            }
            run.ended(MlflowRun.End.FINISHED);
        }
        assertEquals(2999, server.run().metric("loss/train").size());
        assertEquals(3000, server.run().metric("lr").size());
        assertTrue(server.sizes.stream().allMatch(n -> n <= 1000), server.sizes.toString());
        assertEquals("2999=2999.0", server.run().metric("loss/train").getLast());
    }

    @Test
    void whenTooMuchWaitsTheServerIsGivenUpAndSaidSo() throws IOException {
        RunDirectory directory = directory();
        try (MlflowRun run = begun(directory)) {
            server.trouble = TrackingServer.Trouble.ERROR;
            for (int i = 0; i < 60_000; i++) {
                run.row(row(i, i));
            }
        }
        assertTrue(said.stream().anyMatch(s -> s.contains("more than 100,000 values wait for the server")), said
                .toString());
        assertTrue(said.getLast().contains("many values were not sent"), said.toString());
    }

    @Test
    void aRunThatIsClosedWithoutAnEndHasFailed() throws IOException {
        begun(directory()).close();
        assertEquals(List.of("RUNNING", "FAILED"), server.run().statuses);
    }

    @Test
    void credentialsAreMlflowsOwnAndAreNotTold() throws IOException {
        begun(directory(), "MLFLOW_TRACKING_TOKEN", "secret-token").close();
        begun(directory(), "MLFLOW_TRACKING_USERNAME", "ann", "MLFLOW_TRACKING_PASSWORD", "pass").close();
        assertEquals(List.of("Bearer secret-token", "Basic YW5uOnBhc3M="), server.authorizations.stream().distinct()
                .toList());
        assertFalse((said + Files.readString(tmp.resolve("mlflow.json"))).contains("secret"));
    }

    @Test
    void parametersAreCutToWhatServersTake() throws IOException {
        Map<String, String> parameters = new TreeMap<>();
        for (int i = 0; i < 250; i++) {
            parameters.put("model.layer[" + i + "]", "x".repeat(i * 3));
        }
        RunDirectory directory = directory();
        MlflowRun run = MlflowRun.begin(new RunConfig(null, false, server.address(), "s4j"), directory, false,
                parameters, Map
                        .of(),
                said::add, TrackingServer.SHORT);
        assertNotNull(run);
        run.close();
        assertEquals(250, server.run().parameters.size());
        assertEquals("x".repeat(499) + "…", server.run().parameters.get("model.layer_249_"));
        assertEquals(List.of(100, 100, 50), server.sizes);
    }

    /** A run that ended before its first checkpoint leaves its place to a new one, which is another run there, too. */
    @Test
    void aNewRunInTheSamePlaceIsANewRun() throws IOException {
        RunDirectory directory = directory();
        begun(directory).close();
        for (int i = 0; i < 2; i++) {
            MlflowRun run = MlflowRun.begin(new RunConfig(null, false, server.address(), "s4j"), directory, false, Map
                    .of("i", "" + i), Map.of(), said::add, TrackingServer.SHORT);
            assertNotNull(run);
            run.close();
        }
        assertEquals(3, server.runs.size());
    }

    @Test
    void namesHaveTheCharactersThatServersTake() throws IOException {
        try (MlflowRun run = begun(directory())) {
            run.row(new MetricsLog.Row("val", 1, 3, null, null, Map.of("coverage 80 %", 0.75)));
        }
        assertEquals(List.of("3=0.75"), server.run().metric("coverage 80 _/val"));
    }

    @Test
    void aRunWhoseParametersAreRefusedHasFailedThere() throws IOException {
        RunDirectory directory = directory();
        server.most = 3;
        assertFails(RunException.class, () -> MlflowRun.begin(new RunConfig(null, false, server.address(), "s4j"),
                directory, false, Map.of("a", "1", "b", "2", "c", "3", "d", "4"), Map.of(), said::add,
                TrackingServer.SHORT),
                "HTTP status 400, INVALID_PARAMETER_VALUE");
        assertEquals(List.of("RUNNING", "FAILED"), server.run().statuses);
        assertFalse(Files.exists(directory.mlflow()));
    }

    @Test
    void aDamagedOrForgottenRunIsSaid() throws IOException {
        RunDirectory directory = directory();
        begun(directory).close();
        server.runs.clear();
        assertFails(RunException.class, () -> begun(directory), "HTTP status 404, RESOURCE_DOES_NOT_EXIST");
        Files.writeString(directory.mlflow(), "[]");
        assertFails(RunException.class, () -> begun(directory), "mlflow.json: expected {\"server\"", "Delete it");
        Files.writeString(directory.mlflow(), "{\"server\": ");
        assertFails(MalformedFileException.class, () -> begun(directory), "mlflow.json: not valid JSON");
    }

    /** A directory that takes no file: said as what it is, and the run over there has failed. */
    @Test
    void aRunThatCannotBeKeptHasFailedThere() throws IOException {
        RunDirectory directory = directory();
        Files.createDirectory(directory.mlflow());
        assertFails(UnwritableException.class,
                () -> MlflowRun.begin(new RunConfig(null, false, server.address(), "s4j"),
                        directory, false, Map.of(), Map.of(), said::add, TrackingServer.SHORT),
                "cannot write " + directory.mlflow());
        assertEquals(List.of("RUNNING", "FAILED"), server.run().statuses);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:5000", "file:///tmp/mlruns", "http://", "sqlite:///x", "http://a b",
            "http://ann:secret@host", "http://host?x=1"})
    void whatIsNoAddressIsRefused(String address) {
        assertFails(ConfigException.class, () -> new RunConfig(null, false, address, "s4j"), "mlflow: got ",
                "e.g. http://localhost:5000");
    }

    @Test
    void withoutAnAddressThereIsNone() throws IOException {
        assertNull(MlflowRun.begin(RunConfig.DEFAULTS, directory(), false, Map.of(), Map.of(), said::add));
        assertFails(ConfigException.class, () -> new RunConfig(null, false, null, " "), "mlflow_experiment");
    }
}
