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

    OpenStream(String id, Served served, StreamState state) {
        this.id = id;
        this.served = served;
        this.state = state;
    }
}
