package s4j.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import s4j.stream.S4Model;
import s4j.stream.Session;
import s4j.testkit.Talk;

/**
 * All kinds of use for long: streams over REST and WebSockets that begin, step, rest in the store, go on from snapshots and end, whole
 * sequences, nonsense. Every answer is compared with the stream's own session.
 */
final class Soak {
    private static final int LENGTH = 100;
    private static final int MOST_STEPS = 400;

    private final S4Model model;
    private final TestServer server;
    private final LongAdder answers = new LongAdder();
    private final LongAdder wrong = new LongAdder();

    private Soak(S4Model model, TestServer server) {
        this.model = model;
        this.server = server;
    }

    /** What a time of it left: heap after a collection and memory of the process in MB at its begin and end; answers compared, wrong ones. */
    record Result(long heapBefore, long heapAfter, long rssBefore, long rssAfter, long answers, long wrong) {}

    /** Runs it after a warm-up, on so many clients at a time. */
    static Result run(Path file, Path directory, int clients, Duration warm, Duration time) throws Exception {
        ServerConfig config = ServerConfig.DEFAULTS.with(new FileStore(directory.resolve("soak")))
                .with(ServerConfig.Limits.DEFAULTS.with("idle", "2s"));
        try (TestServer server = TestServer.of(List.of(file), config, directory.resolve("soak-journal"))) {
            Soak soak = new Soak(S4Model.load(file), server);
            soak.use(clients, warm);
            long heap = heap();
            long rss = rss();
            soak.use(clients, time);
            return new Result(heap, heap(), rss, rss(), soak.answers.sum(), soak.wrong.sum());
        }
    }

    private void use(int clients, Duration time) throws Exception {
        long end = System.nanoTime() + time.toNanos();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                SplittableRandom random = new SplittableRandom(i);
                all.add(pool.submit(() -> {
                    while (System.nanoTime() < end) {
                        life(random, end);
                    }
                    return null;
                }));
            }
            for (Future<?> f : all) {
                f.get();
            }
        }
    }

    /** One stream from its begin to its end, or something else for a change. */
    private void life(SplittableRandom random, long end) throws Exception {
        switch (random.nextInt(8)) {
            case 0 -> whole(random);
            case 1 -> nonsense(random);
            case 2, 3 -> socket(random, end);
            default -> rest(random, end);
        }
    }

    private void whole(SplittableRandom random) {
        float[] x = new float[LENGTH];
        for (int t = 0; t < LENGTH; t++) {
            x[t] = value(random);
        }
        float[] y = model.forward(new s4j.model.SequenceBatch(1, LENGTH, 1, x));
        List<?> said = TestServer.data(server.post("/v2/models/load/infer", Map.of("inputs", List.of(
                Map.of("name", "x", "datatype", "FP32", "shape", List.of(1, LENGTH, 1), "data", list(x))))), "y");
        compare(said, y);
    }

    private static List<Float> list(float[] x) {
        List<Float> out = new ArrayList<>();
        for (float v : x) {
            out.add(v);
        }
        return out;
    }

    private void nonsense(SplittableRandom random) {
        String body = random.nextBoolean() ? "{\"values\":[[1e999]]}" : "[".repeat(random.nextInt(1, 500));
        int status = server.post("/v1/models/load/infer", body.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .statusCode();
        check(status == 404);
    }

    private void rest(SplittableRandom random, long end) throws InterruptedException {
        String id = server.stream("load");
        Session alone = model.newSession();
        int steps = random.nextInt(MOST_STEPS);
        while (steps > 0 && System.nanoTime() < end) {
            int n = Math.min(steps, random.nextBoolean() ? 1 : random.nextInt(1, 20));
            double[][] x = new double[n][1];
            for (double[] row : x) {
                row[0] = value(random);
            }
            List<?> said = server.steps(id, x);
            for (int t = 0; t < n; t++) {
                compare((List<?>) said.get(t), alone.step((float) x[t][0]));
            }
            steps -= n;
            if (random.nextInt(200) == 0) {
                Thread.sleep(3500); // it goes to the store meanwhile
            }
            if (random.nextInt(50) == 0) {
                byte[] state = server.send(server.to("/v1/streams/" + id + "/snapshot").GET()).body();
                server.send(server.to("/v1/streams/" + id).DELETE());
                id = String.valueOf(server.post("/v1/models/load/streams", state, 201).get("stream"));
            }
        }
        check(server.send(server.to("/v1/streams/" + id).DELETE()).statusCode() == 204);
    }

    private void socket(SplittableRandom random, long end) throws Exception {
        Session alone = model.newSession();
        try (Talk talk = server.talk("/v1/models/load/stream")) {
            talk.text();
            for (int steps = random.nextInt(MOST_STEPS); steps > 0 && System.nanoTime() < end; steps--) {
                float x = value(random);
                talk.say(x);
                check(java.util.Arrays.equals(talk.floats(), alone.step(x)));
            }
        }
    }

    private static float value(SplittableRandom random) { return (float) random.nextDouble(-1, 1); }

    private void compare(List<?> said, float[] expected) {
        boolean same = said.size() == expected.length;
        for (int i = 0; same && i < expected.length; i++) {
            same = said.get(i) instanceof Number n && n.floatValue() == expected[i];
        }
        check(same);
    }

    private void check(boolean right) {
        answers.increment();
        if (!right) {
            wrong.increment();
        }
    }

    /** Megabytes in use after a collection. */
    static long heap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(100);
        }
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) >> 20;
    }

    /** Megabytes of this process; 0 where the system does not tell. */
    private static long rss() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        @Nullable
        String line = Files.readAllLines(status).stream().filter(l -> l.startsWith("VmRSS:")).findFirst().orElse(null);
        return line == null ? 0 : Long.parseLong(line.replaceAll("\\D", "")) >> 10;
    }
}
