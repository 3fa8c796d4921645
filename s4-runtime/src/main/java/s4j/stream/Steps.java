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
     * Turns a state of the same system at another rate into one of this: what it stands for stays, how it is kept may differ.
     *
     * @param before the steps that left it
     * @param x a stream's state, that of this layer at {@code xAt}
     */
    default void adopt(Steps before, float[] x, int xAt) {
        throw new IllegalArgumentException("these steps keep no state between rates");
    }
}
