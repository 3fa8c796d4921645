package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.Json;
import s4j.predict.Predictor;

/** The Open Inference Protocol as its document has it. */
final class ProtocolTest {
    private static final int L = 32;

    @TempDir
    Path tmp;

    private List<Path> files = List.of();
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        files = TestServer.models(tmp);
        server = TestServer.of(files, ServerConfig.DEFAULTS);
    }

    @AfterEach
    void end() throws IOException { server.close(); }

    private static float[] series(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] x = new float[L];
        for (int t = 0; t < L; t++) {
            x[t] = (float) Math.sin(t * (seed % 2 == 0 ? 0.2 : 0.9) + random.nextDouble());
        }
        return x;
    }

    private static Map<String, Object> input(List<Integer> shape, Object data) {
        return Map.of("id", "42", "inputs",
                List.of(Map.of("name", "x", "datatype", "FP32", "shape", shape, "data", data)));
    }

    private static List<Float> list(float[] x) {
        List<Float> out = new ArrayList<>();
        for (float v : x) {
            out.add(v);
        }
        return out;
    }

    private void assertPredicted(Map<?, ?> answer, float[]... series) throws IOException {
        List<double[]> expected = Predictor.load(files.getFirst()).probabilities(List.of(series));
        List<?> data = TestServer.data(answer, "probabilities");
        for (int i = 0; i < series.length; i++) {
            for (int c = 0; c < 2; c++) {
                assertEquals(expected.get(i)[c], ((Number) data.get(2 * i + c)).doubleValue(), 1e-7);
            }
        }
    }

    @Test
    void serverAndModelsSayWhatTheyAre() {
        assertEquals(true, server.get("/v2/health/live").get("live"));
        assertEquals(true, server.get("/v2/health/ready").get("ready"));
        assertEquals("s4j", server.get("/v2").get("name"));
        Map<?, ?> model = server.get("/v2/models/sines");
        assertEquals("sines", model.get("name"));
        assertEquals("[{name=x, datatype=FP32, shape=[-1, -1, 1]}]", String.valueOf(model.get("inputs")));
        assertEquals("[{name=probabilities, datatype=FP32, shape=[-1, 2]}, {name=class, datatype=BYTES, shape=[-1]}]",
                String.valueOf(model.get("outputs")));
        String version = String.valueOf(((List<?>) TestServer.at(model, "versions")).getFirst());
        assertEquals(model, server.get("/v2/models/sines/versions/" + version));
        assertEquals(404, server.send(server.to("/v2/models/sines/versions/7").GET()).statusCode());
        assertEquals(404, server.send(server.to("/v2/models/none").GET()).statusCode());
    }

    @Test
    void flatNestedAndBinaryTensorsPredictTheSame() throws IOException {
        float[] x = series(1);
        Map<?, ?> flat = server.post("/v2/models/sines/infer", input(List.of(1, L, 1), list(x)));
        assertPredicted(flat, x);
        assertEquals("42", flat.get("id"));
        List<List<Float>> nested = list(x).stream().map(List::of).toList();
        assertEquals(flat, server.post("/v2/models/sines/infer", input(List.of(1, L, 1), List.of(nested))));
        byte[] header = Json.print(Map.of("id", "42", "inputs", List.of(Map.of("name", "x", "datatype", "FP32", "shape",
                List.of(1, L, 1), "parameters", Map.of("binary_data_size", 4 * L))))).getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(header.length + 4 * L).order(ByteOrder.LITTLE_ENDIAN).put(header);
        for (float v : x) {
            body.putFloat(v);
        }
        assertEquals(flat, TestServer.json(server.send(server.to("/v2/models/sines/infer")
                .header("Inference-Header-Content-Length", String.valueOf(header.length))
                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(body.array())))));
        List<?> best = TestServer.data(flat, "class");
        assertTrue(List.of("slow", "fast").contains(best.getFirst()), best.toString());
    }

    @Test
    void theOutputsThatAreAskedForComeAsTheyAreAskedFor() {
        float[] x = series(1);
        Map<String, Object> asked = new java.util.LinkedHashMap<>(input(List.of(1, L, 1), list(x)));
        Map<?, ?> all = server.post("/v2/models/sines/infer", asked);
        asked.put("outputs", List.of(Map.of("name", "class")));
        Map<?, ?> one = server.post("/v2/models/sines/infer", asked);
        assertEquals(1, ((List<?>) TestServer.at(one, "outputs")).size());
        assertEquals(TestServer.data(all, "class"), TestServer.data(one, "class"));
        asked.put("outputs", List.of(Map.of("name", "class", "parameters", Map.of("binary_data", true)),
                Map.of("name", "probabilities", "parameters", Map.of("binary_data", true))));
        var answer = server.post("/v2/models/sines/infer", Json.print(asked).getBytes(StandardCharsets.UTF_8));
        int json = Integer.parseInt(answer.headers().firstValue("Inference-Header-Content-Length").orElseThrow());
        String head = new String(answer.body(), 0, json, StandardCharsets.UTF_8);
        String best = String.valueOf(TestServer.data(all, "class").getFirst());
        assertTrue(
                head.contains("\"binary_data_size\":" + (4 + best.length())) && head.contains("\"binary_data_size\":8"),
                head);
        ByteBuffer bytes = ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN).position(json);
        byte[] text = new byte[bytes.getInt()];
        bytes.get(text);
        assertEquals(best, new String(text, StandardCharsets.UTF_8));
        for (Object p : TestServer.data(all, "probabilities")) {
            assertEquals(((Number) p).floatValue(), bytes.getFloat());
        }
        assertFalse(bytes.hasRemaining());
        asked.put("outputs", List.of(Map.of("name", "klass")));
        var none = server.post("/v2/models/sines/infer", Json.print(asked).getBytes(StandardCharsets.UTF_8));
        assertEquals(400, none.statusCode());
        assertTrue(TestServer.text(none).contains("output klass; expected one of probabilities, class"),
                TestServer.text(none));
    }

    @Test
    void whatComesAtTheSameTimeIsComputedTogetherAndAnsweredRightly() throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Map<?, ?>>> asked = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                float[] x = Arrays.copyOf(series(i), L - i % 5);
                asked.add(() -> server.post("/v2/models/sines/infer", input(List.of(1, x.length, 1), list(x))));
            }
            List<Future<Map<?, ?>>> answers = pool.invokeAll(asked);
            for (int i = 0; i < answers.size(); i++) {
                assertPredicted(answers.get(i).get(), Arrays.copyOf(series(i), L - i % 5));
            }
        }
    }

    @Test
    void oneWrongSequenceLeavesTheOthersAlone() throws Exception {
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> codes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                float[] x = series(i);
                if (i == 7) {
                    x[3] = 3e38f;
                }
                codes.add(pool.submit(() -> server.post("/v2/models/sines/infer",
                        Json.print(input(List.of(1, L, 1), list(x))).getBytes(StandardCharsets.UTF_8)).statusCode()));
            }
            for (int i = 0; i < 20; i++) {
                assertEquals(i == 7 ? 400 : 200, codes.get(i).get(), "sequence " + i);
            }
        }
    }

    @Test
    void aSequenceIdIsAStream() throws IOException {
        float[] x = series(3);
        Map<?, ?> last = Map.of();
        for (int t = 0; t < 8; t++) {
            last = server.post("/v2/models/sines/infer",
                    Map.of("parameters", Map.of("sequence_id", 7, "sequence_start", t == 0, "sequence_end", t == 7),
                            "inputs", List.of(Map.of("name", "x", "datatype", "FP64", "shape", List.of(1, 1, 1), "data",
                                    List.of(x[t])))));
        }
        assertPredicted(last, Arrays.copyOf(x, 8));
        byte[] more = Json.print(Map.of("parameters", Map.of("sequence_id", 7), "inputs",
                List.of(Map.of("name", "x", "datatype", "FP32", "shape", List.of(1, 1, 1), "data", List.of(1)))))
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(400, server.post("/v2/models/sines/infer", more).statusCode(), "it has ended");
    }

    @Test
    void networksWithoutADescriptionAnswerWithTheirOutputs() {
        Map<?, ?> answer = server.post("/v2/models/plain/infer",
                input(List.of(1, 4, 2), List.of(1, 2, 3, 4, 5, 6, 7, 8)));
        assertEquals(12, TestServer.data(answer, "y").size());
    }

    @Test
    void aReplacedFileTakesThePlaceOfTheOldOneWhileOldStreamsGoOn() throws Exception {
        String stream = server.stream("plain");
        List<?> first = server.steps(stream, new double[]{1, 2});
        Object before = TestServer.at(server.get("/v2/models/plain"), "versions");
        s4j.stream.TinyModels.classifier(true, "pool").write(tmp.resolve("plain.safetensors"));
        Files.setLastModifiedTime(tmp.resolve("plain.safetensors"), java.nio.file.attribute.FileTime.fromMillis(1));
        for (int i = 0; i < 100 && before.equals(server.get("/v2/models/plain").get("versions")); i++) {
            Thread.sleep(100);
        }
        assertFalse(before.equals(server.get("/v2/models/plain").get("versions")), server.said.toString());
        assertEquals(first.size(), server.steps(stream, new double[]{1, 2}).size());
        Files.writeString(tmp.resolve("plain.safetensors"), "no model");
        for (int i = 0; i < 100 && server.said.size() < 2; i++) {
            Thread.sleep(100);
        }
        assertTrue(server.said.get(1).contains("stays as it is"), server.said.toString());
        server.get("/v2/models/plain");
    }

    @Test
    void aNetworkThatWasReplacedLeavesNoThreadBehind() throws Exception {
        String name = "s4j-infer-plain";
        Set<Thread> others = Thread.getAllStackTraces().keySet(); // some tests leave a server as a kill would
        Map<String, Object> asked = input(List.of(1, 4, 2), List.of(1, 2, 3, 4, 5, 6, 7, 8));
        server.post("/v2/models/plain/infer", asked);
        String stream = server.stream("plain");
        server.steps(stream, new double[]{1, 2});
        for (String decoder : List.of("pool", "step")) {
            Object before = TestServer.at(server.get("/v2/models/plain"), "versions");
            s4j.stream.TinyModels.classifier(true, decoder).write(tmp.resolve("plain.safetensors"));
            for (int i = 0; i < 200 && before.equals(server.get("/v2/models/plain").get("versions")); i++) {
                Thread.sleep(50);
            }
            server.post("/v2/models/plain/infer", asked);
            server.steps(stream, new double[]{1, 2});
        }
        String steps = "s4j-steps-plain";
        for (int i = 0; i < 200 && threads(name, others) + threads(steps, others) > 2; i++) {
            Thread.sleep(50);
        }
        assertEquals(1, threads(name, others));
        assertEquals(1, threads(steps, others), "the stream goes on with the first of them");
    }

    private static long threads(String name, Set<Thread> others) {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals(name) && !others.contains(t))
                .count();
    }

    @Test
    void theDescriptionNamesEveryPathAndMetricsCountThem() {
        Map<?, ?> paths = (Map<?, ?>) TestServer.at(server.get("/openapi.json"), "paths");
        assertTrue(paths.containsKey("/v2/models/{name}/infer") && paths.containsKey("/v1/streams/{id}/steps"),
                paths.keySet().toString());
        String metrics = TestServer.text(server.send(server.to("/metrics").GET()));
        assertTrue(metrics.contains("s4j_request_seconds_count{route=\"/openapi.json\",status=\"200\"} 1"), metrics);
        assertTrue(metrics.contains("s4j_streams_open 0"), metrics);
    }
}
