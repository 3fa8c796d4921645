package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server refuses, and that it lives on. */
final class SafetyTest {
    private static final String TOKEN = "0123456789abcdef";
    private static final String GOOD = "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,4,1],\"data\":[1,2,3,4]}]}";

    @TempDir
    Path tmp;

    @Test
    void otherMachinesAreServedOnlyWithTokens() {
        assertFails(IllegalArgumentException.class, () -> new ServerConfig("0.0.0.0", 8080, List.of(), null, null, null,
                ServerConfig.Limits.DEFAULTS), "no token is set; expected --token");
        assertFails(IllegalArgumentException.class, () -> ServerConfig.DEFAULTS.with(List.of("short")),
                "cannot be guessed");
    }

    @Test
    void whoBearsNoTokenIsRefusedEverywhereButForHealthAndThePage() throws IOException {
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS.with(List.of(TOKEN)))) {
            for (String path : List.of("/v2", "/v2/models/sines", "/v1/models", "/metrics")) {
                assertEquals(401, server.send(server.to(path).GET()).statusCode(), path);
                assertEquals(401, server.send(server.to(path).header("Authorization", "Bearer " + TOKEN + "x").GET())
                        .statusCode(), path);
                assertEquals(200, server.send(server.to(path).header("Authorization", "Bearer " + TOKEN).GET())
                        .statusCode(), path);
            }
            for (String path : List.of("/v2/health/live", "/v2/health/ready", "/", "/app.js")) {
                assertEquals(200, server.send(server.to(path).GET()).statusCode(), path);
            }
        }
    }

    @Test
    void pagesOfOtherSitesAndNamesThatOnlyPointHereAreRefused() throws IOException {
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS)) {
            assertEquals(403,
                    server.send(server.to("/v1/models").header("Origin", "https://example.com").GET()).statusCode());
            assertEquals(200, server.send(server.to("/v1/models").header("Origin", server.server.address()).GET())
                    .statusCode());
            assertTrue(raw(server, "GET /v1/models HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n")
                    .startsWith("HTTP/1.1 403"));
        }
    }

    @Test
    void aRequestThatIsTooLargeIsNotRead() throws IOException {
        ServerConfig small = ServerConfig.DEFAULTS.with(ServerConfig.Limits.DEFAULTS.with("body", "1000")
                .with("steps", "100").with("streams", "3"));
        try (TestServer server = TestServer.over(tmp, small)) {
            assertEquals(413, server.post("/v2/models/sines/infer", new byte[2000]).statusCode());
            String many = GOOD.replace("[1,4,1]", "[1,101,1]").replace("1,2,3,4", "1,".repeat(100) + "1");
            HttpResponse<byte[]> long101 = server.post("/v2/models/sines/infer", many.getBytes(StandardCharsets.UTF_8));
            assertEquals(400, long101.statusCode());
            assertTrue(TestServer.text(long101).contains("100 steps at most"), TestServer.text(long101));
            for (int i = 0; i < 3; i++) {
                server.stream("plain");
            }
            HttpResponse<byte[]> fourth = server.post("/v1/models/plain/streams", new byte[0]);
            assertEquals(429, fourth.statusCode());
            assertTrue(TestServer.text(fourth).contains("start the server with --store"), TestServer.text(fourth));
        }
    }

    @Test
    void oneStreamsNonsenseLeavesItAndOthersAsTheyWere() throws IOException {
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS)) {
            String good = server.stream("plain");
            String same = server.stream("plain");
            server.steps(good, new double[]{1, 2});
            server.steps(same, new double[]{1, 2});
            for (String values : List.of("[[1]]", "[[1,2,3]]", "[]", "null", "\"x\"", "[[1,null]]", "[[1e30,0]]",
                    "[[1,2],[3]]",
                    "{}", "[[[1,2]]]", "[[1e999,0]]", "[[true,false]]")) {
                HttpResponse<byte[]> r = server.post("/v1/streams/" + good + "/steps",
                        ("{\"values\":" + values + "}").getBytes(StandardCharsets.UTF_8));
                assertEquals(400, r.statusCode(), values + " " + TestServer.text(r));
            }
            assertEquals(server.steps(same, new double[]{3, 4}), server.steps(good, new double[]{3, 4}));
        }
    }

    @Test
    void idsAndNamesNeverReachTheFileSystem() throws IOException {
        try (TestServer server = TestServer.over(tmp,
                ServerConfig.DEFAULTS.with(new FileStore(tmp.resolve("store"))))) {
            for (String id : List.of("..%2F..%2Fetc%2Fpasswd", "%2e%2e", "0".repeat(31), "0".repeat(33), "%00",
                    "g".repeat(32))) {
                assertEquals(404, server.send(server.to("/v1/streams/" + id + "/snapshot").GET()).statusCode(), id);
                int model = server.send(server.to("/v2/models/" + id).GET()).statusCode();
                assertTrue(model == 404 || model == 400, id + " " + model);
            }
        }
    }

    @Test
    void malformedRequestsAreAnsweredAndTheServerLives() throws IOException {
        Random random = new Random(19);
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS)) {
            for (int i = 0; i < 400; i++) {
                byte[] body = mutated(GOOD.getBytes(StandardCharsets.UTF_8), random);
                HttpResponse<byte[]> r = server.post("/v2/models/sines/infer", body);
                assertTrue(r.statusCode() == 200 || (r.statusCode() >= 400 && r.statusCode() < 500),
                        r.statusCode() + " for " + new String(body, StandardCharsets.UTF_8) + TestServer.text(r));
                assertTrue(r.statusCode() == 200 || TestServer.text(r).startsWith("{\"error\":"), TestServer.text(r));
            }
            for (String wrong : List.of("{", "[]", "null", "{}", "{\"inputs\":[]}", "{\"inputs\":{}}",
                    "{\"inputs\":[1]}",
                    GOOD.replace("FP32", "FP31"), GOOD.replace("[1,4,1]", "[1,4,2]"),
                    GOOD.replace("[1,4,1]", "[-1,4,1]"),
                    GOOD.replace("[1,4,1]", "[1,4,1.5]"), GOOD.replace("[1,4,1]", "[2147483647,2147483647,2147483647]"),
                    GOOD.replace("[1,4,1]", "[]"), GOOD.replace("[1,4,1]", "4"), GOOD.replace("[1,2,3,4]", "[1,2,3]"),
                    GOOD.replace("[1,2,3,4]", "[1,2,3,4,5]"), GOOD.replace("[1,2,3,4]", "[1,2,3,\"a\"]"),
                    GOOD.replace("[1,2,3,4]", "[".repeat(500) + "1" + "]".repeat(500)),
                    GOOD.replace("[1,2,3,4]", "[".repeat(100_000)), GOOD.replace("\"data\":[1,2,3,4]",
                            "\"parameters\":{\"binary_data_size\":16}"),
                    GOOD.replace("[1,4,1]", "[0,4,1]"), GOOD.replace("[1,4,1]", "[1,0,1]"))) {
                HttpResponse<byte[]> r = server.post("/v2/models/sines/infer", wrong.getBytes(StandardCharsets.UTF_8));
                String shown = wrong.substring(0, Math.min(200, wrong.length()));
                assertTrue(r.statusCode() >= 400 && r.statusCode() < 500, r.statusCode() + " for " + shown);
                assertTrue(TestServer.text(r).length() < 1000, shown);
            }
            assertEquals(200,
                    server.post("/v2/models/sines/infer", GOOD.getBytes(StandardCharsets.UTF_8)).statusCode());
        }
    }

    private static byte[] mutated(byte[] good, Random random) {
        byte[] out = good.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> out[random.nextInt(out.length)] = (byte) random.nextInt(256);
                case 1 -> out = java.util.Arrays.copyOf(out, 1 + random.nextInt(out.length));
                case 2 -> out[random.nextInt(out.length)] = (byte) "{}[],:\"0-e.".charAt(random.nextInt(11));
                default -> {
                    int from = random.nextInt(out.length);
                    byte[] tail = java.util.Arrays.copyOfRange(out, from, out.length);
                    out = java.util.Arrays.copyOf(out, out.length + tail.length);
                    System.arraycopy(tail, 0, out, out.length - tail.length, tail.length);
                }
            }
        }
        return out;
    }

    @Test
    void brokenHttpIsAnsweredOrClosed() throws IOException {
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS)) {
            for (String wrong : List.of("\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "nonsense\r\n\r\n",
                    "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "b".repeat(100_000) + "\r\n\r\n",
                    "POST /v2/models/sines/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
                    "POST /v2/models/sines/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999\r\n\r\n",
                    "POST /v2/models/sines/infer HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                    "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "\0\0\0\0")) {
                String answer = raw(server, wrong);
                assertFalse(answer.startsWith("HTTP/1.1 5"),
                        wrong.substring(0, Math.min(60, wrong.length())) + " -> " + answer);
            }
            assertEquals(200, server.send(server.to("/v2/health/live").GET()).statusCode());
        }
    }

    /** What bytes on the line are answered; empty when the server closes. A half-closed line ends it. */
    private static String raw(TestServer server, String bytes) throws IOException {
        URI at = URI.create(server.server.address());
        try (Socket socket = new Socket(at.getHost(), at.getPort())) {
            socket.setSoTimeout((int) Duration.ofSeconds(30).toMillis());
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            try {
                out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                socket.shutdownOutput();
                return new String(in.readNBytes(400), StandardCharsets.ISO_8859_1);
            } catch (java.net.SocketException e) {
                return ""; // closed on us
            }
        }
    }

    @Test
    void generationIsBoundedAndGivesWhatTheGeneratorGives() throws IOException {
        try (TestServer server = TestServer.over(tmp, ServerConfig.DEFAULTS)) {
            var model = s4j.generate.TokenModel
                    .load(tmp.resolve("text.safetensors"));
            var vocabulary = java.util.Objects.requireNonNull(model.vocabulary());
            String expected = vocabulary.decode(new s4j.generate.Generator(model)
                    .generate(new s4j.generate.Generator.Request(1, 20, s4j.generate.Sampling.DEFAULTS, 5,
                            vocabulary.encode("abba")))
                    .getFirst().tokens());
            String asked = "{\"text_input\":\"abba\",\"parameters\":{\"max_tokens\":20,\"seed\":5}}";
            byte[] body = asked.getBytes(StandardCharsets.UTF_8);
            assertEquals(expected, TestServer.json(server.post("/v2/models/text/generate", body)).get("text_output"));
            String events = TestServer.text(server.post("/v2/models/text/generate_stream", body));
            assertEquals(20, events.split("data: ", -1).length - 1, events);
            HttpResponse<byte[]> wav = server
                    .send(server.to("/v1/models/sound/sound?seconds=2&seed=3").GET());
            assertEquals(44 + 2 * 2 * 200, wav.body().length);
            assertEquals("RIFF", new String(wav.body(), 0, 4, StandardCharsets.US_ASCII));
            for (String wrong : List.of("{}", "{\"text_input\":\"xyz\"}",
                    asked.replace("20", "0"), asked.replace("20", "99999999"), asked.replace("20", "\"a\""))) {
                HttpResponse<byte[]> r = server.send(server.to("/v2/models/text/generate_stream")
                        .POST(BodyPublishers.ofString(wrong)));
                assertEquals(400, r.statusCode(), wrong + TestServer.text(r));
            }
            assertEquals(400, server.send(server.to("/v1/models/sines/sound").GET()).statusCode());
        }
    }
}
