package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.Json;
import s4j.stream.S4Model;
import s4j.stream.Session;

/** What is answered too late, and sequences that nobody ends. */
final class LateTest {
    @TempDir
    Path tmp;

    private static ServerConfig.Limits limits(int streams, Duration time, Duration idle) {
        ServerConfig.Limits d = ServerConfig.Limits.DEFAULTS;
        return new ServerConfig.Limits(d.body(), d.steps(), streams, d.waiting(), time, idle, d.batch(),
                Duration.ofMillis(1), d.lines());
    }

    @Test
    void whatHadNotBegunInTimeNeverBeginsAndWhatHadIsTold() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        List<String> computed = new CopyOnWriteArrayList<>();
        AtomicInteger abandoned = new AtomicInteger();
        try (Gathering<String, String> slow = new Gathering<>("slow", limits(1, Duration.ofMillis(300), Duration.ZERO),
                items -> {
                    begun.countDown();
                    await(go);
                    computed.addAll(items);
                    return items;
                })) {
            Thread first = Thread.startVirtualThread(() -> assertFails(Problem.class,
                    () -> slow.ask("first", abandoned::incrementAndGet), "not answered within 300 ms"));
            await(begun);
            assertFails(Problem.class, () -> slow.ask("second", abandoned::incrementAndGet), "it had not begun");
            first.join();
            go.countDown();
            assertEquals("third", slow.ask("third"));
        }
        assertEquals(1, abandoned.get(), "the first alone had begun");
        assertEquals(List.of("first", "third"), computed);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void afterALateAnswerAStreamIsAsItWasOrClosedInThisProcessAndTheNext() throws IOException {
        Path store = tmp.resolve("store");
        Path journal = tmp.resolve("journal");
        List<String> ids = new ArrayList<>();
        List<Session> alone = new ArrayList<>();
        List<Boolean> closed = new ArrayList<>();
        TestServer dead = TestServer.over(tmp, ServerConfig.DEFAULTS.with(new FileStore(store))
                .with(limits(1000, Duration.ofMillis(1), Duration.ofMinutes(5))), journal);
        S4Model model = S4Model.load(tmp.resolve("plain.safetensors"));
        int late = 0;
        for (int i = 0; i < 60; i++) {
            ids.add(dead.stream("plain"));
            alone.add(model.newSession());
            closed.add(false);
            for (int t = 0; t < 5 && !closed.get(i); t++) {
                HttpResponse<byte[]> r = step(dead, ids.get(i), i, t);
                late += r.statusCode() == 504 ? 1 : 0;
                if (r.statusCode() == 200) {
                    assertEquals(said(alone.get(i), i, t), TestServer.json(r).get("outputs"));
                } else {
                    closed.set(i, TestServer.text(r).contains("the stream is closed"));
                    assertEquals(504, r.statusCode(), TestServer.text(r));
                    assertEquals(closed.get(i) ? 404 : 200, dead
                            .send(dead.to("/v1/streams/" + ids.get(i) + "/snapshot").GET()).statusCode());
                }
            }
        }
        assertTrue(late > 0, "nothing was late");
        // never closed: as if killed
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS.with(new FileStore(store)), journal)) {
            for (int i = 0; i < ids.size(); i++) {
                HttpResponse<byte[]> r = step(server, ids.get(i), i, 9);
                assertEquals(closed.get(i) ? 404 : 200, r.statusCode(), TestServer.text(r));
                if (!closed.get(i)) {
                    assertEquals(said(alone.get(i), i, 9), TestServer.json(r).get("outputs"), "stream " + i);
                }
            }
        }
    }

    private static HttpResponse<byte[]> step(TestServer server, String id, int i, int t) {
        return server.post("/v1/streams/" + id + "/steps",
                "{\"values\":[[%d,%d]]}".formatted(i, t).getBytes(StandardCharsets.UTF_8));
    }

    private static List<List<Double>> said(Session session, int i, int t) {
        List<Double> row = new ArrayList<>();
        for (float y : session.step(i, t)) {
            row.add((double) y);
        }
        return List.of(row);
    }

    private static HttpResponse<byte[]> sequence(TestServer server, int id, boolean start) {
        return server.post("/v2/models/sines/infer", Json.print(Map.of("parameters",
                Map.of("sequence_id", id, "sequence_start", start), "inputs",
                List.of(Map.of("name", "x", "datatype", "FP32", "shape", List.of(1, 1, 1), "data", List.of(1)))))
                .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void sequencesThatNobodyEndsAreBoundedAndEndByThemselves() throws Exception {
        Path store = tmp.resolve("store");
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS.with(new FileStore(store))
                .with(limits(3, Duration.ofSeconds(30), Duration.ofMillis(1500))), tmp.resolve("journal"))) {
            for (int i = 1; i <= 3; i++) {
                assertEquals(200, sequence(server, i, true).statusCode());
            }
            assertEquals(429, sequence(server, 4, true).statusCode());
            assertEquals(200, sequence(server, 1, true).statusCode(),
                    "the same id again takes the place of its old one");
            int status = 429;
            for (int i = 0; i < 100 && status == 429; i++) {
                Thread.sleep(100);
                status = sequence(server, 4, true).statusCode();
            }
            assertEquals(200, status, "those that nobody went on with should have made room");
            HttpResponse<byte[]> old = sequence(server, 2, false);
            assertEquals(400, old.statusCode());
            assertTrue(TestServer.text(old).contains("sequence 2 was not begun, or nobody went on"),
                    TestServer.text(old));
            String metrics = TestServer.text(server.send(server.to("/metrics").GET()));
            assertTrue(metrics.contains("s4j_steps_total{model=\"sines\"} 5"), metrics);
            assertFalse(metrics.contains("model=\"all\""), metrics);
        }
        try (FileStore left = new FileStore(store)) {
            assertEquals(0, left.size(), "a sequence is never stored");
        }
    }
}
