package s4j.spark;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.SafeTensors;
import s4j.kernel.Backend;
import s4j.model.Outputs;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.predict.Predictor;
import s4j.stream.ModelOptions;
import s4j.stream.NotFiniteException;
import s4j.stream.S4Model;

/**
 * A model that is loaded once for all tasks of a JVM, and scores series.
 *
 * @param predictor of the model file
 */
record Scorer(Predictor predictor) {
    private static final Map<ByteBuffer, Scorer> LOADED = new ConcurrentHashMap<>();

    /** What a series gives: values, and the class they name; or why it gives nothing. */
    record Score(double @Nullable [] values, @Nullable String name, @Nullable String error) {
        static Score bad(String why) { return new Score(null, null, why); }
    }

    /** Of a model file's bytes: one thread each, as an executor runs as many tasks as it has cores. */
    static Scorer of(byte[] file) {
        return LOADED.computeIfAbsent(ByteBuffer.wrap(file).asReadOnlyBuffer(), _ -> load(file));
    }

    private static Scorer load(byte[] file) {
        try {
            return new Scorer(Predictor.of(ModelFile.of(SafeTensors.fromBytes(file, "the model"), "the model"),
                    "the model", new ModelOptions(Backend.best(), 1, 1)));
        } catch (MalformedFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Whether values are probabilities of classes. */
    boolean classifies() {
        return predictor.targets() instanceof TargetSpec.Classes;
    }

    /** Scores several series, each {@code [l, d]} or null; those that are none say why. */
    List<Score> scores(List<float @Nullable []> series) {
        Score[] out = new Score[series.size()];
        List<float[]> good = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < out.length; i++) {
            float[] one = series.get(i);
            String fault = fault(one);
            if (one != null && fault == null) {
                good.add(one);
                places.add(i);
            } else {
                out[i] = Score.bad(String.valueOf(fault));
            }
        }
        List<Score> scored = good.isEmpty() ? List.of() : together(good);
        for (int i = 0; i < scored.size(); i++) {
            out[places.get(i)] = scored.get(i);
        }
        return List.of(out);
    }

    /** One that the network refuses, e.g. as its values are too large, does not spoil those beside it. */
    private List<Score> together(List<float[]> series) {
        try {
            return (classifies() ? predictor.probabilities(series) : predictor.numbers(series)).stream()
                    .map(v -> new Score(
                            v, classifies() ? predictor.ranked(v).getFirst().name() : null, null))
                    .toList();
        } catch (IllegalArgumentException | NotFiniteException e) {
            return series.size() == 1
                    ? List.of(Score.bad(String.valueOf(e.getMessage())))
                    : series.stream().map(one -> together(List.of(one)).getFirst()).toList();
        }
    }

    /** Why the model says nothing at each step; null: it does. */
    @Nullable
    String stepRefusal() { return predictor.model().perStep() ? null : predictor.model().streamingRefusal(); }

    /** What the model says after each step of a series; where it is none, why, at each. */
    List<Score> steps(float[] series, int steps) {
        String fault = fault(series);
        if (fault == null) {
            try {
                return stepped(predictor.transform().series(series, predictor.channels()), steps);
            } catch (IllegalArgumentException | NotFiniteException e) {
                fault = String.valueOf(e.getMessage());
            }
        }
        return Collections.nCopies(steps, Score.bad(fault));
    }

    private List<Score> stepped(float[] x, int steps) {
        S4Model model = predictor.model();
        float[] y = model.perStep()
                ? model.forward(new SequenceBatch(1, steps, model.dInput(), x))
                : model.newSession().chunk(x);
        int width = model.dOutput();
        List<Score> out = new ArrayList<>();
        for (int t = 0; t < steps; t++) {
            float[] own = Arrays.copyOfRange(y, t * width, (t + 1) * width);
            double[] values = values(own);
            out.add(new Score(values, classifies() ? predictor.ranked(values).getFirst().name() : null, null));
        }
        return out;
    }

    private double[] values(float[] y) {
        if (predictor.targets() instanceof TargetSpec.Values spec) {
            float[] points = predictor.reading().points(y);
            double[] out = new double[points.length];
            Arrays.setAll(out, i -> spec.restored(points[i], i % spec.features()));
            return out;
        }
        return Outputs.probabilities(predictor.reading().scores(y), 0, predictor.names().size());
    }

    /** A score as the columns that it becomes. */
    void cells(Score score, List<@Nullable Object> out) {
        if (classifies()) {
            out.add(score.name());
        }
        out.add(score.values());
        out.add(score.error());
    }

    private @Nullable String fault(float @Nullable [] series) {
        int d = predictor.channels();
        if (series == null || series.length == 0 || series.length % d != 0) {
            return series == null
                    ? "no series"
                    : "%d values; expected whole steps of %d, at least one".formatted(series.length, d);
        }
        for (int i = 0; i < series.length; i++) {
            if (!Float.isFinite(series[i])) {
                return "value %d is %s; expected a finite number".formatted(i + 1, series[i]);
            }
        }
        return null;
    }
}
