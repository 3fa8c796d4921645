package s4j.stream;

import org.jspecify.annotations.Nullable;

/** The layer inside a residual block: {@code [row, h] -> [row, h]}, rows padded. */
sealed interface Mixer permits S4Block, FeedForward {
    /** The next rows of streams; y is not x. */
    void stream(float[] x, Flow flow, float[] y, Scratch scratch);

    /** Whole sequences; y is not x. */
    void whole(float[] x, Sequences sequences, float[] y);

    /** Why it cannot stream; null: it can. */
    @Nullable
    String refusal();
}
