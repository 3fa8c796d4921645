package s4j.serve;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import s4j.stream.Filled;
import s4j.stream.S4Model;
import s4j.stream.Session;

/**
 * A load on streams over WebSockets: {@code LoadCampaign [streams] [steps of each]}. Every stream keeps one step on its way; each
 * answer is compared with the stream's own session. Prints steps a second, latencies in µs, heap.
 */
final class LoadCampaign {
    private final S4Model model;
    private final int steps;
    private final Semaphore done = new Semaphore(0);
    private final AtomicInteger wrong = new AtomicInteger();
    private final long[] nanos;
    private final AtomicInteger measured = new AtomicInteger();

    private LoadCampaign(S4Model model, int streams, int steps) {
        this.model = model;
        this.steps = steps;
        this.nanos = new long[streams * steps];
    }

    /** A classifier of d_model 64 and 4 layers; returns how many answers were another stream's or wrong. */
    static int run(Path directory, int streams, int steps, StringBuilder report) throws Exception {
        Path file = directory.resolve("load.safetensors");
        Filled.model(Map.of("d_input", 1, "d_output", 10, "l_max", 784, "model",
                Map.of("_name_", "model", "d_model", 64,
                        "n_layers", 4, "layer", Map.of("mode", "diag", "d_state", 64)),
                "decoder", Map.of("mode", "pool")))
                .write(file);
        LoadCampaign campaign = new LoadCampaign(S4Model.load(file), streams, steps);
        try (TestServer server = TestServer.of(List.of(file), ServerConfig.DEFAULTS);
                HttpClient client = HttpClient.newHttpClient()) {
            URI at = URI.create(server.server.address().replace("http", "ws") + "/v1/models/load/stream");
            long start = System.nanoTime();
            for (int i = 0; i < streams; i++) {
                client.newWebSocketBuilder().buildAsync(at, campaign.new Client(i)).get(30, TimeUnit.SECONDS);
            }
            if (!campaign.done.tryAcquire(streams, 10, TimeUnit.MINUTES)) {
                throw new IllegalStateException("streams are still waiting");
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            Arrays.sort(campaign.nanos);
            Runtime r = Runtime.getRuntime();
            report.append("%d streams, %d steps each: %,.0f steps/s, p50 %,d µs, p99 %,d µs, heap %d MB%n".formatted(
                    streams, steps, streams * steps / seconds, campaign.quantile(0.5), campaign.quantile(0.99),
                    (r.totalMemory() - r.freeMemory()) >> 20));
        }
        return campaign.wrong.get();
    }

    private long quantile(double q) { return nanos[(int) (q * (nanos.length - 1))] / 1000; }

    /** One stream: sends a step when the one before is answered. */
    private final class Client implements WebSocket.Listener {
        private final int index;
        private final Session alone = model.newSession();
        private int sent;
        private long since;

        Client(int index) { this.index = index; }

        private void next(WebSocket socket) {
            if (sent == steps) {
                socket.abort();
                done.release();
                return;
            }
            ByteBuffer x = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value()).flip();
            since = System.nanoTime();
            var _ = socket.sendBinary(x, true);
        }

        private float value() { return (float) Math.sin(index + 0.1 * sent); }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            if (last) {
                next(socket);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            nanos[measured.getAndIncrement()] = System.nanoTime() - since;
            float[] got = new float[data.remaining() / 4];
            data.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(got);
            if (!Arrays.equals(got, alone.step(value()))) {
                wrong.incrementAndGet();
            }
            sent++;
            next(socket);
            socket.request(1);
            return null;
        }
    }

    /** Runs it and ends with 1 when an answer was wrong. */
    public static void main(String[] args) throws Exception {
        int streams = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
        int steps = args.length > 1 ? Integer.parseInt(args[1]) : 500;
        StringBuilder report = new StringBuilder();
        int wrong = run(Files.createTempDirectory("load"), streams, steps, report);
        System.out.println(report + (wrong == 0 ? "every answer was the stream's own" : wrong + " answers were wrong"));
        System.exit(wrong == 0 ? 0 : 1);
    }
}
