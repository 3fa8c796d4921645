package s4j.torch.distributed;

import java.util.List;

/**
 * The workers of a job, as one of them sees them. All methods but {@link #failed} and {@link #close} are for all workers together: each
 * calls them in the same order, and they return when all have. A worker that does not come is a {@link PeerException} in the others.
 */
public sealed interface Group extends AutoCloseable permits Alone, GlooGroup {
    /** One worker. */
    static Group alone() { return new Alone(); }

    /**
     * Joins the workers of a world.
     *
     * @param version of s4j, which all must have
     * @throws WorldException when they do not come together within the limit
     */
    static Group join(World world, String version) {
        return world.size() == 1 ? alone() : GlooGroup.join(world, version);
    }

    /** Which worker this is, from 0. */
    int rank();

    /** Workers. */
    int size();

    /** Whether this worker writes and speaks for all. */
    default boolean leads() { return rank() == 0; }

    /** The sums over all workers. */
    double[] sum(double... values);

    /** The largest of each over all workers. */
    double[] max(double... values);

    /** What every worker has, by rank. */
    List<byte[]> gather(byte[] own);

    /** What rank 0 has. */
    byte[] broadcast(byte[] own);

    /**
     * Does work that takes as long as it takes: first the first worker of each machine, then the others, e.g. to read what that one has
     * downloaded. Returns when all have done it.
     */
    <T, E extends Exception> T inTurn(Turn<T, E> work) throws E;

    /** Tells the others why this worker ends. */
    void failed(String reason);

    /** Leaves; the others may go on without this worker as long as they ask nothing of it. */
    @Override
    void close();

    /** Something to do. */
    @FunctionalInterface
    interface Turn<T, E extends Exception> {
        /** Does it. */
        T run() throws E;
    }
}
