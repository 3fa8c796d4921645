package s4j.train.mlflow;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.io.MalformedFileException;

/** An MLflow tracking server, by its REST API 2.0 (mlflow.org/docs/latest/rest-api.html). Each call ends within a time limit. */
final class MlflowServer implements AutoCloseable {
    private static final String API = "/api/2.0/mlflow/";
    private static final int OK = 200;
    private static final long MOST = 16L << 20;
    private static final int SHOWN = 200;

    private final String address;
    private final Duration limit;
    private final @Nullable String authorization;
    private final HttpClient client;

    /** Another answer than was asked for. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;
        private final String code;

        RefusedException(String message, String code) {
            super(message);
            this.code = code;
        }

        /** MLflow's own, e.g. {@code RESOURCE_DOES_NOT_EXIST}; empty: none. */
        String code() { return code; }
    }

    /**
     * A value of a metric.
     *
     * @param key e.g. {@code accuracy/val}
     * @param timestamp milliseconds since 1970
     */
    record Point(String key, double value, long timestamp, long step) {
        private Map<String, Object> json() {
            return Map.of("key", key, "value", value, "timestamp", timestamp, "step", step);
        }
    }

    /**
     * A server that is not asked yet.
     *
     * @param limit of each call
     * @param environment may have MLflow's own {@code MLFLOW_TRACKING_TOKEN}, or {@code …_USERNAME} and {@code …_PASSWORD}
     */
    MlflowServer(String address, Duration limit, Map<String, String> environment) {
        this.address = plain(address);
        this.limit = limit;
        String token = environment.get("MLFLOW_TRACKING_TOKEN");
        String user = environment.get("MLFLOW_TRACKING_USERNAME");
        String both = user + ":" + environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", "");
        this.authorization = token != null
                ? "Bearer " + token
                : user == null
                        ? null
                        : "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
        this.client = HttpClient.newBuilder().connectTimeout(limit).build();
    }

    /** An address as it is compared. */
    static String plain(String address) { return address.replaceAll("/+$", ""); }

    /** The experiment of a name, made where there is none. */
    String experiment(String name) throws IOException {
        try {
            return found(name);
        } catch (RefusedException e) {
            if (!e.code.equals("RESOURCE_DOES_NOT_EXIST")) {
                throw e;
            }
        }
        try {
            return text(call("experiments/create", Map.of("name", name)), "experiment_id");
        } catch (RefusedException e) {
            if (e.code.equals("RESOURCE_ALREADY_EXISTS")) { // another run was quicker
                return found(name);
            }
            throw e;
        }
    }

    private String found(String name) throws IOException {
        return text(call("experiments/get-by-name?experiment_name=" + encoded(name), null), "experiment",
                "experiment_id");
    }

    /** A new run and its id. */
    String create(String experiment, String name, long start, Map<String, String> tags) throws IOException {
        return text(call("runs/create", Map.of("experiment_id", experiment, "run_name", name, "start_time", start,
                "tags", pairs(tags))), "run", "info", "run_id");
    }

    /** The newest step of each metric that the server has of a run. */
    Map<String, Long> steps(String run) throws IOException {
        Map<String, Long> out = new LinkedHashMap<>();
        if (at(call("runs/get?run_id=" + encoded(run), null), "run", "data", "metrics") instanceof List<?> metrics) {
            for (Object metric : metrics) {
                if (metric instanceof Map<?, ?> m && m.get("key") instanceof String key) {
                    out.put(key, whole(m.get("step")));
                }
            }
        }
        return out;
    }

    /** Integers of 64 bits are numbers or text, as in JSON of Protocol Buffers. */
    private static long whole(@Nullable Object value) {
        try {
            return value instanceof Number n ? n.longValue() : Long.parseLong(String.valueOf(value));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    void parameters(String run, Map<String, String> parameters) throws IOException {
        call("runs/log-batch", Map.of("run_id", run, "params", pairs(parameters)));
    }

    void points(String run, List<Point> points) throws IOException {
        call("runs/log-batch", Map.of("run_id", run, "metrics", points.stream().map(Point::json).toList()));
    }

    /** @param end milliseconds since 1970; null: it goes on */
    void status(String run, String status, @Nullable Long end) throws IOException {
        Map<String, Object> body = new LinkedHashMap<>(Map.of("run_id", run, "status", status));
        if (end != null) {
            body.put("end_time", end);
        }
        call("runs/update", body);
    }

    private static List<Map<String, String>> pairs(Map<String, String> values) {
        List<Map<String, String>> out = new ArrayList<>();
        values.forEach((k, v) -> out.add(Map.of("key", k, "value", v)));
        return out;
    }

    private static String encoded(String text) { return URLEncoder.encode(text, StandardCharsets.UTF_8); }

    private static @Nullable Object at(@Nullable Object value, String... path) {
        Object here = value;
        for (String key : path) {
            here = here instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return here;
    }

    private String text(@Nullable Object answer, String... path) throws IOException {
        if (at(answer, path) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new RefusedException("%s: got %s; expected an answer with %s".formatted(address, shown(Json.print(
                answer)), String.join(".", path)), "");
    }

    private static String shown(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > SHOWN ? line.substring(0, SHOWN) + " …" : line;
    }

    /** GET without a body, else POST. */
    private @Nullable Object call(String path, @Nullable Map<String, ?> body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + API + path)).header("Content-Type",
                "application/json");
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        request = body == null ? request.GET() : request.POST(HttpRequest.BodyPublishers.ofString(Json.print(body)));
        HttpResponse<String> response = answer(request.build());
        Object json;
        try {
            json = Json.parse(response.body(), address);
        } catch (MalformedFileException e) {
            throw new RefusedException("%s: HTTP status %d with '%s'; expected an MLflow tracking server".formatted(
                    address, response.statusCode(), shown(response.body())), "");
        }
        if (response.statusCode() != OK) {
            String code = String.valueOf(at(json, "error_code"));
            throw new RefusedException("%s: HTTP status %d, %s: %s".formatted(address, response.statusCode(), code,
                    shown(String.valueOf(at(json, "message")))), code);
        }
        return json;
    }

    private HttpResponse<String> answer(HttpRequest request) throws IOException {
        CompletableFuture<HttpResponse<String>> answer = client.sendAsync(request, HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofString(), MOST));
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(address + ": no answer within " + limit.toMillis() / 1000.0 + " s", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException(address + ": interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(address + ": " + (cause.getMessage() == null
                    ? "cannot be reached"
                    : cause
                            .getMessage()),
                    cause);
        }
    }

    @Override
    public void close() { client.shutdownNow(); }
}
