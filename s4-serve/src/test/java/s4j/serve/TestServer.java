package s4j.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import s4j.generate.Vocabulary;
import s4j.io.Json;
import s4j.io.ModelFile;
import s4j.stream.TinyModels;
import s4j.testkit.Talk;

/** A server over tiny models, and a client of it. */
final class TestServer implements AutoCloseable {
    private final HttpClient client;
    final List<String> said = new CopyOnWriteArrayList<>();
    final S4Server server;

    private TestServer(List<Path> models, ServerConfig config, @Nullable Path journal,
            Function<Consumer<String>, ServerLog> log, @Nullable SSLContext trust) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder();
        this.client = trust == null ? builder.build() : builder.sslContext(trust).build();
        this.server = S4Server.start(models, config.at(0), journal, log.apply(said::add));
    }

    /** Model files in a directory: sines (two classes), plain (a network alone), sound and text. */
    static List<Path> models(Path directory) throws IOException {
        Path sines = directory.resolve("sines.safetensors");
        try (InputStream in = TestServer.class.getResourceAsStream("/sines.safetensors")) {
            Files.write(sines, java.util.Objects.requireNonNull(in).readAllBytes());
        }
        List<Path> files = new ArrayList<>(List.of(sines));
        ModelFile tokens = TinyModels.tokens();
        Map<String, s4j.io.TensorData> words = new java.util.LinkedHashMap<>(tokens.tensors());
        words.keySet().removeIf(k -> k.startsWith("data."));
        ModelFile text = new Vocabulary(List.of("abcdefghijklmnop".split(""))).in(
                new ModelFile(words, tokens.config(), Map.of()));
        Map<String, ModelFile> made = Map.of("plain", TinyModels.classifier(true, "step"), "sound", tokens, "text",
                text);
        for (Map.Entry<String, ModelFile> m : made.entrySet()) {
            Path file = directory.resolve(m.getKey() + ".safetensors");
            if (!Files.exists(file)) { // a file that changes is loaded again
                m.getValue().write(file);
            }
            files.add(file);
        }
        return files;
    }

    static TestServer of(List<Path> models, ServerConfig config) throws IOException {
        return new TestServer(models, config, null, ServerLog::words, null);
    }

    static TestServer of(List<Path> models, ServerConfig config, Path journal) throws IOException {
        return new TestServer(models, config, journal, ServerLog::words, null);
    }

    /** One over {@link #models}, which are written first. */
    static TestServer over(Path directory, ServerConfig config) throws IOException {
        return of(models(directory), config);
    }

    /** The same with a journal. */
    static TestServer over(Path directory, ServerConfig config, Path journal) throws IOException {
        return of(models(directory), config, journal);
    }

    /** The same, with JSON lines in what it {@code said}. */
    static TestServer logging(Path directory, ServerConfig config, @Nullable Path journal) throws IOException {
        return new TestServer(models(directory), config, journal, ServerLog::json, null);
    }

    /** One with TLS, and a client that trusts nobody else. */
    static TestServer secure(List<Path> models, ServerConfig config, SSLContext trust) throws IOException {
        return new TestServer(models, config, null, ServerLog::words, trust);
    }

    /** A WebSocket. */
    Talk talk(String path) throws Exception {
        return new Talk(client, URI.create(server.address().replaceFirst("http", "ws") + path));
    }

    /** A request that can be changed before it is sent. */
    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path));
    }

    HttpResponse<byte[]> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    HttpResponse<byte[]> post(String path, byte[] body) {
        return send(to(path).POST(BodyPublishers.ofByteArray(body)));
    }

    Map<?, ?> post(String path, Object json) {
        return json(post(path, Json.print(json).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    Map<?, ?> get(String path) { return json(send(to(path).GET())); }

    static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
    }

    static Map<?, ?> json(HttpResponse<byte[]> response) {
        try {
            Map<?, ?> out = (Map<?, ?>) java.util.Objects.requireNonNull(Json.parse(text(response), "answer"));
            if (response.statusCode() >= 400) {
                throw new AssertionError(response.statusCode() + " " + out);
            }
            return out;
        } catch (s4j.io.MalformedFileException e) {
            throw new AssertionError(text(response), e);
        }
    }

    /** The only output's data, or that of a name. */
    static List<?> data(Map<?, ?> answer, String name) {
        for (Object o : (List<?>) java.util.Objects.requireNonNull(answer.get("outputs"))) {
            if (name.equals(((Map<?, ?>) o).get("name"))) {
                return (List<?>) java.util.Objects.requireNonNull(((Map<?, ?>) o).get("data"));
            }
        }
        throw new AssertionError("no output " + name + " in " + answer);
    }

    /** What stands under a key, which must be there. */
    static Object at(Map<?, ?> map, String key) {
        Object value = map.get(key);
        if (value == null) {
            throw new AssertionError("no " + key + " in " + map);
        }
        return value;
    }

    /** A new stream of a model. */
    String stream(String model) {
        return String.valueOf(post("/v1/models/" + model + "/streams", new byte[0], 201).get("stream"));
    }

    Map<?, ?> post(String path, byte[] body, int status) {
        HttpResponse<byte[]> r = post(path, body);
        if (r.statusCode() != status) {
            throw new AssertionError(r.statusCode() + " " + text(r));
        }
        return json(r);
    }

    /** What a stream says after each of some steps. */
    List<?> steps(String stream, double[]... values) {
        List<List<Double>> rows = new ArrayList<>();
        for (double[] row : values) {
            rows.add(java.util.Arrays.stream(row).boxed().toList());
        }
        return (List<?>) java.util.Objects
                .requireNonNull(post("/v1/streams/" + stream + "/steps", Map.of("values", rows)).get("outputs"));
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
    }
}
