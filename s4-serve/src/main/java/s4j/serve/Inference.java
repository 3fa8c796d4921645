package s4j.serve;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import s4j.io.Shown;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.predict.Predictor;
import s4j.stream.NotFiniteException;
import s4j.stream.S4Model;

/**
 * Infer requests of the Open Inference Protocol, version 2: whole sequences x {@code [b, l, d]}, or {@code [l, d]} of one.
 * Sequences of requests that come at the same time are computed together. With {@code sequence_id} (Triton's sequence extension) a
 * request is the next steps of a stream.
 */
final class Inference implements AutoCloseable {
    private final ServerConfig.Limits limits;
    private final OpenStreams streams;
    private final Stepping stepping;
    private final Map<S4Model, Gathering<float[], double[]>> gatherings = new ConcurrentHashMap<>();
    private final Map<String, String> sequences = new ConcurrentHashMap<>();

    Inference(ServerConfig.Limits limits, OpenStreams streams, Stepping stepping) {
        this.limits = limits;
        this.streams = streams;
        this.stepping = stepping;
    }

    /**
     * Answers a request.
     *
     * @param json its JSON
     * @param binary the tensors behind it
     */
    Map<String, @Nullable Object> answer(Served served, Map<?, ?> json, ByteBuffer binary) {
        if (!(json.get("inputs") instanceof List<?> inputs) || inputs.size() != 1
                || !(inputs.getFirst() instanceof Map<?, ?> input)) {
            throw Problem.badRequest("expected inputs with one tensor, x");
        }
        Tensor x = Tensor.of(input, binary);
        Map<?, ?> parameters = json.get("parameters") instanceof Map<?, ?> p ? p : Map.of();
        Object sequence = parameters.get("sequence_id");
        boolean stream = sequence != null && !sequence.equals(0L) && !sequence.equals("");
        List<Object> outputs = stream
                ? steps(served, String.valueOf(sequence), parameters, x)
                : whole(served, x);
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("model_name", served.name());
        out.put("model_version", served.version());
        if (json.get("id") != null) {
            out.put("id", json.get("id"));
        }
        out.put("outputs", outputs);
        return out;
    }

    private List<Object> whole(Served served, Tensor x) {
        int d = served.width();
        int[] s = x.shape();
        boolean tokens = served.embeds();
        int sizes = tokens ? s.length : s.length - 1;
        if (sizes < 1 || sizes > 2 || (!tokens && s[s.length - 1] != d)) {
            throw Problem.badRequest("x has shape %s; expected %s".formatted(java.util.Arrays.toString(s),
                    tokens ? "[batch, steps]" : "[batch, steps, " + d + "]"));
        }
        int b = sizes == 2 ? s[0] : 1;
        int l = sizes == 2 ? s[1] : s[0];
        if (b < 1 || l < 1 || l > limits.steps()) {
            throw Problem.badRequest("%,d sequences of %,d steps; expected at least one of each, and %,d steps at most"
                    .formatted(b, l, limits.steps()));
        }
        List<double[]> rows = new ArrayList<>();
        for (int i = 0; i < b; i++) {
            rows.add(gathering(served).ask(java.util.Arrays.copyOfRange(x.values(), i * l * d, (i + 1) * l * d)));
        }
        return outputs(served, rows.toArray(double[][]::new));
    }

    private Gathering<float[], double[]> gathering(Served served) {
        return gatherings.computeIfAbsent(served.model(),
                m -> new Gathering<>("infer-" + served.name(), limits, all -> compute(served, all)));
    }

    private static List<double[]> compute(Served served, List<float[]> series) {
        try {
            Predictor p = served.predictor();
            if (p != null) {
                return p.targets() instanceof TargetSpec.Values ? p.numbers(series) : p.probabilities(series);
            }
            List<double[]> out = new ArrayList<>();
            for (float[] x : series) {
                float[] y = served.model()
                        .forward(new SequenceBatch(1, x.length / served.width(), served.width(), x));
                double[] row = new double[y.length];
                for (int i = 0; i < y.length; i++) {
                    row[i] = y[i];
                }
                out.add(row);
            }
            return out;
        } catch (NotFiniteException | IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private List<Object> outputs(Served served, double[][] rows) {
        List<Object> out = new ArrayList<>();
        List<String> classes = served.classes();
        int b = rows.length;
        if (classes != null) {
            out.add(Tensor.output("probabilities", "FP32", List.of(b, classes.size()), rows));
            out.add(Tensor.output("class", "BYTES", List.of(b), best(classes, rows)));
        } else {
            out.add(Tensor.output(served.predictor() == null ? "y" : "values",
                    served.predictor() == null ? "FP32" : "FP64",
                    List.of(b, b == 0 ? 0 : rows[0].length), rows));
        }
        return out;
    }

    private static List<String> best(List<String> classes, double[][] rows) {
        List<String> out = new ArrayList<>();
        for (double[] row : rows) {
            int best = 0;
            for (int c = 1; c < row.length; c++) {
                best = row[c] > row[best] ? c : best;
            }
            out.add(classes.get(best));
        }
        return out;
    }

    private List<Object> steps(Served served, String sequence, Map<?, ?> parameters, Tensor x) {
        String key = served.name() + "\0" + sequence;
        if (Boolean.TRUE.equals(parameters.get("sequence_start"))) {
            String before = sequences.remove(key);
            if (before != null && streams.holds(before)) {
                streams.end(before);
            }
            sequences.put(key, streams.beginBrief(served).id);
        }
        String id = sequences.get(key);
        if (id == null || !streams.holds(id)) {
            throw Problem.badRequest(
                    "sequence %s was not begun, or nobody went on with it for %d s; expected sequence_start with its first request"
                            .formatted(Shown.text(sequence), limits.idle().toSeconds()));
        }
        double[][] said = stepping.next(id, x.values());
        if (Boolean.TRUE.equals(parameters.get("sequence_end"))) {
            sequences.remove(key);
            streams.end(id);
        }
        return outputs(served, said);
    }

    /** Forgets sequences whose streams have ended, as those do that nobody goes on with. */
    void tidy() {
        sequences.values().removeIf(id -> !streams.holds(id));
    }

    @Override
    public void close() { gatherings.values().forEach(Gathering::close); }
}
