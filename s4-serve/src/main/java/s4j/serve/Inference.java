package s4j.serve;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    /** Values of sequences in one batch of the network: more gain nothing and take memory. */
    private static final int TOGETHER = 1 << 20;

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
    Reply answer(Served served, Map<?, ?> json, ByteBuffer binary) {
        if (!(json.get("inputs") instanceof List<?> inputs) || inputs.size() != 1
                || !(inputs.getFirst() instanceof Map<?, ?> input)) {
            throw Problem.badRequest("expected inputs with one tensor, x");
        }
        Tensor x = Tensor.of(input, binary);
        Map<?, ?> parameters = json.get("parameters") instanceof Map<?, ?> p ? p : Map.of();
        Object sequence = parameters.get("sequence_id");
        boolean stream = sequence != null && !sequence.equals(0L) && !sequence.equals("");
        List<Reply.Output> outputs = stream
                ? steps(served, String.valueOf(sequence), parameters, x)
                : whole(served, x);
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("model_name", served.name());
        out.put("model_version", served.version());
        if (json.get("id") != null) {
            out.put("id", json.get("id"));
        }
        return Reply.of(json, out, outputs);
    }

    private List<Reply.Output> whole(Served served, Tensor x) {
        int d = served.width();
        int[] s = x.shape();
        boolean tokens = served.embeds();
        int sizes = tokens ? s.length : s.length - 1;
        if (sizes < 1 || sizes > 2 || (!tokens && s[s.length - 1] != d)) {
            throw Problem.badRequest("x has shape %s; expected %s".formatted(Arrays.toString(s),
                    tokens ? "[batch, steps]" : "[batch, steps, " + d + "]"));
        }
        int b = sizes == 2 ? s[0] : 1;
        int l = sizes == 2 ? s[1] : s[0];
        if (b < 1 || l < 1 || l > limits.steps()) {
            throw Problem.badRequest("%,d sequences of %,d steps; expected at least one of each, and %,d steps at most"
                    .formatted(b, l, limits.steps()));
        }
        List<float[]> series = new ArrayList<>();
        for (int i = 0; i < b; i++) {
            series.add(Arrays.copyOfRange(x.values(), i * l * d, (i + 1) * l * d));
        }
        return outputs(served, gathering(served).askAll(series).toArray(double[][]::new));
    }

    private Gathering<float[], double[]> gathering(Served served) {
        return gatherings.computeIfAbsent(served.model(),
                m -> new Gathering<>("infer-" + served.name(), limits, all -> compute(served, all)));
    }

    /** Those of one length together: to pad all to the longest would let one request cost as much as all others. */
    private static List<double[]> compute(Served served, List<float[]> series) {
        Map<Integer, List<Integer>> lengths = new TreeMap<>();
        for (int i = 0; i < series.size(); i++) {
            lengths.computeIfAbsent(series.get(i).length, n -> new ArrayList<>()).add(i);
        }
        double[][] out = new double[series.size()][];
        lengths.forEach((length, all) -> {
            int most = Math.max(1, TOGETHER / Math.max(1, length));
            for (int at = 0; at < all.size(); at += most) {
                List<Integer> some = all.subList(at, Math.min(all.size(), at + most));
                List<double[]> rows = rows(served, some.stream().map(series::get).toList());
                for (int i = 0; i < some.size(); i++) {
                    out[some.get(i)] = rows.get(i);
                }
            }
        });
        return Arrays.asList(out);
    }

    /** Of sequences of one length. */
    private static List<double[]> rows(Served served, List<float[]> series) {
        try {
            Predictor p = served.predictor();
            if (p != null) {
                return p.targets() instanceof TargetSpec.Values ? p.numbers(series) : p.probabilities(series);
            }
            int length = series.getFirst().length;
            float[] x = new float[series.size() * length];
            for (int i = 0; i < series.size(); i++) {
                System.arraycopy(series.get(i), 0, x, i * length, length);
            }
            float[] y = served.model().forward(
                    new SequenceBatch(series.size(), length / served.width(), served.width(), x));
            int each = y.length / series.size();
            List<double[]> out = new ArrayList<>();
            for (int i = 0; i < series.size(); i++) {
                double[] row = new double[each];
                for (int j = 0; j < each; j++) {
                    row[j] = y[i * each + j];
                }
                out.add(row);
            }
            return out;
        } catch (NotFiniteException | IllegalArgumentException e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private List<Reply.Output> outputs(Served served, double[][] rows) {
        List<Reply.Output> out = new ArrayList<>();
        List<String> classes = served.classes();
        int b = rows.length;
        if (classes != null) {
            out.add(Reply.Output.of("probabilities", "FP32", List.of(b, classes.size()), rows));
            out.add(new Reply.Output("class", "BYTES", List.of(b), best(classes, rows)));
        } else {
            out.add(Reply.Output.of(served.predictor() == null ? "y" : "values",
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

    private List<Reply.Output> steps(Served served, String sequence, Map<?, ?> parameters, Tensor x) {
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

    /** Forgets sequences whose streams have ended, as those do that nobody goes on with, and networks that were replaced. */
    void tidy(ModelShelf models) {
        sequences.values().removeIf(id -> !streams.holds(id));
        Gathering.forget(gatherings, models::holds);
    }

    @Override
    public void close() { gatherings.values().forEach(Gathering::close); }
}
