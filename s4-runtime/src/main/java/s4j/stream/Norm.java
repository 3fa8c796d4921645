package s4j.stream;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import s4j.kernel.rows.RowFunctions;
import s4j.model.BackboneConfig;

/** Normalisation as evaluation does it; y may be x. */
sealed interface Norm {
    double EPS = RowFunctions.EPS;

    /** Rows one by one. */
    void rows(float[] x, int xAt, float[] y, int yAt, int rows, Scratch scratch);

    /** Whether a row's result depends on that row alone. */
    default boolean causal() { return true; }

    /** The kind's weights below {@code name}, or below {@code name + norm.} where the file has them there. */
    static Norm load(BackboneConfig.@Nullable Norm kind, int features, Weights weights, RowFunctions functions) {
        if (kind == null) {
            return new None(Padding.stride(features));
        }
        Weights w = weights.has("weight") ? weights : weights.at("norm.");
        int stride = Padding.stride(features);
        return switch (kind) {
            case NONE -> new None(Padding.stride(features));
            case INSTANCE -> new Instance(features, stride);
            case LAYER -> new Layer(features, stride, Arrays.copyOf(w.floats("weight", features), stride),
                    Arrays.copyOf(w.floats("bias", features), stride), functions);
            case SCALAR_LAYER ->
                new ScalarLayer(features, stride, w.floats("m", 1)[0], w.floats("s", 1)[0], functions);
            case BATCH -> batch(features, stride, w, functions);
        };
    }

    private static Norm batch(int features, int stride, Weights w, RowFunctions functions) {
        double[] mean = w.doubles("running_mean", features);
        double[] variance = w.doubles("running_var", features);
        double[] weight = w.doubles("weight", features);
        double[] bias = w.doubles("bias", features);
        float[] factor = new float[stride];
        float[] term = new float[stride];
        for (int i = 0; i < features; i++) {
            double f = weight[i] / Math.sqrt(variance[i] + EPS);
            factor[i] = (float) f;
            term[i] = (float) (bias[i] - mean[i] * f);
        }
        return new Batch(stride, factor, term, functions);
    }

    /** The identity. */
    record None(int stride) implements Norm {
        @Override
        public void rows(float[] x, int xAt, float[] y, int yAt, int rows, Scratch scratch) {
            if (x != y || xAt != yAt) {
                System.arraycopy(x, xAt, y, yAt, rows * stride);
            }
        }
    }

    /** Over the features of each row. */
    record Layer(int features, int stride, float[] weight, float[] bias, RowFunctions functions) implements Norm {
        @Override
        public void rows(float[] x, int xAt, float[] y, int yAt, int rows, Scratch scratch) {
            float[] lanes = scratch.get(Scratch.LANES, s4j.kernel.matrix.PackedMatrix.PANEL);
            for (int r = 0; r < rows; r++) {
                functions.normalize(x, xAt + r * stride, y, yAt + r * stride, features, stride, weight, bias, lanes);
            }
        }
    }

    /** Over the features of each row, with one shift m and one scale s for all of them. */
    record ScalarLayer(int features, int stride, float m, float s, RowFunctions functions) implements Norm {
        @Override
        public void rows(float[] x, int xAt, float[] y, int yAt, int rows, Scratch scratch) {
            float[] lanes = scratch.get(Scratch.LANES, s4j.kernel.matrix.PackedMatrix.PANEL);
            for (int r = 0; r < rows; r++) {
                functions.standardize(x, xAt + r * stride, y, yAt + r * stride, features, stride, m, s, lanes);
            }
        }
    }

    /** By the running statistics of training: a factor and a term of each feature. */
    record Batch(int stride, float[] factor, float[] term, RowFunctions functions) implements Norm {
        @Override
        public void rows(float[] x, int xAt, float[] y, int yAt, int rows, Scratch scratch) {
            for (int r = 0; r < rows; r++) {
                functions.scale(x, xAt + r * stride, y, yAt + r * stride, stride, factor, term);
            }
        }
    }

    /** Over the real steps of each sequence and feature: needs the whole sequence. */
    record Instance(int features, int stride) implements Norm {
        @Override
        public void rows(float[] x, int xAt, float[] y, int yAt, int rows, Scratch scratch) {
            throw new IllegalStateException("instance norm of single rows; expected whole sequences");
        }

        @Override
        public boolean causal() { return false; }

        void whole(float[] x, float[] y, Sequences sequences) {
            for (int i = 0; i < sequences.b(); i++) {
                for (int f = 0; f < features; f++) {
                    feature(x, y, i * sequences.l() * stride + f, sequences.l(), sequences.length(i));
                }
            }
        }

        private void feature(float[] x, float[] y, int at, int steps, int length) {
            double mean = 0;
            for (int t = 0; t < length; t++) {
                mean += x[at + t * stride];
            }
            mean /= length;
            double variance = 0;
            for (int t = 0; t < length; t++) {
                double c = x[at + t * stride] - mean;
                variance += c * c;
            }
            double factor = 1 / Math.sqrt(variance / length + EPS);
            for (int t = 0; t < steps; t++) {
                y[at + t * stride] = (float) ((x[at + t * stride] - mean) * factor);
            }
        }
    }
}
