package s4j.serve;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All paths and what they answer. */
final class Api {
    private static final HeaderName REQUEST_ID = HeaderNames.create("X-Request-Id");
    private static final String BYTES = "application/octet-stream";
    private static final int SECOND = 1;
    private static final int DEFAULT_TOKENS = 200;

    private final ModelShelf models;
    private final OpenStreams streams;
    private final Stepping stepping;
    private final Inference inference;
    private final Generation generation;
    private final Meters meters;
    private final Guard guard;
    private final ServerConfig.Limits limits;
    private final ServerLog log;
    private final List<Route> routes = new ArrayList<>();
    private volatile boolean ready = true;

    /** What the paths stand on. */
    record Parts(ModelShelf models, OpenStreams streams, Stepping stepping, Inference inference, Generation generation,
            Meters meters, Guard guard) {}

    Api(Parts parts, ServerConfig.Limits limits, ServerLog log) {
        this.models = parts.models;
        this.streams = parts.streams;
        this.stepping = parts.stepping;
        this.inference = parts.inference;
        this.generation = parts.generation;
        this.meters = parts.meters;
        this.guard = parts.guard;
        this.limits = limits;
        this.log = log;
        protocol();
        streaming();
        generating();
    }

    /** No longer ready: those who balance load send nothing more. */
    void drain() { ready = false; }

    private void protocol() {
        // the protocol's own example calls readiness live, so both keys are there
        open("GET", "/v2/health/live", "Whether the server lives", (q, r) -> Answers.json(r, Map.of("live", true)));
        open("GET", "/v2/health/ready", "Whether it takes requests", (q, r) -> {
            r.status(ready ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
            Answers.json(r, Map.of("ready", ready, "live", true));
        });
        add("GET", "/v2", "Server metadata", (q, r) -> Answers.json(r,
                Map.of("name", "s4j", "version", s4j.io.Version.current(), "extensions",
                        List.of("binary_tensor_data", "sequence",
                                "sequence(string_id)", "generate"))));
        for (String version : List.of("", "/versions/{version}")) {
            String path = "/v2/models/{name}" + version;
            add("GET", path, "Model metadata", (q, r) -> Answers.json(r, model(q).metadata()));
            add("GET", path + "/ready", "Whether the model takes requests", (q, r) -> {
                model(q);
                Answers.json(r, Map.of("ready", ready));
            });
            add("POST", path + "/infer",
                    "Predictions of whole sequences, or with sequence_id the next steps of a stream",
                    this::infer);
            add("POST", path + "/generate", "Text that goes on from text_input", (q, r) -> {
                Map<?, ?> json = Answers.object(body(q));
                Answers.json(r,
                        Map.of("model_name", model(q).name(), "model_version", model(q).version(), "text_output",
                                generation.text(model(q), asked(json))));
            });
            add("POST", path + "/generate_stream", "The same as server-sent events", (q, r) -> {
                Map<?, ?> json = Answers.object(body(q));
                Generation.Asked asked = asked(json);
                Answers.stream(r, "text/event-stream; charset=utf-8", out -> generation.events(model(q), asked, out));
            });
        }
        add("GET", "/metrics", "Metrics for Prometheus", (q, r) -> {
            r.header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            r.send(meters.scrape().getBytes(StandardCharsets.UTF_8));
        });
        open("GET", "/openapi.json", "This description", (q, r) -> Answers.json(r, OpenApi.of(routes)));
    }

    private void streaming() {
        add("GET", "/v1/models", "All models, for people and pages",
                (q, r) -> Answers.json(r, Map.of("models", models.all().stream().map(Served::card).toList())));
        add("POST", "/v1/models/{name}/streams",
                "Opens a stream; with a body of bytes one that goes on from a snapshot", (q, r) -> {
                    byte[] snapshot = body(q);
                    OpenStream s = streams.begin(model(q), snapshot.length == 0 ? null : snapshot);
                    r.status(Status.CREATED_201);
                    Answers.json(r, Map.of("stream", s.id, "model", s.served.name(), "steps", s.state.steps()));
                });
        add("POST", "/v1/streams/{id}/steps",
                "Takes values [[...], ...], one or many steps, and says what the model says after each",
                (q, r) -> {
                    Object values = Answers.object(body(q)).get("values");
                    float[] x = Values.of(values);
                    Answers.json(r, Map.of("outputs", Values.list(stepping.next(id(q), x))));
                });
        add("GET", "/v1/streams/{id}/snapshot", "The stream's state as bytes",
                (q, r) -> {
                    byte[] state = streams.with(id(q), s -> s.state.snapshot());
                    r.header("Content-Type", BYTES);
                    r.send(state);
                });
        add("DELETE", "/v1/streams/{id}", "Ends the stream", (q, r) -> {
            streams.end(id(q));
            r.status(Status.NO_CONTENT_204).send();
        });
    }

    private void generating() {
        Forecasts forecasts = new Forecasts();
        add("POST", "/v1/models/{name}/forecast", "Forecasts of a table of separated values: horizon",
                (q, r) -> Answers.json(r, forecasts.of(model(q), body(q), (int) number(q, "horizon", 0))));
        add("GET", "/v1/models/{name}/sound", "Sound as a wav while it is generated: seconds, seed, temperature",
                (q, r) -> {
                    Served served = model(q);
                    if (served.tokens() == null || served.tokens().audio() == null) {
                        throw Problem.badRequest("model " + served.name() + " generates no sound");
                    }
                    double seconds = number(q, "seconds", SECOND);
                    Map<String, Object> p = Map.of("max_tokens", seconds * served.tokens().audio().sampleRate(), "seed",
                            number(q, "seed", 0), "temperature", number(q, "temperature", 1));
                    Generation.Asked asked = Generation.Asked.of(p, "", 1);
                    Answers.stream(r, "audio/wav", out -> generation.sound(served, asked, out));
                });
    }

    private static double number(ServerRequest q, String key, double other) {
        String text = q.query().first(key).orElse("");
        try {
            double value = text.isEmpty() ? other : Double.parseDouble(text);
            if (!Double.isFinite(value)) {
                throw new NumberFormatException();
            }
            return value;
        } catch (NumberFormatException e) {
            throw Problem.badRequest(key + "=" + s4j.io.Shown.text(text) + "; expected a number");
        }
    }

    private Generation.Asked asked(Map<?, ?> json) {
        if (!(json.get("text_input") instanceof String prompt)) {
            throw Problem.badRequest("expected text_input, a text");
        }
        return Generation.Asked.of(json.get("parameters") instanceof Map<?, ?> p ? p : Map.of(), prompt,
                DEFAULT_TOKENS);
    }

    private void infer(ServerRequest q, ServerResponse r) throws IOException {
        byte[] body = body(q);
        String length = q.headers().first(HeaderNames.create("Inference-Header-Content-Length")).orElse("");
        int json = body.length;
        if (!length.isEmpty()) {
            json = length.matches("\\d{1,9}") ? Integer.parseInt(length) : -1;
            if (json < 0 || json > body.length) {
                throw Problem.badRequest("Inference-Header-Content-Length %s; expected 0 to the %,d bytes of the body"
                        .formatted(s4j.io.Shown.text(length), body.length));
            }
        }
        ByteBuffer binary = ByteBuffer.wrap(body, json, body.length - json);
        Reply reply = inference.answer(model(q), Answers.object(java.util.Arrays.copyOf(body, json)), binary);
        if (reply.binary().length == 0) {
            Answers.json(r, reply.json());
            return;
        }
        r.header("Content-Type", BYTES);
        r.header("Inference-Header-Content-Length", String.valueOf(reply.json().length));
        r.send(ByteBuffer.allocate(reply.json().length + reply.binary().length).put(reply.json()).put(reply.binary())
                .array());
    }

    private Served model(ServerRequest q) {
        String name = q.path().pathParameters().get("name");
        return q.path().pathParameters().first("version").map(v -> models.get(name, v))
                .orElseGet(() -> models.get(name));
    }

    private static String id(ServerRequest q) { return q.path().pathParameters().get("id"); }

    private byte[] body(ServerRequest q) throws IOException { return Answers.body(q, limits.body()); }

    private void open(String method, String path, String summary, Route.Answer answer) {
        routes.add(new Route(method, path, summary, answer));
    }

    private void add(String method, String path, String summary, Route.Answer answer) {
        routes.add(new Route(method, path, summary, (q, r) -> {
            guard.check(q.headers(), q.query().first("token").orElse(null));
            answer.to(q, r);
        }));
    }

    /** Gives all paths to the server. */
    void install(HttpRouting.Builder routing) {
        routing.addFilter((chain, q, r) -> bound(chain, q));
        for (Route route : routes) {
            routing.route(io.helidon.http.Method.create(route.method()), route.path(), (q, r) -> answer(route, q, r));
        }
        Page.install(routing);
        routing.any((q, r) -> Answers.fail(r, Problem.notFound("no such path; see /openapi.json")));
    }

    /** Whatever is asked: a request without a body is whole, and the line is quiet once it is answered. */
    private static void bound(io.helidon.webserver.http.FilterChain chain, ServerRequest q) {
        Line line = Line.current();
        if (!q.content().hasEntity()) {
            line.working();
        }
        try {
            chain.proceed();
        } finally {
            line.answered();
        }
    }

    private void answer(Route route, ServerRequest q, ServerResponse r) {
        long start = System.nanoTime();
        String id = requestId(q);
        r.header(REQUEST_ID, id);
        try {
            route.answer().to(q, r);
        } catch (Problem e) {
            Answers.fail(r, e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            Answers.fail(r, Problem.badRequest(String.valueOf(e.getMessage())));
        } catch (OutOfMemoryError e) {
            Answers.fail(r, Problem.tooLarge("not enough memory for this request"));
        } catch (Exception e) {
            log.tell("error", "error at " + route.path() + ": " + e.getClass().getName(), "request", id, "at",
                    String.valueOf(e.getStackTrace().length == 0 ? "" : e.getStackTrace()[0]));
            Answers.fail(r, Problem.unavailable("the server failed: " + e.getClass().getSimpleName()));
        } finally {
            long nanos = System.nanoTime() - start;
            meters.answered(route.path(), r.status().code(), nanos);
            log.tell("request", "", "request", id, "method", route.method(), "route", route.path(), "status",
                    r.status().code(), "ms", nanos / 1e6, "bytes", q.headers().contentLength().orElse(-1), "client",
                    Line.current().client());
        }
    }

    /** The client's own, where it gave one that can be shown, else a new one. */
    private static String requestId(ServerRequest q) {
        return q.headers().first(REQUEST_ID).filter(id -> id.matches("[A-Za-z0-9._-]{1,64}")).orElseGet(StreamId::next);
    }
}
