package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.stream.S4Model;
import s4j.stream.Session;
import s4j.testkit.Talk;

/** Streams as resources: to the same bits as a session by itself, whatever happens between two steps. */
final class StreamsTest {
    @TempDir
    Path tmp;

    private static double[] step(SplittableRandom random) {
        return new double[]{(float) random.nextDouble(-1, 1), (float) random.nextDouble(-1, 1)};
    }

    /** What a session of the network says after each step. */
    private List<List<Double>> alone(long seed, int steps) throws IOException {
        Session session = S4Model
                .load(tmp.resolve("plain.safetensors"))
                .newSession();
        SplittableRandom random = new SplittableRandom(seed);
        List<List<Double>> out = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            double[] x = step(random);
            List<Double> row = new ArrayList<>();
            for (float y : session.step((float) x[0], (float) x[1])) {
                row.add((double) y);
            }
            out.add(row);
        }
        return out;
    }

    @Test
    void manyStreamsAtOnceAreEachAsIfAlone() throws Exception {
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS);
                var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Object>>> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                SplittableRandom random = new SplittableRandom(i);
                all.add(pool.submit(() -> {
                    String stream = server.stream("plain");
                    List<Object> said = new ArrayList<>();
                    for (int t = 0; t < 12; t++) {
                        said.addAll(server.steps(stream, step(random)));
                    }
                    said.addAll(server.steps(stream, step(random), step(random), step(random)));
                    return said;
                }));
            }
            for (int i = 0; i < all.size(); i++) {
                assertEquals(alone(i, 15), all.get(i).get(), "stream " + i);
            }
        }
    }

    @Test
    void aSnapshotGoesOnElsewhereAndAnEndedStreamIsGone() throws IOException {
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS)) {
            SplittableRandom random = new SplittableRandom(9);
            String first = server.stream("plain");
            server.steps(first, step(random), step(random));
            byte[] state = server.send(server.to("/v1/streams/" + first + "/snapshot").GET()).body();
            var second = server.post("/v1/models/plain/streams", state, 201);
            assertEquals(2L, second.get("steps"));
            double[] x = step(random);
            List<?> said = server.steps(first, x);
            assertEquals(List.of(alone(9, 3).getLast()), said);
            assertEquals(said, server.steps(String.valueOf(second.get("stream")), x));
            assertEquals(204, server.send(server.to("/v1/streams/" + first).DELETE()).statusCode());
            assertEquals(404, server.send(server.to("/v1/streams/" + first + "/snapshot").GET()).statusCode());
            state[state.length / 2] ^= 1;
            assertEquals(400, server.post("/v1/models/plain/streams", state).statusCode(), "a damaged snapshot");
            assertEquals(400, server.post("/v1/models/sines/streams", new byte[]{1, 2, 3}).statusCode());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"files", "database"})
    void anIdleStreamRestsInTheStoreAndSurvivesTheServer(String kind) throws Exception {
        ServerConfig config = ServerConfig.DEFAULTS.with(ServerConfig.Limits.DEFAULTS.with("idle", "200ms"));
        SplittableRandom random = new SplittableRandom(4);
        String stream;
        List<Object> said = new ArrayList<>();
        try (TestServer server = TestServer.over(tmp, config.with(store(kind)))) {
            stream = server.stream("plain");
            said.addAll(server.steps(stream, step(random)));
            String metrics = "";
            for (int i = 0; i < 100 && !metrics.contains("s4j_streams_open 0"); i++) {
                Thread.sleep(100);
                metrics = TestServer.text(server.send(server.to("/metrics").GET()));
            }
            assertTrue(metrics.contains("s4j_streams_open 0"), "it should rest");
            said.addAll(server.steps(stream, step(random)));
        }
        try (TestServer server = TestServer.over(tmp, config.with(store(kind)))) {
            said.addAll(server.steps(stream, step(random)));
            server.send(server.to("/v1/streams/" + stream).DELETE());
        }
        assertEquals(alone(4, 3), said);
        try (StateStore store = store(kind)) {
            assertEquals(0, store.size(), "an ended stream leaves nothing");
        }
    }

    private StateStore store(String kind) throws IOException {
        return kind.equals("files")
                ? new FileStore(tmp.resolve("store"))
                : new JdbcStore("jdbc:duckdb:" + tmp.resolve("s.db"));
    }

    @Test
    void whatWasAnsweredBeforeTheServerDiedIsNotLost() throws IOException {
        SplittableRandom random = new SplittableRandom(8);
        List<Object> said = new ArrayList<>();
        Path store = tmp.resolve("store");
        Path journal = tmp.resolve("journal");
        TestServer dead = TestServer.over(tmp, ServerConfig.DEFAULTS.with(new FileStore(store)), journal);
        String stream = dead.stream("plain");
        String unused = dead.stream("plain");
        String ended = dead.stream("plain");
        said.addAll(dead.steps(stream, step(random), step(random)));
        said.addAll(dead.steps(stream, step(random)));
        dead.send(dead.to("/v1/streams/" + ended).DELETE());
        // never closed: as if killed
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS.with(new FileStore(store)), journal)) {
            assertTrue(server.said.getFirst().startsWith("2 streams of the process before go on"),
                    server.said.toString());
            said.addAll(server.steps(stream, step(random)));
            server.steps(unused, new double[]{0, 1});
            assertEquals(404, server.send(server.to("/v1/streams/" + ended + "/snapshot").GET()).statusCode());
        }
        assertEquals(alone(8, 4), said);
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS.with(new FileStore(store)), journal)) {
            said.addAll(server.steps(stream, step(random)));
        }
        assertEquals(alone(8, 5), said, "a second restart, from the store alone");
    }

    @Test
    void aStoreThatFailsLosesNoStream() throws Exception {
        ServerConfig config = ServerConfig.DEFAULTS.with(new FullStore())
                .with(ServerConfig.Limits.DEFAULTS.with("idle", "1ms"));
        try (TestServer server = TestServer.over(tmp, config)) {
            SplittableRandom random = new SplittableRandom(6);
            String stream = server.stream("plain");
            List<Object> said = new ArrayList<>(server.steps(stream, step(random)));
            Thread.sleep(2500); // the idle are looked for each second
            said.addAll(server.steps(stream, step(random)));
            assertEquals(alone(6, 2), said);
        }
    }

    @Test
    void aJournalThatEndsWithinAnEntryGivesAllBeforeIt() throws IOException {
        Path directory = tmp.resolve("log");
        try (Journal log = new Journal(directory)) {
            log.add("a", "m", 0, new float[]{1, 2});
            log.add("a", "m", 1, new float[]{3, 4});
        }
        Path file;
        try (var list = java.nio.file.Files.list(directory)) {
            file = list.findFirst().orElseThrow();
        }
        byte[] all = java.nio.file.Files.readAllBytes(file);
        for (int length = 0; length < all.length; length++) {
            java.nio.file.Files.write(file, java.util.Arrays.copyOf(all, length));
            List<Long> found = new ArrayList<>();
            try (Journal log = new Journal(directory)) {
                log.replay((id, model, first, x) -> found.add(first));
            }
            assertEquals(length < all.length / 2 ? List.of() : List.of(0L), found, length + " bytes");
        }
    }

    @Test
    void aWebSocketIsAStreamOfTextOrBytes() throws Exception {
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS);
                Talk talk = server.talk("/v1/models/plain/stream")) {
            assertTrue(talk.text().contains("\"stream\""));
            SplittableRandom random = new SplittableRandom(2);
            double[] x = step(random);
            talk.say("[[" + x[0] + "," + x[1] + "]]");
            List<List<Double>> expected = alone(2, 2);
            assertEquals("{\"outputs\":[" + s4j.io.Json.print(expected.getFirst()) + "]}",
                    talk.text());
            double[] next = step(random);
            talk.say((float) next[0], (float) next[1]);
            float[] y = talk.floats();
            assertArrayEquals(expected.get(1).stream().mapToDouble(v -> v).toArray(),
                    new double[]{y[0], y[1], y[2]});
            talk.say("[[1]]");
            assertTrue(talk.text().contains("\"error\""));
            talk.say("nonsense");
            assertTrue(talk.text().contains("\"error\""));
            talk.end();
        }
    }

}
