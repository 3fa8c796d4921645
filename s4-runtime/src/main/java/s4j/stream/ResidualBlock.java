package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.kernel.rows.RowFunctions;

/**
 * norm -> layer -> residual (-> norm).
 *
 * @param prenorm whether the norm stands before the layer, or after the sum
 * @param residual whether the input is added
 * @param stride floats of a row
 */
record ResidualBlock(Norm norm, Layer layer, boolean prenorm, boolean residual, int stride, Build build) {
    /** The next rows of streams, in place. */
    void stream(float[] x, Flow flow, Scratch scratch) {
        int size = flow.rows * stride;
        float[] input = x;
        if (prenorm && !(norm instanceof Norm.None)) {
            input = scratch.get(Scratch.NORMED, size);
            norm.rows(x, 0, input, 0, flow.rows, scratch);
        }
        float[] y = scratch.get(Scratch.GATHERED, size);
        layer.stream(input, flow, y, scratch);
        if (residual) {
            functions().add(y, 0, x, 0, size);
        } else {
            System.arraycopy(y, 0, x, 0, size);
        }
        if (!prenorm) {
            norm.rows(x, 0, x, 0, flow.rows, scratch);
        }
    }

    /** Whole sequences, in place. */
    void whole(float[] x, Sequences sequences) {
        float[] y = new float[x.length];
        layer.whole(input(x, sequences), sequences, y);
        join(x, y, sequences);
        System.arraycopy(y, 0, x, 0, x.length);
    }

    /** What {@link #whole} gives at the last step of each sequence, {@code [b, stride]}; of blocks that are {@link #rowwise}. */
    float[] last(float[] x, Sequences sequences) {
        float[] y = new float[sequences.b() * stride];
        layer.last(input(x, sequences), sequences, y);
        float[] ends = new float[y.length];
        sequences.last(x, stride, ends);
        join(ends, y, sequences.single());
        return y;
    }

    /** Whether what follows the layer looks at one row alone. */
    boolean rowwise() {
        return prenorm || !(norm instanceof Norm.Instance);
    }

    private float[] input(float[] x, Sequences sequences) {
        if (!prenorm || norm instanceof Norm.None) {
            return x;
        }
        float[] normed = new float[x.length];
        normalize(norm, x, normed, sequences, build);
        return normed;
    }

    /** y = norm(x + y), as far as there are both. */
    private void join(float[] x, float[] y, Sequences sequences) {
        if (residual) {
            functions().add(x, 0, y, 0, y.length);
        }
        if (!prenorm) {
            normalize(norm, y, y, sequences, build);
        }
    }

    /** A norm over whole sequences; y may be x. */
    static void normalize(Norm norm, float[] x, float[] y, Sequences sequences, Build build) {
        if (norm instanceof Norm.Instance instance) {
            instance.whole(x, y, sequences);
            return;
        }
        int stride = x.length / sequences.rows();
        build.machine().forRows(sequences.rows(), (first, count) -> norm.rows(x, first * stride, y, first * stride,
                count, build.scratch().get()));
    }

    private RowFunctions functions() { return build.functions(); }

    /** Why it cannot stream; null: it can. */
    @Nullable
    String refusal() { return norm.causal() ? layer.refusal() : "instance norm looks at the whole sequence"; }
}
