package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.testkit.Talk;

/** Clients that stop in the middle: closed in time, while others are served, and nothing of them stays. */
final class StalledTest {
    private static final String INFER = "POST /v2/models/sines/infer HTTP/1.1\r\nHost: localhost\r\n";
    private static final String UPGRADE = """
            GET /v1/models/plain/stream HTTP/1.1
            Host: localhost
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """.replace("\n", "\r\n");
    private static final long TRANSFER_MILLIS = 600;
    private static final long QUIET_MILLIS = 1200;
    /** Of a machine that has other things to do. */
    private static final long SLACK_MILLIS = 4000;

    @TempDir
    Path tmp;

    private TestServer server() throws IOException {
        return TestServer.over(tmp, ServerConfig.DEFAULTS.with(ServerConfig.Limits.DEFAULTS
                .with("transfer", TRANSFER_MILLIS + "ms").with("quiet", QUIET_MILLIS + "ms")));
    }

    /**
     * A way to stop.
     *
     * @param sent at once
     * @param drip what comes one byte at a time afterwards
     * @param half whether the client says that nothing more comes
     * @param least milliseconds it is open at least
     */
    private record Way(String name, String sent, String drip, boolean half, long least) {
        @Override
        public String toString() { return name; }

        Way dripping() { return new Way(name + ", byte by byte", sent, "0".repeat(200), half, least); }
    }

    private static Way way(String name, String sent) { return new Way(name, sent, "", false, TRANSFER_MILLIS); }

    static Stream<Way> ways() {
        return Stream.of(
                way("nothing", ""),
                way("half a first line", "POST /v2/models/si"),
                way("half a header", INFER + "Content-Le").dripping(),
                way("half the headers", INFER + "Content-Length: 500\r\n"),
                way("no body", INFER + "Content-Length: 500\r\n\r\n"),
                way("half a body", INFER + "Content-Length: 500\r\n\r\n{\"inputs\":"),
                way("half a body", INFER + "Content-Length: 500\r\n\r\n{\"inputs\":").dripping(),
                way("half a chunk", INFER + "Transfer-Encoding: chunked\r\n\r\n40\r\n{\"inp"),
                way("no next chunk", INFER + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
                way("the body of a path that is not there",
                        "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{"),
                way("one request and half of the next",
                        "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\nGET /v2/health/li"),
                way("one request, then the next byte by byte",
                        "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n").dripping(),
                new Way("one request and no more", "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n", "", false,
                        QUIET_MILLIS),
                new Way("half a body, half-closed", INFER + "Content-Length: 500\r\n\r\n{", "", true, 0),
                new Way("half a header, half-closed", INFER + "Content-Le", "", true, 0),
                way("a WebSocket without a sign of life", UPGRADE),
                way("half a frame's head", UPGRADE + "\u0082"),
                way("half a frame", UPGRADE + "\u0082\u0088\0\0\0\0\1\2"),
                way("half a frame", UPGRADE + "\u0082\u00fe\7\u00d0\0\0\0\0").dripping(),
                new Way("half a frame, half-closed", UPGRADE + "\u0082\u0088\0\0\0\0\1\2", "", true, 0));
    }

    @Test
    void whoStopsInTheMiddleIsClosedInTimeWhileOthersAreServed() throws Exception {
        try (TestServer server = server(); var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            String stream = server.stream("plain");
            Object first = server.steps(stream, new double[]{1, 2});
            int threads = threads();
            List<Future<String>> closed = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ways().forEach(way -> closed.add(pool.submit(() -> closed(server, way))));
            }
            String twin = server.stream("plain");
            assertEquals(first, server.steps(twin, new double[]{1, 2}), "another's stream");
            do {
                assertEquals(server.steps(stream, new double[]{3, 4}), server.steps(twin, new double[]{3, 4}));
            } while (closed.stream().anyMatch(f -> !f.isDone()));
            List<String> wrong = new ArrayList<>();
            for (Future<String> f : closed) {
                wrong.add(f.get());
            }
            wrong.removeIf(String::isEmpty);
            assertEquals(List.of(), wrong);
            for (int i = 0; i < 100 && threads() > threads; i++) {
                Thread.sleep(20);
            }
            assertTrue(threads() <= threads, "threads of connections: %d, were %d".formatted(threads(), threads));
        }
    }

    /** Stops in a way; says what is wrong with when it was closed. */
    private static String closed(TestServer server, Way way) throws Exception {
        long start = System.nanoTime();
        try (Socket socket = send(server, way)) {
            Thread drip = Thread.startVirtualThread(() -> drip(socket, way.drip));
            drained(socket);
            long millis = (System.nanoTime() - start) / 1_000_000;
            drip.join();
            return millis < way.least - 100
                    ? way + ": closed after " + millis + " ms, before its time"
                    : millis > Math.max(way.least, TRANSFER_MILLIS) + SLACK_MILLIS
                            ? way + ": closed only after " + millis + " ms"
                            : "";
        }
    }

    private static Socket send(TestServer server, Way way) throws IOException {
        URI at = URI.create(server.server.address());
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096); // soon full
        socket.connect(new InetSocketAddress(at.getHost(), at.getPort()));
        socket.setSoTimeout((int) (2 * SLACK_MILLIS));
        socket.getOutputStream().write(way.sent.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        if (way.half) {
            socket.shutdownOutput();
        }
        return socket;
    }

    private static void drip(Socket socket, String bytes) {
        try {
            for (byte b : bytes.getBytes(StandardCharsets.ISO_8859_1)) {
                socket.getOutputStream().write(b);
                Thread.sleep(TRANSFER_MILLIS / 10);
            }
        } catch (IOException | InterruptedException e) {
            // closed, as it should be
        }
    }

    /** Reads until the server has closed. */
    private static void drained(Socket socket) throws IOException {
        try {
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // what was answered before
            }
        } catch (SocketException e) {
            // closed on us
        }
    }

    /** Threads that serve connections, virtual ones too. */
    private int threads() throws IOException {
        Path file = tmp.resolve("dump-" + System.nanoTime() + ".json");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpThreads(file.toString(),
                HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
        return Files.readString(file).split("WebServer socket", -1).length - 1;
    }

    @Test
    void whoReadsNoAnswersIsClosedAndItsStreamEnds() throws Exception {
        try (TestServer server = server()) {
            String hello = "";
            try (Socket socket = send(server, way("a reader of nothing", UPGRADE))) {
                InputStream in = socket.getInputStream();
                while (!hello.contains("steps")) {
                    hello += (char) in.read();
                }
                String id = hello.replaceFirst("(?s).*\"stream\":\"([0-9a-f]+)\".*", "$1");
                assertEquals(200, snapshot(server, id));
                byte[] frame = new byte[8 + 2000];
                frame[0] = (byte) 0x82;
                frame[1] = (byte) 0xfe;
                frame[2] = 2000 >> 8;
                frame[3] = (byte) (2000 & 0xff);
                long end = System.nanoTime() + 1_000_000_000L * 20;
                boolean closed = false;
                while (!closed && System.nanoTime() < end) {
                    closed = !written(socket, frame);
                }
                assertTrue(closed, "it takes whatever comes, and is read by nobody");
                for (int i = 0; i < 100 && snapshot(server, id) == 200; i++) {
                    Thread.sleep(20);
                }
                assertEquals(404, snapshot(server, id), "its stream has ended with it");
            }
        }
    }

    private static boolean written(Socket socket, byte[] frame) {
        try {
            socket.getOutputStream().write(frame);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int snapshot(TestServer server, String id) {
        return server.send(server.to("/v1/streams/" + id + "/snapshot").GET()).statusCode();
    }

    @Test
    void aWebSocketThatLivesMayBeQuietForLong() throws Exception {
        try (TestServer server = server(); Talk talk = server.talk("/v1/models/plain/stream")) {
            talk.text();
            talk.say("[[1,2]]");
            String first = talk.text();
            Thread.sleep(3 * TRANSFER_MILLIS);
            talk.say("[[1,2]]");
            assertTrue(talk.text().startsWith("{\"outputs\":[["), first);
        }
    }

    @Test
    void aStreamOfALineThatBrokeEndsAndAListenersPlaceIsFree() throws Exception {
        Path words = SeenModels.spotter(tmp);
        ServerConfig one = ServerConfig.DEFAULTS.with(ServerConfig.Limits.DEFAULTS.with("batch", "1"));
        try (TestServer server = TestServer.of(List.of(words), one)) {
            for (int i = 0; i < 3; i++) { // one place: each must have left it
                String hello = "";
                for (int attempt = 0; attempt < 50 && !hello.contains("sample_rate"); attempt++) {
                    try (Talk talk = server.talk("/v1/models/words/listen")) {
                        hello = talk.text();
                    } catch (java.util.concurrent.ExecutionException refused) {
                        Thread.sleep(20); // the one before is being cleared away
                    }
                }
                assertTrue(hello.contains("sample_rate"), "listener " + i + ": " + hello);
            }
        }
    }
}
