package s4j.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import s4j.testkit.Talk;

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
                Talk talk = server.talk("/v1/models/words/listen")) {
            assertTrue(next(talk).containsValue(8000L), "the first message tells the rate");
            Map<?, ?> answer = Map.of();
            List<String> heard = new ArrayList<>();
            for (int at = 0; at < sound.length; at += 320) {
                talk.say(java.util.Arrays.copyOfRange(sound, at, at + 320));
                answer = next(talk);
                ((List<?>) TestServer.at(answer, "heard"))
                        .forEach(w -> heard.add(String.valueOf(((Map<?, ?>) w).get("word"))));
            }
            List<?> probabilities = (List<?>) TestServer.at(answer, "probabilities");
            for (int c = 0; c < 3; c++) {
                assertEquals(last[0][c], ((Number) probabilities.get(c)).floatValue(), 1e-6);
            }
            assertEquals(words, heard);
            talk.say(new byte[3]);
            assertTrue(String.valueOf(next(talk).get("error")).contains("float32"));
            talk.say(Float.NaN);
            assertTrue(String.valueOf(next(talk).get("error")).contains("a sample of NaN"));
            talk.end();
        }
    }

    private static Map<?, ?> next(Talk talk) throws Exception {
        return (Map<?, ?>) java.util.Objects.requireNonNull(Json.parse(talk.text(), "answer"));
    }
}
