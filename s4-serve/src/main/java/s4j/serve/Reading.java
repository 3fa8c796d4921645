package s4j.serve;

import s4j.model.Outputs;
import s4j.model.TargetSpec;
import s4j.predict.InputTransform;
import s4j.predict.Predictor;
import org.jspecify.annotations.Nullable;

/**
 * How a model's numbers are read: raw values as its training data was on the way in; probabilities, or numbers in the data's own
 * unit, on the way out. Of a network that does not say what it predicts both stay as they are.
 */
record Reading(int width, int outputs, InputTransform transform, @Nullable Predictor predictor) {
    static Reading of(Served served) {
        Predictor p = served.predictor();
        return new Reading(served.width(), served.model().dOutput(), p == null ? InputTransform.none() : p.transform(),
                p);
    }

    /** What the network sees of raw steps {@code [n, d]}. */
    float[] seen(float[] values) {
        if (transform.permutation() != null) {
            throw Problem
                    .badRequest("the model was trained on its steps in another order (dataset.permute), which no stream"
                            + " has; expected whole sequences: infer");
        }
        if (transform.frontEnd() != null && !transform.frontEnd().raw()) {
            throw Problem
                    .badRequest("the model's steps are frames of sound, not samples; expected whole recordings: infer");
        }
        float[] x = values.clone();
        float[] step = new float[width];
        for (int at = 0; at < x.length; at += width) {
            System.arraycopy(x, at, step, 0, width);
            transform.step(step);
            System.arraycopy(step, 0, x, at, width);
        }
        return x;
    }

    /** What it says after each step, from outputs {@code [n, d_output]}. */
    double[][] said(float[] y) {
        double[][] out = new double[y.length / outputs][];
        for (int t = 0; t < out.length; t++) {
            float[] one = java.util.Arrays.copyOfRange(y, t * outputs, (t + 1) * outputs);
            out[t] = predictor == null ? doubles(one) : said(predictor, one);
        }
        return out;
    }

    private static double[] said(Predictor p, float[] y) {
        if (p.targets() instanceof TargetSpec.Values spec) {
            float[] points = p.reading().points(y);
            double[] out = new double[points.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = spec.restored(points[i], i % spec.features());
            }
            return out;
        }
        return Outputs.probabilities(p.reading().scores(y), 0, p.names().size());
    }

    private static double[] doubles(float[] y) {
        double[] out = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            out[i] = y[i];
        }
        return out;
    }
}
