package s4j.train.mlflow;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.train.config.RunConfig;
import s4j.train.run.RunDirectory;

/**
 * What MLflow's tracking server does of its REST API, as its documentation has it: metrics are only ever added, parameters never changed,
 * requests have limits. It can be made to fail in several ways.
 */
final class TrackingServer implements AutoCloseable {
    /** A run. */
    static final class Run {
        final Map<String, String> parameters = new TreeMap<>();
        final Map<String, String> tags = new TreeMap<>();
        final Map<String, List<String>> metrics = new TreeMap<>();
        final List<String> statuses = new CopyOnWriteArrayList<>();
        String name = "";
        String experiment = "";

        /** step=value of a metric, in the order of arrival. */
        List<String> metric(String key) {
            return metrics.getOrDefault(key, List.of());
        }
    }

    /** What it does instead of answering. */
    enum Trouble {
        NONE, ERROR, NOT_JSON, STALLED, FOREIGN
    }

    final Map<String, Run> runs = new ConcurrentHashMap<>();
    final Map<String, String> experiments = new ConcurrentHashMap<>();
    final List<String> authorizations = new CopyOnWriteArrayList<>();
    final List<Integer> sizes = new CopyOnWriteArrayList<>();
    volatile int most = 100;
    volatile Trouble trouble = Trouble.NONE;
    static final Duration SHORT = Duration.ofMillis(500);
    private final CountDownLatch end = new CountDownLatch(1);
    private final HttpServer server;

    TrackingServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String address() { return "http://127.0.0.1:" + server.getAddress().getPort(); }

    /** Goes on in the directory's run, or begins one. */
    MlflowRun begun(RunDirectory directory, Consumer<String> out, String... environment) throws IOException {
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < environment.length; i += 2) {
            variables.put(environment[i], environment[i + 1]);
        }
        MlflowRun run = MlflowRun.begin(new RunConfig(null, false, address() + "/", "s4j"), directory, true,
                Map.of(),
                variables, out, SHORT);
        assertNotNull(run);
        return run;
    }

    /** The only one. */
    Run run() { return runs.values().iterator().next(); }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        switch (trouble) {
            case ERROR -> send(exchange, 500, "{\"error_code\": \"INTERNAL_ERROR\", \"message\": \"no disk\"}");
            case NOT_JSON -> send(exchange, 502, "<html>Bad gateway</html>");
            case FOREIGN -> send(exchange, 200, "{\"status\": \"up\"}");
            case STALLED -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                exchange.close();
            }
            case NONE -> {
                try {
                    String path = exchange.getRequestURI().getPath().replaceFirst("^/api/2.0/mlflow/", "");
                    String query = exchange.getRequestURI().getRawQuery();
                    send(exchange, 200, Json.print(called(exchange.getRequestMethod() + " " + path, query, body)));
                } catch (Refusal e) {
                    send(exchange, e.status, Json.print(Map.of("error_code", e.code, "message", e.code)));
                }
            }
        }
    }

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1;
        final int status;
        final String code;

        Refusal(int status, String code) {
            super(code);
            this.status = status;
            this.code = code;
        }
    }

    private Object called(String what, @Nullable String query, String body) throws IOException {
        Map<?, ?> json = body.isEmpty()
                ? Map.of()
                : (Map<?, ?>) java.util.Objects.requireNonNull(Json.parse(body, "request"));
        String asked = query == null
                ? ""
                : URLDecoder.decode(query.replaceFirst("^[^=]*=", ""), StandardCharsets.UTF_8);
        return switch (what) {
            case "GET experiments/get-by-name" -> {
                if (!experiments.containsKey(asked)) {
                    throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST");
                }
                yield Map.of("experiment", Map.of("experiment_id", experiments.get(asked), "name", asked));
            }
            case "POST experiments/create" -> {
                String id = String.valueOf(experiments.size() + 1);
                if (experiments.putIfAbsent(String.valueOf(json.get("name")), id) != null) {
                    throw new Refusal(400, "RESOURCE_ALREADY_EXISTS");
                }
                yield Map.of("experiment_id", id);
            }
            case "POST runs/create" -> {
                Run run = new Run();
                run.name = String.valueOf(json.get("run_name"));
                run.experiment = String.valueOf(json.get("experiment_id"));
                run.statuses.add("RUNNING");
                pairs(json.get("tags")).forEach(run.tags::put);
                String id = "run" + (runs.size() + 1);
                runs.put(id, run);
                yield Map.of("run", Map.of("info", Map.of("run_id", id, "status", "RUNNING")));
            }
            case "GET runs/get" -> Map.of("run", Map.of("data", Map.of("metrics", newest(known(asked)))));
            case "POST runs/log-batch" -> {
                logged(known(json.get("run_id")), json);
                yield Map.of();
            }
            case "POST runs/update" -> {
                known(json.get("run_id")).statuses.add(String.valueOf(json.get("status")));
                yield Map.of();
            }
            default -> throw new Refusal(404, "ENDPOINT_NOT_FOUND");
        };
    }

    private Run known(@Nullable Object id) {
        Run run = runs.get(String.valueOf(id));
        if (run == null) {
            throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST");
        }
        return run;
    }

    /** Steps as text, as some versions write them. */
    private static List<Map<String, Object>> newest(Run run) {
        List<Map<String, Object>> out = new ArrayList<>();
        synchronized (run) {
            run.metrics.forEach((key, values) -> out.add(Map.of("key", key, "value", 0, "step", values.getLast()
                    .replaceFirst("=.*", ""))));
        }
        return out;
    }

    private void logged(Run run, Map<?, ?> json) {
        List<?> metrics = json.get("metrics") instanceof List<?> l ? l : List.of();
        Map<String, String> parameters = pairs(json.get("params"));
        sizes.add(metrics.size() + parameters.size());
        if (metrics.size() > 1000 || parameters.size() > most) {
            throw new Refusal(400, "INVALID_PARAMETER_VALUE");
        }
        synchronized (run) {
            parameters.forEach((k, v) -> {
                if (!k.matches("[\\w./ -]+") || v.length() > 500 || !v.equals(run.parameters.getOrDefault(k, v))) {
                    throw new Refusal(400, "INVALID_PARAMETER_VALUE");
                }
                run.parameters.put(k, v);
            });
            for (Object metric : metrics) {
                Map<?, ?> m = (Map<?, ?>) metric;
                if (!(m.get("timestamp") instanceof Number) || !(m.get("value") instanceof Number value)) {
                    throw new Refusal(400, "INVALID_PARAMETER_VALUE");
                }
                if (!String.valueOf(m.get("key")).matches("[\\w./ -]+")) {
                    throw new Refusal(400, "INVALID_PARAMETER_VALUE");
                }
                run.metrics.computeIfAbsent(String.valueOf(m.get("key")), k -> new ArrayList<>())
                        .add(m.get("step") + "=" + value.doubleValue());
            }
        }
    }

    private static Map<String, String> pairs(@Nullable Object list) {
        Map<String, String> out = new LinkedHashMap<>();
        if (list instanceof List<?> all) {
            all.forEach(p -> out.put(String.valueOf(((Map<?, ?>) p).get("key")), String.valueOf(((Map<?, ?>) p).get(
                    "value"))));
        }
        return out;
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
    }
}
