package s4j.serve;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where streams' states rest while nobody steps them. Keys are made by the server, never by a request. */
public interface StateStore extends AutoCloseable {
    /**
     * One stream at rest.
     *
     * @param model name of its model
     * @param state as {@link s4j.stream.StreamState#snapshot} gives it
     */
    record Resting(String model, byte[] state) {}

    /** Keeps a stream; when this returns it survives the process. */
    void put(String id, Resting stream) throws IOException;

    /** Gives it back; null: there is none. */
    @Nullable
    Resting get(String id) throws IOException;

    /** Forgets it. */
    void remove(String id) throws IOException;

    /** How many rest. */
    long size() throws IOException;

    @Override
    void close() throws IOException;
}
