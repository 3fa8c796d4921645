package s4j.serve;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import s4j.io.Json;
import s4j.model.SequenceBatch;
import s4j.stream.Filled;
import s4j.stream.S4Model;

/**
 * The load that docs/serving.md tells of: {@code LoadCampaign [streams=1000] [seconds=15] [idle=10000] [soak=MINUTES] [clients=100]}. A
 * classifier of d_model 64 and 4 layers; what makes the load runs in the same process. Prints a line a claim; ends with 1 when an answer
 * was not the stream's own. With {@code soak} it does nothing else.
 */
final class LoadCampaign {
    private static final int SEQUENCES = 16;
    private static final int DECK_STEPS = 2048;
    private static final int LENGTH = 784;
    /** Sequences in a batch of the program, those in one request, and requests at a time. */
    private static final int TOGETHER = 64;
    private static final int REQUEST = 16;
    private static final int CONNECTIONS = 8;
    private static final int TURNS = 3;

    private final Map<String, Integer> options;
    private final StringBuilder report;
    private final Path file;
    private final S4Model model;
    private long wrong;

    private LoadCampaign(Path directory, Map<String, Integer> options, StringBuilder report) throws IOException {
        this.report = report;
        this.options = options;
        this.file = model(directory);
        this.model = S4Model.load(file);
    }

    /** The classifier of the claims. */
    static Path model(Path directory) throws IOException {
        Path file = directory.resolve("load.safetensors");
        Filled.model(Map.of("d_input", 1, "d_output", 10, "l_max", LENGTH, "model",
                Map.of("_name_", "model", "d_model", 64,
                        "n_layers", 4, "layer", Map.of("mode", "diag", "d_state", 64)),
                "decoder", Map.of("mode", "pool")))
                .write(file);
        return file;
    }

    private Duration time() { return Duration.ofMillis(option("millis", 1000 * option("seconds", 15))); }

    private int option(String key, int other) { return options.getOrDefault(key, other); }

    private void say(String text) {
        System.out.println(text);
        report.append(text).append('\n');
    }

    /** Steps of many streams, as fast as they go and at half of that. */
    private void streaming(TestServer server) throws IOException {
        int streams = option("streams", 1000);
        Duration time = time();
        Deck deck = new Deck(model, SEQUENCES, option("deck", DECK_STEPS));
        URI at = URI.create(server.server.address());
        double most;
        try (Wires wires = new Wires(at, "load", streams, deck)) {
            Wires.Seen seen = wires.fastest(time.dividedBy(3), time);
            most = seen.rate();
            wrong += seen.wrong();
            say("%d streams over WebSockets: %,.0f steps/s, p50 %.1f ms, p99 %.1f ms".formatted(streams, most,
                    seen.quantile(0.5), seen.quantile(0.99)));
        }
        try (Wires wires = new Wires(at, "load", streams, deck)) {
            Wires.Seen seen = wires.steady(most / 2, time.dividedBy(3), time);
            wrong += seen.wrong();
            say("the same at half that rate: %,.0f steps/s, p50 %.2f ms, p99 %.2f ms".formatted(seen.rate(),
                    seen.quantile(0.5),
                    seen.quantile(0.99)));
        }
    }

    /** Whole sequences over HTTP beside the same network called in a program, by turns. */
    private void whole(TestServer server) throws Exception {
        Duration turn = time().dividedBy(2 * TURNS);
        float[] x = new float[TOGETHER * LENGTH];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) Math.sin(0.37 * i);
        }
        SequenceBatch batch = new SequenceBatch(TOGETHER, LENGTH, 1, x);
        byte[] request = request(x);
        float[] y = model.forward(batch);
        List<?> said = TestServer.data(TestServer.json(infer(server, request)), "y");
        for (int i = 0; i < 10 * REQUEST; i++) {
            wrong += ((Number) said.get(i)).floatValue() == y[i] ? 0 : 1;
        }
        double direct = 0;
        double served = 0;
        for (int t = -1; t < TURNS; t++) { // the first is to warm up
            double a = rate(1, turn, () -> {
                model.forward(batch);
                return TOGETHER;
            });
            double b = rate(CONNECTIONS, turn, () -> {
                infer(server, request);
                return REQUEST;
            });
            direct += t < 0 ? 0 : a / TURNS;
            served += t < 0 ? 0 : b / TURNS;
        }
        say("whole sequences of %d steps: %,.0f/s over HTTP, %,.0f/s in a program: %.2f of it".formatted(LENGTH, served,
                direct,
                served / direct));
    }

    /** The first sequences as a request of the protocol, binary. */
    private static byte[] request(float[] x) {
        int bytes = Float.BYTES * REQUEST * LENGTH;
        byte[] json = Json.print(Map.of("inputs", List.of(Map.of("name", "x", "datatype", "FP32", "shape",
                List.of(REQUEST, LENGTH, 1), "parameters", Map.of("binary_data_size", bytes)))))
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(json.length + bytes).put(json).order(ByteOrder.LITTLE_ENDIAN);
        out.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(x, 0, REQUEST * LENGTH);
        return out.array();
    }

    private static HttpResponse<byte[]> infer(TestServer server, byte[] request) {
        int json = request.length - Float.BYTES * REQUEST * LENGTH;
        HttpResponse<byte[]> answer = server.send(server.to("/v2/models/load/infer")
                .header("Inference-Header-Content-Length", String.valueOf(json))
                .POST(BodyPublishers.ofByteArray(request)));
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(TestServer.text(answer));
        }
        return answer;
    }

    private static double rate(int threads, Duration time, Supplier<Integer> work) throws Exception {
        LongAdder done = new LongAdder();
        long start = System.nanoTime();
        try (var pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(pool.submit(() -> {
                    while (System.nanoTime() - start < time.toNanos()) {
                        done.add(work.get());
                    }
                }));
            }
            for (Future<?> f : all) {
                f.get();
            }
        }
        return done.sum() / ((System.nanoTime() - start) / 1e9);
    }

    /** Memory of streams that nobody steps. */
    private void idle() throws Exception {
        int n = option("idle", 10_000);
        ModelShelf shelf = ModelShelf.of(List.of(file));
        Served served = shelf.get("load");
        long state = (long) Float.BYTES * served.model().stateSize();
        long before = bytes();
        try (OpenStreams streams = new OpenStreams(shelf, ServerConfig.Limits.DEFAULTS, null, null,
                ServerLog.words(line -> {}))) {
            for (int i = 0; i < n; i++) {
                streams.begin(served, null);
            }
            long held = bytes() - before;
            say("%,d idle streams: %,d bytes each, %.2f of their states' %,d".formatted(n, held / n,
                    (double) held / n / state,
                    state));
            if (streams.size() != n) {
                throw new IllegalStateException(streams.size() + " streams");
            }
        }
    }

    private static long bytes() throws InterruptedException {
        Soak.heap();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private void soak(Path directory, Duration time) throws Exception {
        Soak.Result r = Soak.run(file, directory, option("clients", 100), time.dividedBy(10), time);
        wrong += r.wrong();
        say("%d s of all kinds of use: %,d answers compared; heap %,d MB at first, %,d MB at last; process %,d MB, %,d MB"
                .formatted(time.toSeconds(), r.answers(), r.heapBefore(), r.heapAfter(), r.rssBefore(), r.rssAfter()));
    }

    /** Runs it; how many answers were wrong. */
    static long run(Path directory, Map<String, Integer> options, StringBuilder report) throws Exception {
        LoadCampaign campaign = new LoadCampaign(directory, options, report);
        if (options.containsKey("soak")) {
            campaign.soak(directory, Duration.ofMinutes(options.getOrDefault("soak", 1)));
            return campaign.wrong;
        }
        try (TestServer server = TestServer.of(List.of(campaign.file), ServerConfig.DEFAULTS)) {
            campaign.streaming(server);
            campaign.whole(server);
        }
        campaign.idle();
        return campaign.wrong;
    }

    /** A short soak. */
    static long soak(Path directory, Map<String, Integer> options, Duration time, StringBuilder report)
            throws Exception {
        LoadCampaign campaign = new LoadCampaign(directory, options, report);
        campaign.soak(directory, time);
        return campaign.wrong;
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        Map<String, Integer> options = new java.util.HashMap<>();
        for (String arg : args) {
            String[] pair = arg.split("=", 2);
            options.put(pair[0], Integer.parseInt(pair[1]));
        }
        StringBuilder report = new StringBuilder();
        long wrong = run(Files.createTempDirectory("load"), options, report);
        System.out.println(wrong == 0 ? "every answer was the stream's own" : wrong + " answers were wrong");
        System.exit(wrong == 0 ? 0 : 1);
    }
}
