package s4j.serve;

import java.util.concurrent.locks.ReentrantLock;
import s4j.stream.StreamState;

/** A stream in memory. Who holds the lock may step it, store it or end it. It keeps the model it began with, whatever replaces it. */
final class OpenStream {
    final String id;
    final Served served;
    final StreamState state;
    final ReentrantLock lock = new ReentrantLock();
    volatile long used = System.nanoTime();
    /** Steps that the store has; −1: none. */
    long stored = -1;
    /** No longer the stream of its id: ended, or resting in the store. */
    boolean gone;
    /** Whether a step of it may be computed that nobody waits for. */
    boolean uncertain;
    /** Of a Triton sequence: it ends with the process, or when nobody has used it for long, and is never stored. */
    final boolean brief;

    OpenStream(String id, Served served, StreamState state) { this(id, served, state, false); }

    OpenStream(String id, Served served, StreamState state, boolean brief) {
        this.brief = brief;
        this.id = id;
        this.served = served;
        this.state = state;
    }
}
