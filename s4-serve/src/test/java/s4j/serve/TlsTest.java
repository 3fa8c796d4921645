package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.MalformedFileException;
import s4j.testkit.Talk;

/** HTTPS and WebSockets over TLS, with a key that {@code keytool} made. */
final class TlsTest {
    private static final String PASSWORD = "a password";

    @TempDir
    Path tmp;

    private List<Path> files = List.of();
    private ServerConfig config = ServerConfig.DEFAULTS;

    @BeforeEach
    void key() throws Exception {
        files = TestServer.models(tmp);
        Path keys = tmp.resolve("keys.p12");
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", "s4j", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=localhost",
                "-ext", "san=dns:localhost,ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", keys.toString(),
                "-storepass", PASSWORD).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        config = new ServerConfig("127.0.0.1", 0, List.of(), keys, PASSWORD, null,
                ServerConfig.Limits.DEFAULTS.with("transfer", "600ms"));
    }

    /** Trusts the server's key alone. */
    private SSLContext trust() throws Exception {
        KeyStore all = KeyStore.getInstance(tmp.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("s4j", all.getCertificate("s4j"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    @Test
    void requestsAndStreamsAreTheSameOverTls() throws Exception {
        List<Object> said = new ArrayList<>();
        for (boolean secure : new boolean[]{true, false}) {
            try (TestServer server = secure
                    ? TestServer.secure(files, config, trust())
                    : TestServer.of(files, ServerConfig.DEFAULTS);
                    Talk talk = server.talk("/v1/models/plain/stream")) {
                assertTrue(server.server.address().startsWith(secure ? "https://127.0.0.1:" : "http://"));
                talk.text();
                talk.say("[[1,2]]");
                String stream = server.stream("plain");
                said.add(List.of(talk.text(), server.steps(stream, new double[]{1, 2}, new double[]{3, 4})));
            }
        }
        assertEquals(said.get(1), said.get(0));
    }

    @Test
    void whoDoesNotTrustTheKeyIsNotTalkedTo() throws Exception {
        try (TestServer server = TestServer.secure(files, config, trust());
                HttpClient other = HttpClient.newHttpClient()) {
            URI at = URI.create(server.server.address() + "/v2/health/live");
            assertThrows(SSLHandshakeException.class,
                    () -> other.send(HttpRequest.newBuilder(at).build(), BodyHandlers.discarding()));
        }
    }

    @Test
    void whoStopsInTheHandshakeOrSpeaksPlainHttpIsClosedInTime() throws Exception {
        try (TestServer server = TestServer.secure(files, config, trust())) {
            URI at = URI.create(server.server.address());
            for (String sent : List.of("", "\u0016\u0003\u0001\u0002\0\u0001",
                    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
                long start = System.nanoTime();
                try (Socket socket = new Socket(at.getHost(), at.getPort())) {
                    socket.setSoTimeout(10_000);
                    socket.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
                    String answer = new String(drained(socket.getInputStream()), StandardCharsets.ISO_8859_1);
                    assertTrue(!answer.contains("HTTP/1.1 200"), answer);
                }
                assertTrue(System.nanoTime() - start < 8_000_000_000L, "closed too late");
            }
            assertEquals(true, server.get("/v2/health/live").get("live"));
        }
    }

    private static byte[] drained(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            return new byte[0]; // closed on us
        }
    }

    @Test
    void aWrongPasswordIsSaidAtOnce() throws IOException {
        ServerConfig wrong = new ServerConfig("127.0.0.1", 0, List.of(), tmp.resolve("keys.p12"), "another one", null,
                ServerConfig.Limits.DEFAULTS);
        assertFails(MalformedFileException.class, () -> TestServer.of(files, wrong),
                "and its password in S4_KEYSTORE_PASSWORD");
        Path none = Files.writeString(tmp.resolve("none.p12"), "no keys");
        ServerConfig broken = new ServerConfig("127.0.0.1", 0, List.of(), none, PASSWORD, null,
                ServerConfig.Limits.DEFAULTS);
        assertFails(MalformedFileException.class, () -> TestServer.of(files, broken), "none.p12");
    }
}
