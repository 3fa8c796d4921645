package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code s4 serve} as a process of its own: killed, told to end, refused. */
final class ServeCommandTest {
    @TempDir
    Path tmp = Path.of("");

    private final HttpClient client = HttpClient.newHttpClient();

    private String send(HttpRequest.Builder request, int status) throws Exception {
        var response = client.send(request.build(), BodyHandlers.ofString());
        assertEquals(status, response.statusCode(), response.body());
        return response.body();
    }

    private HttpRequest.Builder to(ServerProcess server, String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path));
    }

    private String step(ServerProcess server, String stream) throws Exception {
        return send(
                to(server, "/v1/streams/" + stream + "/steps").POST(BodyPublishers.ofString("{\"values\":[[1,2]]}")),
                200);
    }

    @Test
    void killedOrToldToEndAStreamGoesOn() throws Exception {
        String model = Commands.values(tmp);
        String store = tmp.resolve("streams").toString();
        ServerProcess first = ServerProcess.start(model, "--store", store);
        String stream = send(to(first,
                "/v1/models/" + Path.of(model).getFileName().toString().replace(".safetensors", "")
                        + "/streams")
                .POST(BodyPublishers.noBody()), 201).replaceFirst(".*\"stream\":\"([0-9a-f]+)\".*", "$1");
        List<String> said = new ArrayList<>(List.of(step(first, stream), step(first, stream)));
        first.kill();
        ServerProcess second = ServerProcess.start(model, "--store", store);
        said.add(step(second, stream));
        assertEquals(128 + 15, second.end());
        ServerProcess third = ServerProcess.start(model, "--store", store);
        said.add(step(third, stream));
        third.kill();
        var session = s4j.stream.S4Model.load(Path.of(model)).newSession();
        for (int t = 0; t < said.size(); t++) {
            float[] y = session.step(1, 2);
            List<Double> expected = new ArrayList<>();
            for (float v : y) {
                expected.add((double) v);
            }
            assertEquals("{\"outputs\":[" + s4j.io.Json.print(expected) + "]}", said.get(t), "step " + (t + 1));
        }
    }

    @Test
    void limitsAndLogsAreOptions() throws Exception {
        String model = Commands.values(tmp);
        ServerProcess server = ServerProcess.start(model, "--limit", "body=50", "--limit", "quiet=1m");
        try {
            send(to(server, "/v1/streams/x/steps").POST(BodyPublishers.ofString(" ".repeat(100))), 413);
        } finally {
            server.kill();
        }
        Commands.Said unknown = Commands.s4("", "serve", model, "--limit", "boddy=50");
        assertEquals(2, unknown.code(), unknown.err());
        assertTrue(unknown.err().contains("unknown limit boddy; did you mean body?"), unknown.err());
        Commands.Said time = Commands.s4("", "serve", model, "--limit", "idle=5");
        assertTrue(time.err().contains("limit idle=5; expected a time such as 200us"), time.err());
        Commands.Said log = Commands.s4("", "serve", model, "--log", "xml");
        assertTrue(log.code() == 2 && log.err().contains("words"), log.err());
    }

    @Test
    void whatCannotBeServedIsSaidBeforeAnybodyIsServed() throws IOException {
        String model = Commands.values(tmp);
        Commands.Said open = Commands.s4("", "serve", model, "--host", "0.0.0.0");
        assertEquals(2, open.code(), open.err());
        assertTrue(open.err().contains("no token is set; expected --token"), open.err());
        Commands.Said twice = Commands.s4("", "serve", model, model, "--port", "0");
        assertEquals(2, twice.code(), twice.err());
        assertTrue(twice.err().contains("two models of the name"), twice.err());
        Path broken = Files.writeString(tmp.resolve("broken.safetensors"), "nothing");
        Path tokens = Files.writeString(tmp.resolve("tokens.txt"), "\n  \n");
        Commands.Said none = Commands.s4("", "serve", model, "--port", "0", "--token-file", tokens.toString());
        assertEquals(2, none.code(), none.out());
        assertTrue(none.err().contains("no token in it"),
                "who asks for tokens does not serve everybody: " + none.err());
        for (String port : List.of("-1", "70000")) {
            Commands.Said far = Commands.s4("", "serve", model, "--port", port);
            assertTrue(far.code() == 2 && far.err().contains("port " + port + "; expected 1 to 65535"), far.err());
        }
        assertEquals(2, Commands.s4("", "serve", broken.toString(), "--port", "0").code());
        assertEquals(2, Commands.s4("", "serve", model, "--journal", tmp.resolve("j").toString()).code());
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Commands.Said busy = Commands.s4("", "serve", model, "--port", String.valueOf(taken.getLocalPort()));
            assertTrue(busy.code() == 2 && busy.err().contains("cannot listen at 127.0.0.1:" + taken.getLocalPort()),
                    busy.err());
        }
    }
}
