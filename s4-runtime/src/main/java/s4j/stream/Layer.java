package s4j.stream;

import org.jspecify.annotations.Nullable;
import s4j.model.AttentionConfig;
import s4j.model.FeedForwardConfig;
import s4j.model.GruConfig;
import s4j.model.LayerConfig;
import s4j.model.LinearConfig;
import s4j.model.LstmConfig;
import s4j.model.S4LayerConfig;
import s4j.model.TcnConfig;

/**
 * The layer inside a residual block: {@code [row, h] -> [row, h]}, rows padded with zeros on both sides. Places in a stream's
 * state are reserved when it is loaded.
 */
sealed interface Layer permits S4Block, FeedForward, Affine, Recurrent, Attention, Tcn {
    /**
     * From the tensors of a layer.
     *
     * @param h features
     * @param lMax longest kernel of what has one and is no recurrence; rows of a table of positions
     * @param weights below {@code layer.}
     */
    static Layer load(LayerConfig config, int h, int lMax, Weights weights, Build build) {
        return switch (config) {
            case S4LayerConfig s4 -> new S4Block(s4, h, lMax, weights, build);
            case FeedForwardConfig ff -> new FeedForward(ff, h, weights, build);
            case LinearConfig linear -> new Affine(linear, h, weights, build);
            case LstmConfig _ -> new Recurrent(Recurrent.Cell.LSTM, h, weights, build);
            case GruConfig _ -> new Recurrent(Recurrent.Cell.GRU, h, weights, build);
            case AttentionConfig attention -> new Attention(attention, h, lMax, weights, build);
            case TcnConfig tcn -> new Tcn(tcn, h, weights, build);
        };
    }

    /** The next rows of streams; y is not x. */
    void stream(float[] x, Flow flow, float[] y, Scratch scratch);

    /** Whole sequences; y is not x. */
    void whole(float[] x, Sequences sequences, float[] y);

    /** What {@link #whole} gives at the last step of each sequence: y {@code [b, h]}. */
    default void last(float[] x, Sequences sequences, float[] y) {
        float[] all = new float[x.length];
        whole(x, sequences, all);
        sequences.last(all, x.length / sequences.rows(), y);
    }

    /** Why it cannot stream; null: it can. */
    @Nullable
    String refusal();
}
