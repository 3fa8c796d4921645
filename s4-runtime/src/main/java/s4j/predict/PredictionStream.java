package s4j.predict;

import java.util.List;
import s4j.model.Outputs;
import s4j.model.TargetSpec;
import s4j.stream.Session;

/** A stream of raw steps through a {@link Predictor}: after each step what the model says about all steps so far. Not for several
 * threads at once. */
public final class PredictionStream {
    private final Predictor predictor;
    private final Session session;
    private final float[] x;
    private final float[] y;

    PredictionStream(Predictor predictor, Session session) {
        if (predictor.transform().permutation() != null) {
            throw new IllegalArgumentException(
                    "the model was trained on its steps in another order (dataset.permute), which no"
                            + " stream has; expected whole series");
        }
        if (predictor.transform().frontEnd() != null && !predictor.transform().frontEnd().raw()) {
            throw new IllegalArgumentException("the model's steps are frames of sound, not samples; use s4 listen");
        }
        this.predictor = predictor;
        this.session = session;
        this.x = new float[predictor.channels()];
        this.y = new float[predictor.model().dOutput()];
    }

    /** Takes a step {@code [d]} and gives the classes, the most probable first. */
    public List<Predictor.Ranked> classify(float... step) {
        int classes = predictor.names().size();
        next(step);
        return predictor.ranked(Outputs.probabilities(predictor.reading().scores(y), 0, classes));
    }

    /** Takes a step {@code [d]} and gives the numbers {@code [t, d]} in the data's own unit. */
    public double[] values(float... step) {
        if (!(predictor.targets() instanceof TargetSpec.Values spec)) {
            throw new IllegalArgumentException("the model predicts classes, not numbers; use classify");
        }
        next(step);
        float[] points = predictor.reading().points(y);
        double[] out = new double[points.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = spec.restored(points[i], i % spec.features());
        }
        return out;
    }

    /** The stream's state, e.g. to go on elsewhere. */
    public Session session() { return session; }

    private void next(float[] step) {
        if (step.length != x.length) {
            throw new IllegalArgumentException("a step of %d values; expected %d".formatted(step.length, x.length));
        }
        System.arraycopy(step, 0, x, 0, x.length);
        predictor.transform().step(x);
        session.step(x, y);
    }
}
