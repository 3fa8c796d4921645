package s4j.train.mlflow;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.io.AtomicFile;
import s4j.io.Json;
import s4j.train.config.RunConfig;
import s4j.train.run.MetricsLog;
import s4j.train.run.RunDirectory;
import s4j.train.run.RunException;

/**
 * One run of training as a run of an MLflow tracking server: its configuration as parameters, its metrics by step while they are
 * measured, its end as a status. {@code mlflow.json} in the run's directory keeps which one it is, so that a continued run goes on
 * in it: rows that the server lacks are sent.
 *
 * <p>Training waits for nothing of it: rows are sent by a thread of their own, those that fail with the next row again, so that values stand
 * there twice if an answer alone was lost. What was not
 * sent at the end stands in {@code metrics.jsonl} all the same.
 */
public final class MlflowRun implements AutoCloseable {
    /** How it ended. */
    public enum End {
        FINISHED, KILLED, FAILED
    }

    /** As many values as a request may have: 1,000 metrics, 100 parameters. */
    private static final int METRICS = 1000;
    private static final int PARAMETERS = 100;
    /** Characters of a parameter that every version takes. */
    private static final int LENGTH = 500;
    /** Values that wait for a server; with more it is given up until the run is continued. */
    private static final int WAITING = 100_000;

    private final MlflowServer server;
    private final String id;
    private final Consumer<String> out;
    private final Duration patience;
    /** The newest steps that the server had at the start: what was lost in a crash is trained again, and known there. */
    private final Map<String, Long> known;
    private final Deque<MlflowServer.Point> waiting = new ArrayDeque<>();
    private final ExecutorService sender = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name(
            "s4-mlflow").factory());
    private End end = End.FAILED;
    private boolean givenUp;
    private @Nullable String trouble;

    private MlflowRun(MlflowServer server, String id, Map<String, Long> known, Consumer<String> out,
            Duration patience) {
        this.known = known;
        this.server = server;
        this.id = id;
        this.out = out;
        this.patience = patience;
    }

    /**
     * Begins a run on the server, or goes on in the one that {@code mlflow.json} names; null: the configuration names no server.
     *
     * @param continued whether the run itself goes on; else it is a new one whatever lies in its directory
     * @param parameters the whole configuration, flat
     * @param environment may have MLflow's own credentials
     * @param out for people
     * @throws RunException when the server cannot be reached or refuses: before training
     */
    public static @Nullable MlflowRun begin(RunConfig config, RunDirectory directory, boolean continued,
            Map<String, String> parameters, Map<String, String> environment, Consumer<String> out)
            throws IOException {
        return begin(config, directory, continued, parameters, environment, out, Duration.ofSeconds(10));
    }

    static @Nullable MlflowRun begin(RunConfig config, RunDirectory directory, boolean continued,
            Map<String, String> parameters, Map<String, String> environment, Consumer<String> out, Duration patience)
            throws IOException {
        if (config.mlflow() == null) {
            return null;
        }
        String known = continued ? known(directory, config.mlflow()) : null;
        List<MetricsLog.Row> rows = MetricsLog.read(directory.metricsJsonl());
        MlflowRun run = on(new MlflowServer(config.mlflow(), patience, environment), known, config, directory,
                parameters, out, patience);
        try {
            AtomicFile.write(directory.mlflow(), Json.pretty(Map.of("server", MlflowServer.plain(config.mlflow()),
                    "run", run.id)) + "\n");
        } catch (IOException e) {
            run.close();
            throw e;
        }
        rows.forEach(run::row);
        out.accept("mlflow: " + config.mlflow() + ", run " + run.id);
        return run;
    }

    /** The server's side of a beginning; the server is closed where that fails. */
    private static MlflowRun on(MlflowServer server, @Nullable String known, RunConfig config, RunDirectory directory,
            Map<String, String> parameters, Consumer<String> out, Duration patience) {
        try {
            if (known == null) {
                return new MlflowRun(server, created(server, config, directory, parameters), Map.of(), out, patience);
            }
            Map<String, Long> steps = server.steps(known);
            server.status(known, "RUNNING", null);
            return new MlflowRun(server, known, steps, out, patience);
        } catch (IOException e) {
            server.close();
            throw new RunException(
                    "run.mlflow=%s; expected an MLflow tracking server that answers. Start it, or leave run.mlflow out"
                            .formatted(e.getMessage()),
                    e);
        }
    }

    private static String created(MlflowServer server, RunConfig config, RunDirectory directory,
            Map<String, String> parameters) throws IOException {
        String experiment = server.experiment(config.mlflowExperiment());
        String id = server.create(experiment, String.valueOf(directory.path().toAbsolutePath().getFileName()),
                System.currentTimeMillis(),
                Map.of("mlflow.source.name", "s4j", "mlflow.source.type", "LOCAL"));
        try {
            tell(server, id, parameters);
        } catch (IOException e) {
            try {
                server.status(id, End.FAILED.name(), System.currentTimeMillis());
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        return id;
    }

    private static void tell(MlflowServer server, String id, Map<String, String> parameters) throws IOException {
        Map<String, String> part = new LinkedHashMap<>();
        for (Map.Entry<String, String> e : parameters.entrySet()) {
            String value = e.getValue().replaceAll("^\"(.*)\"$", "$1");
            part.put(named(e.getKey()),
                    value.length() > LENGTH ? value.substring(0, LENGTH - 1) + "…" : value);
            if (part.size() == PARAMETERS) {
                server.parameters(id, part);
                part.clear();
            }
        }
        if (!part.isEmpty()) {
            server.parameters(id, part);
        }
    }

    private static @Nullable String known(RunDirectory directory, String address) throws IOException {
        if (!Files.exists(directory.mlflow())) {
            return null;
        }
        String file = directory.mlflow().toString();
        if (Json.parse(Files.readString(directory.mlflow()), file) instanceof Map<?, ?> map
                && map.get("server") instanceof String server && map.get("run") instanceof String run) {
            return server.equals(MlflowServer.plain(address)) ? run : null;
        }
        throw new RunException(file + ": expected {\"server\": …, \"run\": …}. Delete it, and a new run begins there");
    }

    /** With the characters that a name may have. */
    private static String named(String key) {
        return key.replaceAll("[^\\w./ -]", "_");
    }

    /** Sends a row, when it can. */
    public void row(MetricsLog.Row row) {
        long now = System.currentTimeMillis();
        synchronized (waiting) {
            row.tagged().forEach((key, value) -> {
                String name = named(key);
                if (Double.isFinite(value) && row.step() > known.getOrDefault(name, -1L)) {
                    waiting.add(new MlflowServer.Point(name, value, now, row.step()));
                }
            });
            if (waiting.size() > WAITING && !givenUp) {
                givenUp = true;
                out.accept("mlflow: more than %,d values wait for the server (%s); it is asked no more".formatted(
                        WAITING, trouble));
                waiting.clear();
            }
            if (givenUp) {
                waiting.clear();
                return;
            }
        }
        sender.execute(this::send);
    }

    private void send() {
        for (List<MlflowServer.Point> part = first(); !part.isEmpty(); part = first()) {
            try {
                server.points(id, part);
            } catch (IOException e) {
                failed(e);
                return;
            }
            synchronized (waiting) {
                for (int i = 0; i < part.size() && !waiting.isEmpty(); i++) {
                    waiting.remove();
                }
                trouble = null;
            }
        }
    }

    private List<MlflowServer.Point> first() {
        synchronized (waiting) {
            return new ArrayList<>(waiting.stream().limit(METRICS).toList());
        }
    }

    private void failed(IOException e) {
        synchronized (waiting) {
            if (trouble == null) {
                out.accept("mlflow: " + e.getMessage() + "; training goes on, the values are sent again later");
            }
            trouble = String.valueOf(e.getMessage());
        }
    }

    /** How it ends when it is closed; without this it has failed. */
    public void ended(End how) { end = how; }

    @Override
    public void close() {
        sender.execute(this::send);
        sender.execute(() -> {
            try {
                server.status(id, end.name(), System.currentTimeMillis());
            } catch (IOException e) {
                failed(e);
            }
        });
        sender.shutdown();
        try {
            if (!sender.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                sender.shutdownNow();
            }
        } catch (InterruptedException e) {
            sender.shutdownNow();
            Thread.currentThread().interrupt();
        }
        server.close();
        int left;
        synchronized (waiting) {
            left = waiting.size();
        }
        if (left > 0 || givenUp) {
            out.accept("mlflow: %s values were not sent; they stand in metrics.jsonl, and a continued run sends them"
                    .formatted(givenUp ? "many" : left));
        }
    }
}
