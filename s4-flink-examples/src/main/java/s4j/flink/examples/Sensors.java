package s4j.flink.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.jspecify.annotations.Nullable;
import s4j.flink.BadReading;
import s4j.flink.Gap;
import s4j.io.AtomicFile;

/**
 * The program.
 *
 * <pre>
 * --nab FOLDER [--out FOLDER]                      series of the benchmark with their labels: a table, a page, all scores
 * --socket HOST:PORT                               lines sensor,time,value from a socket (nc -lk 9999); scores to standard output
 * --kafka BROKERS --from TOPIC --to TOPIC          the same lines from and to Kafka
 * --windows FOLDER --out FILE                      what the model was trained on
 * --model FILE                                     another model than the one in the jar
 * </pre>
 */
public final class Sensors {
    private static final String USAGE = "expected --nab FOLDER [--out FOLDER], --socket HOST:PORT, or --kafka BROKERS --from TOPIC --to TOPIC";

    private Sensors() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        try {
            run(args);
        } catch (IllegalArgumentException | IOException e) {
            System.err.println("sensors: " + e.getMessage());
            System.exit(2);
        }
    }

    static void run(String... args) throws Exception {
        Map<String, String> options = options(args);
        String nab = options.get("--nab");
        String windows = options.get("--windows");
        if (windows != null) {
            AtomicFile.write(Path.of(options.getOrDefault("--out", "windows.csv")),
                    TrainingWindows.csv(NabSeries.all(Path
                            .of(windows))));
        } else if (nab != null) {
            Path out = Path.of(options.getOrDefault("--out", "sensors"));
            List<Result> results = nab(Path.of(nab), model(options.get("--model")), out);
            System.out.println(Result.HEADER);
            results.forEach(r -> System.out.println(r.csv()));
            System.out.println(out.resolve("index.html"));
        } else {
            live(options, model(options.get("--model")));
        }
    }

    private static Map<String, String> options(String... args) {
        List<String> known = List.of("--nab", "--out", "--socket", "--kafka", "--from", "--to", "--windows", "--model");
        Map<String, String> out = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!known.contains(args[i]) || i + 1 == args.length) {
                throw new IllegalArgumentException(
                        "got " + args[i] + (i + 1 == args.length ? " without a value" : "") + "; " + USAGE);
            }
            out.put(args[i], args[i + 1]);
        }
        return out;
    }

    /** A file, or the model in the jar. */
    static byte[] model(@Nullable String file) throws IOException {
        if (file != null) {
            return Files.readAllBytes(Path.of(file));
        }
        try (InputStream in = Sensors.class.getResourceAsStream("sensors.safetensors")) {
            if (in == null) {
                throw new IOException("the jar lacks sensors.safetensors");
            }
            return in.readAllBytes();
        }
    }

    /** Scores all series of a folder, and writes {@code results.csv}, {@code scores.csv} and {@code index.html}. */
    static List<Result> nab(Path folder, byte[] model, Path out) throws Exception {
        List<NabSeries> all = NabSeries.all(folder);
        Map<String, Integer> probation = new HashMap<>();
        Map<String, Gap> gaps = new HashMap<>();
        all.forEach(s -> {
            probation.put(s.name(), s.probation());
            gaps.put(s.name(), s.gap());
        });
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration());
        DataStream<String> lines = env.fromData(all.stream().flatMap(NabSeries::lines).toList(), Types.STRING);
        SensorJob job = SensorJob.of(lines, model, new Probation(probation, Probation.MOST),
                key -> gaps.getOrDefault(key,
                        Gap.NONE));
        CloseableIterator<Scored> scores = job.scored().collectAsync();
        CloseableIterator<BadReading> bad = job.bad().collectAsync();
        env.executeAsync("sensors");
        Map<String, List<Scored>> scored = new LinkedHashMap<>();
        all.forEach(s -> scored.put(s.name(), new ArrayList<>()));
        scores.forEachRemaining(s -> scored.getOrDefault(s.key(), new ArrayList<>()).add(s));
        bad.forEachRemaining(b -> System.err.println("sensors: " + b.key() + ": " + b.reason()));
        List<Result> results = all.stream().map(s -> Result.of(s, scored.getOrDefault(s.name(), List.of()))).toList();
        write(out, all, scored, results);
        return results;
    }

    private static void write(Path out, List<NabSeries> all, Map<String, List<Scored>> scored, List<Result> results)
            throws IOException {
        Files.createDirectories(out);
        StringBuilder table = new StringBuilder(Result.HEADER).append('\n');
        results.forEach(r -> table.append(r.csv()).append('\n'));
        AtomicFile.write(out.resolve("results.csv"), table.toString());
        StringBuilder lines = new StringBuilder(Lines.HEADER).append('\n');
        scored.values().forEach(list -> list.forEach(s -> lines.append(Lines.line(s)).append('\n')));
        AtomicFile.write(out.resolve("scores.csv"), lines.toString());
        AtomicFile.write(out.resolve("index.html"), Page.html(all, scored, results));
    }

    private static void live(Map<String, String> options, byte[] model) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration());
        String kafka = options.get("--kafka");
        String from = options.get("--from");
        String to = options.get("--to");
        String socket = options.get("--socket");
        if (kafka != null && from != null && to != null) {
            SensorJob job = SensorJob.of(KafkaLines.from(env, kafka, from), model,
                    new Probation(Map.of(), Probation.MOST),
                    key -> Gap.NONE);
            KafkaLines.to(job.scored().map(Lines::line).returns(Types.STRING), kafka, to);
            KafkaLines.to(job.bad().map(b -> b.key() + ": " + b.reason()).returns(Types.STRING), kafka, to + "-bad");
        } else if (socket != null && socket.matches(".+:\\d{1,5}")) {
            int colon = socket.lastIndexOf(':');
            DataStream<String> lines = env.socketTextStream(socket.substring(0, colon),
                    Integer.parseInt(socket.substring(
                            colon + 1)));
            SensorJob job = SensorJob.of(lines, model, new Probation(Map.of(), Probation.MOST), key -> Gap.NONE);
            job.scored().map(Lines::line).returns(Types.STRING).print();
            job.bad().map(b -> b.key() + ": " + b.reason()).returns(Types.STRING).printToErr();
        } else {
            throw new IllegalArgumentException("got " + options.keySet() + "; " + USAGE);
        }
        env.execute("sensors");
    }

    /** Checkpoints each ten seconds; no Kryo. */
    static Configuration configuration() {
        Configuration c = new Configuration();
        c.setString("execution.checkpointing.interval", "10 s");
        c.setString("execution.buffer-timeout.interval", "5 ms");
        c.setString("pipeline.generic-types", "false");
        return c;
    }
}
