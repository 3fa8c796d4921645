package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.data.forecast.Forecast;
import s4j.data.forecast.ForecastModel;
import s4j.data.forecast.TimeReader;
import s4j.io.Json;
import s4j.io.ModelFile;
import s4j.predict.Spotter;
import s4j.predict.SpotterOptions;
import s4j.stream.ModelOptions;

/** What stands behind the panels for tables and for the microphone. */
final class PanelsTest {
    @TempDir
    Path tmp;

    /** Days of one or two series. */
    static String days(String... ids) {
        StringBuilder out = new StringBuilder("unique_id,ds,y\n");
        for (String id : ids) {
            for (int t = 0; t < 30; t++) {
                out.append(id).append(',').append(java.time.LocalDate.of(2024, 1, 1).plusDays(t)).append(',')
                        .append((float) Math.sin(t + id.length())).append('\n');
            }
        }
        return out.toString();
    }

    @Test
    void aPostedTableIsForecastAsTheCommandDoesIt() throws IOException {
        Path file = SeenModels.forecaster(tmp);
        Path table = Files.writeString(tmp.resolve("days.csv"), days("a", "bb"));
        ForecastModel model = ForecastModel.of(ModelFile.read(file), "days");
        List<Forecast> expected = model
                .forecast(TimeReader.read(table, model.options()), 6, new double[]{0.1, 0.5, 0.9}).forecasts();
        try (TestServer server = TestServer.of(List.of(file), ServerConfig.DEFAULTS)) {
            Map<?, ?> said = TestServer.json(server.post("/v1/models/days/forecast?horizon=6",
                    days("a", "bb").getBytes(StandardCharsets.UTF_8)));
            List<?> forecasts = (List<?>) TestServer.at(said, "forecasts");
            assertEquals(2, forecasts.size());
            for (int i = 0; i < 2; i++) {
                Map<?, ?> f = (Map<?, ?>) forecasts.get(i);
                assertEquals(expected.get(i).id(), f.get("id"));
                assertEquals("2024-01-31", ((List<?>) TestServer.at(f, "ds")).getFirst());
                List<?> mean = (List<?>) TestServer.at(f, "mean");
                Map<?, ?> quantiles = (Map<?, ?>) TestServer.at(f, "quantiles");
                for (int h = 0; h < 6; h++) {
                    assertEquals(expected.get(i).mean()[h], ((Number) mean.get(h)).doubleValue(), 1e-9);
                    assertEquals(expected.get(i).quantiles()[2][h],
                            ((Number) ((List<?>) TestServer.at(quantiles, "0.9")).get(h)).doubleValue(), 1e-9);
                }
            }
            for (String[] wrong : new String[][]{{"", "no rows"}, {"a,b\n1", ""}, {"\u001f\u008b0", ""},
                    {"unique_id,ds,y\na,never,1\n", ""}}) {
                HttpResponse<byte[]> r = server.post("/v1/models/days/forecast",
                        wrong[0].getBytes(StandardCharsets.ISO_8859_1));
                assertEquals(400, r.statusCode(), TestServer.text(r));
            }
            assertEquals(400, server.post("/v1/models/days/forecast?horizon=1e9", days("a").getBytes(
                    StandardCharsets.UTF_8)).statusCode());
        }
    }

    @Test
    void soundOverASocketIsHeardAsTheSpotterHearsIt() throws Exception {
        Path file = SeenModels.spotter(tmp);
        float[] sound = new float[SeenModels.RATE];
        for (int t = 0; t < sound.length; t++) {
            sound[t] = (float) Math.sin(t * (t < 4000 ? 0.2 : 1.3)) / 2;
        }
        Spotter spotter = Spotter.of(ModelFile.read(file), "words", SpotterOptions.DEFAULTS, ModelOptions.standard());
        Spotter.Stream alone = spotter.stream();
        float[][] last = new float[1][];
        alone.watch(p -> last[0] = p.clone());
        List<String> words = new ArrayList<>();
        alone.accept(sound, 0, sound.length, e -> words.add(e.word()));
        try (TestServer server = TestServer.of(List.of(file), ServerConfig.DEFAULTS);
                HttpClient client = HttpClient.newHttpClient()) {
            BlockingQueue<String> said = new LinkedBlockingQueue<>();
            WebSocket socket = client.newWebSocketBuilder().buildAsync(
                    URI.create(server.server.address().replace("http", "ws") + "/v1/models/words/listen"),
                    new Texts(said)).get(10, TimeUnit.SECONDS);
            assertTrue(next(said).containsValue(8000L), "the first message tells the rate");
            Map<?, ?> answer = Map.of();
            List<String> heard = new ArrayList<>();
            for (int at = 0; at < sound.length; at += 320) {
                ByteBuffer bytes = ByteBuffer.allocate(4 * 320).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(sound, at, 320);
                socket.sendBinary(bytes, true).get(10, TimeUnit.SECONDS);
                answer = next(said);
                ((List<?>) TestServer.at(answer, "heard"))
                        .forEach(w -> heard.add(String.valueOf(((Map<?, ?>) w).get("word"))));
            }
            List<?> probabilities = (List<?>) TestServer.at(answer, "probabilities");
            for (int c = 0; c < 3; c++) {
                assertEquals(last[0][c], ((Number) probabilities.get(c)).floatValue(), 1e-6);
            }
            assertEquals(words, heard);
            socket.sendBinary(ByteBuffer.allocate(3), true).get(10, TimeUnit.SECONDS);
            assertTrue(String.valueOf(next(said).get("error")).contains("float32"));
            socket.sendBinary(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(Float.NaN).flip(), true)
                    .get(10, TimeUnit.SECONDS);
            assertTrue(String.valueOf(next(said).get("error")).contains("a sample of NaN"));
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
        }
    }

    private static Map<?, ?> next(BlockingQueue<String> said) throws Exception {
        String text = java.util.Objects.requireNonNull(said.poll(10, TimeUnit.SECONDS), "no answer");
        return (Map<?, ?>) java.util.Objects.requireNonNull(Json.parse(text, "answer"));
    }

    /** Whole texts. */
    static final class Texts implements WebSocket.Listener {
        private final BlockingQueue<String> to;
        private final StringBuilder text = new StringBuilder();

        Texts(BlockingQueue<String> to) { this.to = to; }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                to.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }
    }
}
