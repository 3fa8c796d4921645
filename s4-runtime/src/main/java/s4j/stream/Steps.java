package s4j.stream;

/** The recurrence of a layer's features, tile by tile; immutable. */
interface Steps {
    /** Floats of a stream's state. */
    int stateSize();

    /**
     * One step of the features of a tile, all channels.
     *
     * @param x the stream's state, that of this layer at {@code xAt}
     * @param index steps that the stream's layer has had before
     * @param u inputs of the step, at {@code uAt} the first feature
     * @param y outputs, channels one after the other
     */
    void step(int tile, float[] x, int xAt, long index, float[] u, int uAt, float[] y, int yAt);

    /**
     * The next {@code count} steps of the features of a tile, with the same bits.
     *
     * @param uStride from the inputs of a step to those of the next; {@code yStride} of outputs
     */
    default void steps(int tile, float[] x, int xAt, long index, int count, float[] u, int uAt, int uStride, float[] y,
            int yAt, int yStride) {
        for (int t = 0; t < count; t++) {
            step(tile, x, xAt, index + t, u, uAt + t * uStride, y, yAt + t * yStride);
        }
    }

    /** Numbers that a stream's state stands for. */
    int numbers();

    /**
     * What a stream's state stands for, the same at every rate, however it is kept.
     *
     * @param x a stream's state, that of this layer at {@code xAt}
     * @param states put here: {@code [tile, n, (re, im), TILE]}, so many as {@link #numbers}
     */
    void states(float[] x, int xAt, double[] states);

    /** Keeps such states of the same system. */
    void keep(double[] states, float[] x, int xAt);
}
