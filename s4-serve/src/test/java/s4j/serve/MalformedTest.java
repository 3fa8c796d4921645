package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.testkit.Talk;

/** More than 200 kinds of malformed requests: each is answered 4xx with a reason or closed, and the server lives. */
final class MalformedTest {
    private static final int LEAST_KINDS = 200;

    @TempDir
    Path tmp;

    private TestServer server() throws IOException {
        List<Path> files = new ArrayList<>(TestServer.models(tmp));
        files.add(SeenModels.forecaster(tmp));
        return TestServer.of(files, ServerConfig.DEFAULTS);
    }

    private static void lives(TestServer server, String stream, Object before) {
        assertEquals(200, server.send(server.to("/v2/health/live").GET()).statusCode());
        assertEquals(200, server
                .post("/v2/models/sines/infer", Malformed.GOOD.getBytes(StandardCharsets.UTF_8)).statusCode());
        String twin = server.stream("plain");
        assertEquals(before, server.steps(twin, new double[]{1, 2}), "of another stream");
        assertEquals(server.steps(twin, new double[]{3, 4}), server.steps(stream, new double[]{3, 4}),
                "no refused request moved the stream");
    }

    @Test
    void eachIsRefusedWithAReasonAndTheServerLives() throws IOException {
        try (TestServer server = server()) {
            String stream = server.stream("plain");
            Object before = server.steps(stream, new double[]{1, 2});
            List<Malformed.Kind> kinds = Malformed.all(stream);
            assertEquals(kinds.size(), kinds.stream().map(k -> k.name() + k.path() + new String(k.body(),
                    StandardCharsets.ISO_8859_1)).distinct().count(), "each kind once");
            assertTrue(kinds.size() >= LEAST_KINDS, kinds.size() + " kinds");
            List<String> wrong = new ArrayList<>();
            for (Malformed.Kind kind : kinds) {
                var request = server.to(kind.path()).method(kind.method(), BodyPublishers.ofByteArray(kind.body()));
                kind.headers().forEach(request::setHeader);
                HttpResponse<byte[]> r = server.send(request);
                String said = TestServer.text(r);
                boolean reason = said.startsWith("{\"error\":") && said.length() > 20 && said.length() < 2000;
                if (r.statusCode() < 400 || r.statusCode() >= 500 || !(reason || kind.method().equals("TRACE"))) {
                    wrong.add(kind.name() + ": " + r.statusCode() + " "
                            + said.substring(0, Math.min(150, said.length())));
                }
            }
            assertEquals("", wrong.stream().collect(Collectors.joining("\n")));
            lives(server, stream, before);
        }
    }

    /** What goes over the line before it is half closed. */
    @SuppressWarnings("StringConcatToTextBlock") // line ends are the point
    private static List<String> lines() {
        String post = "POST /v2/models/sines/infer HTTP/1.1\r\nHost: localhost\r\n";
        return List.of("", "\r\n", "\n\n", "GET\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/0.9\r\n\r\n",
                "GET / HTTP/3.0\r\n\r\n",
                "get / http/1.1\r\nHost: localhost\r\n\r\n", " GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET  /  HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /v1/models HTTP/1.1\nHost: localhost\n\n",
                "GET http://[ HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost localhost\r\n\r\n", "GET /v1/models HTTP/1.1\r\n: x\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
                "GET /v1/models HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n", post + "Content-Length: -1\r\n\r\n",
                post + "Content-Length: 1e3\r\n\r\n", post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                post + "Content-Length: 99999999999999999999\r\n\r\n", post + "Content-Length: 500\r\n\r\n{\"inputs\":",
                post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
                post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                post + "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello",
                post + "Transfer-Encoding: gzip\r\n\r\nhello",
                post + "Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", "\u0005\u0001\u0000",
                "SSH-2.0-x\r\n",
                "\0".repeat(5000), "GET /" + "a".repeat(50_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "b".repeat(50_000) + "\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\n" + "X: y\r\n".repeat(5000) + "\r\n",
                "GET /v1/models/plain/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
                "GET /v1/models/plain/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 1\r\nSec-WebSocket-Key: x\r\n\r\n",
                "GET /v1/models/none/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                "GET /v1/models/plain/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\u0081\u0005hello");
    }

    @Test
    void whatIsNoHttpIsAnsweredOrClosedAndSlowLinesStopNobody() throws Exception {
        try (TestServer server = server()) {
            String stream = server.stream("plain");
            Object before = server.steps(stream, new double[]{1, 2});
            for (String line : lines()) {
                String shown = line.substring(0, Math.min(60, line.length()));
                try (Socket socket = connected(server)) {
                    socket.getOutputStream().write(line.getBytes(StandardCharsets.ISO_8859_1));
                    socket.getOutputStream().flush();
                    socket.shutdownOutput();
                    String answer = new String(socket.getInputStream().readNBytes(2000), StandardCharsets.ISO_8859_1);
                    assertTrue(!answer.startsWith("HTTP/1.1 5"), shown + " -> " + answer);
                } catch (java.net.SocketException e) {
                    // closed on us
                }
            }
            slow(server);
            lives(server, stream, before);
        }
    }

    private static Socket connected(TestServer server) throws IOException {
        URI at = URI.create(server.server.address());
        Socket socket = new Socket(at.getHost(), at.getPort());
        socket.setSoTimeout((int) Duration.ofSeconds(15).toMillis());
        return socket;
    }

    /** Slow loris: fifty lines that say nothing more, and others are answered meanwhile. */
    private static void slow(TestServer server) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Socket socket = connected(server);
            socket.getOutputStream().write((i % 2 == 0
                    ? "POST /v2/models/sines/infer HTTP/1.1\r\nHost: localhost\r\nContent-Le"
                    : "POST /v2/models/sines/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            waiting.add(socket);
        }
        for (int i = 0; i < 20; i++) {
            assertEquals(200, server.post("/v2/models/sines/infer", Malformed.GOOD.getBytes(StandardCharsets.UTF_8))
                    .statusCode());
        }
        for (Socket socket : waiting) {
            socket.close();
        }
    }

    @Test
    void messagesThatAreNoStepsAreAnsweredAndTheStreamGoesOn() throws Exception {
        try (TestServer server = server(); Talk talk = server.talk("/v1/models/plain/stream")) {
            talk.text();
            for (String text : List.of("", " ", "x", "null", "true", "{}", "[]", "[[]]", "[[1]]", "[[1,2,3]]",
                    "[[1,2],[3]]",
                    "[[1,\"a\"]]", "[[1,null]]", "[[1e999,1]]", "[[1e30,0]]", "[".repeat(2000),
                    "\"" + "y".repeat(5000) + "\"",
                    "{\"values\":[[1,2]]}")) {
                talk.say(text);
                String answer = talk.text();
                assertTrue(answer.startsWith("{\"error\":"), text + " -> " + answer);
            }
            for (int length : new int[]{0, 1, 3, 4, 5, 7, 12}) {
                talk.say(new byte[length]);
                String answer = talk.text();
                assertTrue(answer.startsWith("{\"error\":"), length + " bytes -> " + answer);
            }
            talk.say("[[1,2]]");
            String twin = server.stream("plain");
            assertEquals("{\"outputs\":" + s4j.io.Json.print(server.steps(twin, new double[]{1, 2})) + "}",
                    talk.text());
        }
    }
}
