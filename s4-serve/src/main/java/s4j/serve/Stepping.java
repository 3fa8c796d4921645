package s4j.serve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import s4j.stream.NotFiniteException;
import s4j.stream.S4Model;
import s4j.stream.StreamState;

/**
 * Steps of streams: a single value is computed together with those of other streams of the same network, several at once in one
 * piece. Both have the bits of steps one by one.
 */
final class Stepping implements AutoCloseable {
    private final OpenStreams streams;
    private final ServerConfig.Limits limits;
    private final Meters meters;
    private final Map<S4Model, Gathering<Step, Object>> gatherings = new ConcurrentHashMap<>();

    private record Step(StreamState state, float[] x) {}

    Stepping(OpenStreams streams, ServerConfig.Limits limits, Meters meters) {
        this.streams = streams;
        this.meters = meters;
        this.limits = limits;
    }

    /**
     * The next steps of a stream.
     *
     * @param values raw {@code [n, d]}
     * @return what the model says after each, {@code [n][outputs]}
     */
    double[][] next(String id, float[] values) {
        return streams.with(id, s -> {
            int width = s.served.width();
            if (values.length == 0 || values.length % width != 0 || values.length / width > limits.steps()) {
                throw Problem
                        .badRequest("%,d values; expected steps of %d, 1 to %,d of them".formatted(values.length, width,
                                limits.steps()));
            }
            Reading reading = Reading.of(s.served);
            float[] x = reading.seen(values);
            long first = s.state.steps();
            float[] y;
            try {
                y = x.length == width ? together(s, x) : s.served.model().forwardChunk(s.state, x);
            } catch (NotFiniteException e) {
                throw streams.lost(s, Problem.conflict(String.valueOf(e.getMessage())));
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw moved(s, first, Problem.badRequest(String.valueOf(e.getMessage())));
            } catch (OutOfMemoryError e) {
                throw moved(s, first, Problem.tooLarge("not enough memory for these steps"));
            }
            streams.taken(s, first, x);
            meters.steps(s.served.name(), x.length / width);
            return reading.said(y);
        });
    }

    /** A failure that left the state as it was, or else the end of the stream: nothing tells what it holds now. */
    private Problem moved(OpenStream s, long first, Problem why) {
        return s.state.steps() == first ? why : streams.lost(s, why);
    }

    /** A step that is answered too late may still be computed: then the stream would be ahead of what is kept of it. */
    private float[] together(OpenStream s, float[] x) {
        try {
            return gathered(s, x, () -> s.uncertain = true);
        } catch (Problem e) {
            throw s.uncertain ? streams.lost(s, e) : e;
        }
    }

    private float[] gathered(OpenStream s, float[] x, Runnable abandoned) {
        Object answer = gatherings
                .computeIfAbsent(s.served.model(), m -> new Gathering<>("steps-" + s.served.name(), limits,
                        steps -> step(m, steps)))
                .ask(new Step(s.state, x), abandoned);
        if (answer instanceof RuntimeException e) {
            throw e;
        }
        if (answer instanceof OutOfMemoryError e) {
            throw e;
        }
        return (float[]) answer;
    }

    /** One step of each; a stream's own failure is its own answer. */
    private static List<Object> step(S4Model model, List<Step> steps) {
        int in = model.dInput();
        int out = model.dOutput();
        float[] x = new float[steps.size() * in];
        float[] y = new float[steps.size() * out];
        long[] before = new long[steps.size()];
        for (int i = 0; i < before.length; i++) {
            System.arraycopy(steps.get(i).x, 0, x, i * in, in);
            before[i] = steps.get(i).state.steps();
        }
        Throwable failure = null;
        try {
            model.step(steps.stream().map(Step::state).toList(), x, y);
        } catch (RuntimeException | OutOfMemoryError e) {
            failure = e;
        }
        List<Object> answers = new ArrayList<>();
        for (int i = 0; i < before.length; i++) {
            Step s = steps.get(i);
            boolean moved = s.state.steps() > before[i];
            float[] own = Arrays.copyOfRange(y, i * out, (i + 1) * out);
            answers.add(failure == null || (moved && finite(own)) ? own : moved ? failure : alone(model, s));
        }
        return answers;
    }

    private static Object alone(S4Model model, Step s) {
        try {
            float[] y = new float[model.dOutput()];
            model.step(s.state, s.x, y);
            return y;
        } catch (RuntimeException | OutOfMemoryError e) {
            return e;
        }
    }

    private static boolean finite(float[] y) {
        for (float v : y) {
            if (!Float.isFinite(v)) {
                return false;
            }
        }
        return true;
    }

    /** Forgets networks that were replaced, once no stream goes on with them. */
    void tidy(ModelShelf models) {
        Gathering.forget(gatherings, m -> models.holds(m) || streams.use(m));
    }

    @Override
    public void close() { gatherings.values().forEach(Gathering::close); }
}
