package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.Json;

/** What a server tells of itself, and what it never tells. */
final class ServerLogTest {
    private static final String TOKEN = "a-token-that-nobody-guesses";

    @TempDir
    Path tmp;

    private static List<Map<?, ?>> lines(TestServer server) throws IOException {
        List<Map<?, ?>> out = new ArrayList<>();
        for (String line : server.said) {
            assertFalse(line.contains("\n"), line);
            out.add((Map<?, ?>) java.util.Objects.requireNonNull(Json.parse(line, "line")));
        }
        return out;
    }

    /** The last such line; it may come after the answer that it is about. */
    private static Map<?, ?> last(TestServer server, String event) throws Exception {
        for (int i = 0; i < 200 && !server.said.toString().contains("\"" + event + "\""); i++) {
            Thread.sleep(50);
        }
        return lines(server).stream().filter(l -> event.equals(l.get("event"))).reduce((a, b) -> b)
                .orElseThrow(() -> new AssertionError("no " + event + " in " + server.said));
    }

    @Test
    void everyRequestIsALineWithItsIdAndNothingThatWasSent() throws Exception {
        ServerConfig config = ServerConfig.DEFAULTS.with(List.of(TOKEN));
        try (TestServer server = TestServer.logging(tmp, config, null)) {
            String body = "{\"values\":[[0.123456789,7654321]]}";
            var answer = server.send(server.to("/v1/streams/not-a-stream-of-anybody/steps?token=" + TOKEN)
                    .header("X-Request-Id", "mine-1")
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
            assertEquals(404, answer.statusCode());
            assertEquals("mine-1", answer.headers().firstValue("X-Request-Id").orElse(""));
            Map<?, ?> line = last(server, "request");
            assertEquals("mine-1", line.get("request"));
            assertEquals("POST", line.get("method"));
            assertEquals("/v1/streams/{id}/steps", line.get("route"));
            assertEquals(404L, line.get("status"));
            assertEquals((long) body.length(), line.get("bytes"));
            assertEquals("127.0.0.1", line.get("client"));
            assertTrue(((Number) TestServer.at(line, "ms")).doubleValue() > 0);
            var other = server.send(server.to("/v1/models").header("X-Request-Id", "no id\t\"{}").GET());
            assertEquals(401, other.statusCode());
            assertTrue(other.headers().firstValue("X-Request-Id").orElse("").matches("[0-9a-f]{32}"),
                    "an id of its own");
            for (String secret : List.of(TOKEN, "123456789", "7654321", "not-a-stream", "no id")) {
                assertFalse(server.said.toString().contains(secret), secret + " in " + server.said);
            }
        }
    }

    @Test
    void streamsModelsAndFailuresAreLinesToo() throws Exception {
        ServerConfig config = ServerConfig.DEFAULTS.with(new FileStore(tmp.resolve("store")))
                .with(ServerConfig.Limits.DEFAULTS.with("idle", "100ms"));
        TestServer server = TestServer.logging(tmp, config, tmp.resolve("journal"));
        try (server) {
            String id = server.stream("plain");
            server.steps(id, new double[]{1, 2});
            for (int i = 0; i < 200 && !server.said.toString().contains("stream rests"); i++) {
                Thread.sleep(50);
            }
            Map<?, ?> rests = last(server, "stream rests");
            assertEquals(id.substring(0, 8), rests.get("stream"));
            assertEquals(1L, rests.get("steps"));
            server.steps(id, new double[]{3, 4});
            assertEquals("plain", last(server, "stream back").get("model"));
            server.send(server.to("/v1/streams/" + id).DELETE());
            assertEquals(2L, last(server, "stream ended").get("steps"));
            assertFalse(server.said.toString().contains(id), "a whole id lets others step the stream");
            Files.writeString(tmp.resolve("plain.safetensors"), "no model");
            for (int i = 0; i < 200 && !server.said.toString().contains("stays as it is"); i++) {
                Thread.sleep(50);
            }
            assertEquals("plain", last(server, "model").get("model"));
        }
        Set<String> events = new TreeSet<>();
        for (Map<?, ?> line : lines(server)) {
            events.add(String.valueOf(line.get("event")));
            assertTrue(String.valueOf(line.get("time")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z"), line.toString());
        }
        assertEquals(
                Set.of("started", "request", "stream begun", "stream rests", "stream back", "stream ended", "model",
                        "draining", "ended"),
                events);
    }

    @Test
    void aFailureIsToldWithTheRequestItBelongsTo() throws Exception {
        try (TestServer server = TestServer.logging(tmp, ServerConfig.DEFAULTS.with(new FullStore()), null)) {
            var answer = server.send(server.to("/v1/streams/" + "0".repeat(32) + "/snapshot").GET());
            assertEquals(503, answer.statusCode());
            Map<?, ?> error = last(server, "error");
            assertEquals(answer.headers().firstValue("X-Request-Id").orElse(""), error.get("request"));
            assertTrue(String.valueOf(error.get("at")).startsWith("s4j.serve.Kept"), error.toString());
        }
    }

    @Test
    void peopleAreToldOfModelsAndFailuresAlone() throws IOException {
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS)) {
            server.steps(server.stream("plain"), new double[]{1, 2});
            assertEquals(List.of(), server.said);
        }
    }
}
