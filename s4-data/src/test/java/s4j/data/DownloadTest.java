package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import s4j.testkit.Refusal;

/** Servers that stall, that know ranges and that do not. */
@Timeout(60)
class DownloadTest {
    private static final Duration STALL = Duration.ofMillis(300);

    private final byte[] content = new byte[100_000];
    private final List<String> ranges = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    Path tmp = Path.of("");

    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory()));
        server.createContext("/ranges", e -> answer(e, true, 1));
        server.createContext("/whole", e -> answer(e, false, 1));
        server.createContext("/never", e -> answer(e, true, Integer.MAX_VALUE));
        server.start();
    }

    @AfterEach
    void stop() { server.stop(0); }

    /** Stalls in the middle of the first so many answers. */
    private void answer(HttpExchange e, boolean knowsRanges, int stalls) throws IOException {
        String range = e.getRequestHeaders().getFirst("Range");
        ranges.add(String.valueOf(range));
        int from = range == null || !knowsRanges ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
        e.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        byte[] rest = Arrays.copyOfRange(content, from, content.length);
        if (ranges.size() <= stalls) {
            e.getResponseBody().write(rest, 0, Math.min(1000, rest.length - 1));
            e.getResponseBody().flush();
            try {
                Thread.sleep(20_000);
            } catch (InterruptedException x) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        e.getResponseBody().write(rest);
        e.close();
    }

    private Download of(String path) {
        return new Download(URI.create("http://localhost:" + server.getAddress().getPort() + path), 1 << 20, STALL);
    }

    @Test
    void aServerThatStallsIsAskedForTheRest() throws IOException {
        Path file = tmp.resolve("file");
        of("/ranges").to(file);
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals(2, ranges.size());
        assertTrue(ranges.get(1).matches("bytes=[1-9][0-9]*-"), ranges::toString);
    }

    @Test
    void oneThatKnowsNoRangesSendsEverythingAgain() throws IOException {
        Path file = tmp.resolve("file");
        of("/whole").to(file);
        assertArrayEquals(content, Files.readAllBytes(file));
    }

    @Test
    void oneThatNeverEndsIsLeft() {
        String message = Refusal.messageOf(IOException.class, () -> of("/never").to(tmp.resolve("file")));
        assertTrue(message.contains("failed 3 times: nothing came for 0.3 s"), message);
    }
}
