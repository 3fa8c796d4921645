package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.model.FeedForwardConfig;
import s4j.model.LayerConfig;
import s4j.model.S4LayerConfig;

/**
 * The layer inside a residual block: {@code [row, h] -> [row, h]}, rows padded with zeros on both sides. Places in a stream's
 * state are reserved when it is loaded.
 */
sealed interface Layer permits S4Block, FeedForward {
    /**
     * From the tensors of a layer.
     *
     * @param h features
     * @param lMax longest kernel of what has one and is no recurrence
     * @param weights below {@code layer.}
     */
    static Layer load(LayerConfig config, int h, int lMax, Weights weights, Build build) {
        return switch (config) {
            case S4LayerConfig s4 -> new S4Block(s4, h, lMax, weights, build);
            case FeedForwardConfig ff -> new FeedForward(ff, h, weights, build);
        };
    }

    /** The next rows of streams; y is not x. */
    void stream(float[] x, Flow flow, float[] y, Scratch scratch);

    /** Whole sequences; y is not x. */
    void whole(float[] x, Sequences sequences, float[] y);

    /** Why it cannot stream; null: it can. */
    @Nullable
    String refusal();
}
