package s4j.flink.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.ArrayList;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.flink.BadReading;
import s4j.flink.Gap;

/** The job on the embedded cluster, from files and from a socket. */
final class SensorsTest {
    private static final Path EXCERPT = Path.of("src/test/resources/nab");

    @TempDir
    Path tmp = Path.of("");

    @Test
    void aFolderOfTheBenchmarkBecomesATableAPageAndAllScores() throws Exception {
        List<Result> results = Sensors.nab(EXCERPT, Sensors.model(null), tmp);
        assertEquals(1, results.size());
        Result r = results.getFirst();
        assertEquals("ec2_network_in_257a54", r.name());
        assertEquals(1900 - 285, r.rows(), "15 % are only looked at");
        assertEquals(1, r.windows());
        assertTrue(r.error() < 0.9 * r.naive(), "the forecast is better than the last value: " + r);
        assertEquals(Result.HEADER + "\n" + r.csv() + "\n", Files.readString(tmp.resolve("results.csv")));
        List<String> scores = Files.readAllLines(tmp.resolve("scores.csv"));
        assertEquals(1901, scores.size(), "a line each, none lost");
        assertTrue(scores.get(1).startsWith("ec2_network_in_257a54,2014-04-10 00:04:00,251643.0,,0.000,0,"),
                scores.get(1));
        for (String line : scores.subList(1, 286)) {
            assertTrue(line.contains(",0.000,0,0.000,0"), "no alarm in the probation: " + line);
        }
        String page = Files.readString(tmp.resolve("index.html"));
        assertTrue(page.contains("<td>ec2_network_in_257a54<td>1<td>") && page.contains("<polyline"),
                page.substring(0, 500));
    }

    @Test
    void forecastsAreThoseOfAPlainLoopAndLabelsAreNotLookedAt() throws Exception {
        NabSeries s = NabSeries.all(EXCERPT).getFirst();
        Probation probation = new Probation(Map.of(s.name(), s.probation()), 0);
        List<Double> expected = Plain.forecasts(s.measurements(), probation);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(Sensors.configuration());
        List<Scored> scored = new ArrayList<>();
        SensorJob.of(env.fromData(s.lines().toList()), Sensors.model(null), probation, key -> Gap.NONE).scored()
                .executeAndCollect().forEachRemaining(scored::add);
        assertEquals(expected.size(), scored.size());
        assertTrue(Double.isNaN(scored.getFirst().forecast()), "nothing is known of the first value");
        for (int i = 1; i < scored.size(); i++) {
            assertEquals(expected.get(i), scored.get(i).forecast(), 1e-5 * Math.abs(expected.get(i)), "row " + i);
            assertEquals(s.measurements().get(i).time(), scored.get(i).time());
        }
    }

    @Test
    void fromASocketWhatIsNoMeasurementGoesToTheSideOutputAndTheRestGoesOn() throws Exception {
        List<String> lines = new ArrayList<>(
                IntStream.range(0, 60).mapToObj(i -> "pump," + 1000 * i + "," + Math.sin(i / 3.0))
                        .toList());
        lines.add(10, "pump,yesterday,1");
        lines.add(20, "pump," + 18_500 + ",");
        lines.add(30, "pump,5,1");
        lines.add(40, "no line");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> send(server, lines));
            StreamExecutionEnvironment env = StreamExecutionEnvironment
                    .getExecutionEnvironment(Sensors.configuration());
            SensorJob job = SensorJob.of(env.socketTextStream("127.0.0.1", server.getLocalPort()), Sensors.model(null),
                    new Probation(Map.of(), 30), key -> Gap.NONE);
            CloseableIterator<Scored> scores = job.scored().collectAsync();
            CloseableIterator<BadReading> bad = job.bad().collectAsync();
            env.executeAsync();
            List<Scored> scored = new ArrayList<>();
            scores.forEachRemaining(scored::add);
            List<String> reasons = new ArrayList<>();
            bad.forEachRemaining(b -> reasons.add(b.reason()));
            assertEquals(60, scored.size());
            List<Measurement> good = IntStream.range(0, 60).mapToObj(i -> new Measurement("pump", 1000L * i, Math.sin(i
                    / 3.0))).toList();
            List<Double> expected = Plain.forecasts(good, new Probation(Map.of(), 30));
            for (int i = 1; i < 60; i++) {
                assertEquals(expected.get(i), scored.get(i).forecast(), 1e-5, "row " + i);
            }
            assertEquals(List.of("got 'no line'; expected sensor,time,value",
                    "got 'pump,yesterday,1'; expected sensor,time,value with a time like 2014-07-01 00:30:00 and a number",
                    "late: it is older than the reading before it", "value 1 is NaN; expected a finite number"),
                    reasons
                            .stream().sorted().toList());
        }
    }

    private static void send(ServerSocket server, List<String> lines) {
        try (var client = server.accept(); OutputStream out = client.getOutputStream()) {
            out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void wrongWordsFoldersAndFilesAreRefusedWithWhatWasExpected() throws IOException {
        String word = String.valueOf(assertThrows(IllegalArgumentException.class, () -> Sensors.run("--nap", "x"))
                .getMessage());
        assertTrue(word.startsWith("got --nap; expected --nab FOLDER"), word);
        assertThrows(IllegalArgumentException.class, () -> Sensors.run("--nab"));
        assertThrows(IllegalArgumentException.class, () -> Sensors.run("--kafka", "x:1"));
        assertThrows(IllegalArgumentException.class, () -> Sensors.run("--socket", "9999"));
        String none = String.valueOf(assertThrows(IOException.class, () -> Sensors.run("--nab", tmp.toString()))
                .getMessage());
        assertTrue(none.contains("expected a folder of the Numenta Anomaly Benchmark's data"), none);
        Files.createDirectories(tmp.resolve("a"));
        Files.writeString(tmp.resolve("combined_windows.json"), "{\"a/b.csv\": []}");
        Files.writeString(tmp.resolve("a/b.csv"), "timestamp,value\n2014-01-01 00:00:00,1\n2014-01-01 00:05:00,x\n");
        String line = String.valueOf(assertThrows(IOException.class, () -> NabSeries.all(tmp)).getMessage());
        assertTrue(line.contains("b.csv, line 3: got 'b,2014-01-01 00:05:00,x'"), line);
    }

    @Test
    void trainingWindowsEndWhereTheThresholdsBegin() throws Exception {
        Path out = tmp.resolve("windows.csv");
        Sensors.run("--windows", EXCERPT.toString(), "--out", out.toString());
        List<String> lines = Files.readAllLines(out);
        assertEquals(1 + 285 * 2 / 3 - 96, lines.size());
        assertEquals(97, lines.get(1).split(",").length);
        assertFalse(lines.get(1).contains("NaN"));
    }
}
