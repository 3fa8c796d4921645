package s4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code s4 serve} as a process of its own: killed, told to end, refused. */
final class ServeCommandTest {
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path tmp = Path.of("");

    private final HttpClient client = HttpClient.newHttpClient();

    /** A server and where it listens. */
    private record Running(Process process, String address) {}

    private Running serve(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
                "-XX:-UsePerfData", "--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m", "-cp",
                System.getProperty("java.class.path"), "s4j.cli.Main", "serve", "--port", "0"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            if (line.startsWith("serving at ")) {
                return new Running(process, line.replaceFirst("serving at (.*)/ .*", "$1"));
            }
        }
        throw new AssertionError(said);
    }

    private String send(HttpRequest.Builder request, int status) throws Exception {
        var response = client.send(request.build(), BodyHandlers.ofString());
        assertEquals(status, response.statusCode(), response.body());
        return response.body();
    }

    private HttpRequest.Builder to(Running server, String path) {
        return HttpRequest.newBuilder(URI.create(server.address + path));
    }

    private String step(Running server, String stream) throws Exception {
        return send(
                to(server, "/v1/streams/" + stream + "/steps").POST(BodyPublishers.ofString("{\"values\":[[1,2]]}")),
                200);
    }

    @Test
    void killedOrToldToEndAStreamGoesOn() throws Exception {
        String model = Commands.values(tmp);
        String store = tmp.resolve("streams").toString();
        Running first = serve(model, "--store", store);
        String stream = send(to(first,
                "/v1/models/" + Path.of(model).getFileName().toString().replace(".safetensors", "")
                        + "/streams")
                .POST(BodyPublishers.noBody()), 201).replaceFirst(".*\"stream\":\"([0-9a-f]+)\".*", "$1");
        List<String> said = new ArrayList<>(List.of(step(first, stream), step(first, stream)));
        first.process.destroyForcibly().waitFor();
        Running second = serve(model, "--store", store);
        said.add(step(second, stream));
        second.process.destroy();
        assertTrue(second.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "it ends by itself");
        assertEquals(128 + 15, second.process.exitValue());
        Running third = serve(model, "--store", store);
        said.add(step(third, stream));
        third.process.destroyForcibly().waitFor();
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
    void whatCannotBeServedIsSaidBeforeAnybodyIsServed() throws IOException {
        String model = Commands.values(tmp);
        Commands.Said open = Commands.s4("", "serve", model, "--host", "0.0.0.0");
        assertEquals(2, open.code(), open.err());
        assertTrue(open.err().contains("no token is set; expected --token"), open.err());
        Commands.Said twice = Commands.s4("", "serve", model, model, "--port", "0");
        assertEquals(2, twice.code(), twice.err());
        assertTrue(twice.err().contains("two models of the name"), twice.err());
        Path broken = Files.writeString(tmp.resolve("broken.safetensors"), "nothing");
        assertEquals(2, Commands.s4("", "serve", broken.toString(), "--port", "0").code());
        assertEquals(2, Commands.s4("", "serve", model, "--journal", tmp.resolve("j").toString()).code());
        try (java.net.ServerSocket taken = new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
            Commands.Said busy = Commands.s4("", "serve", model, "--port", String.valueOf(taken.getLocalPort()));
            assertTrue(busy.code() != 0 && busy.err().contains("cannot listen at 127.0.0.1:" + taken.getLocalPort()),
                    busy.err());
        }
    }
}
