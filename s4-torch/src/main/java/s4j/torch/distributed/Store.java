package s4j.torch.distributed;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;

/** Counters and texts by name, which rank 0 keeps for all workers. */
final class Store implements AutoCloseable {
    private final TCPStore store;

    private Store(TCPStore store) { this.store = store; }

    /**
     * A connection of its own.
     *
     * @param keeps whether this worker keeps it
     */
    static Store open(World world, boolean keeps) {
        TCPStoreOptions options = new TCPStoreOptions().port((short) world.port()).isServer(keeps).waitWorkers(false)
                .timeout(milliseconds(world.limit()));
        try {
            return new Store(new TCPStore(world.host(), options));
        } catch (RuntimeException e) {
            String reason = firstLine(e);
            throw new WorldException(keeps
                    ? "rank 0 cannot listen at MASTER_PORT=%d: %s; expected a free port. Choose another, or end what holds it"
                            .formatted(world.port(), reason)
                    : "rank %d finds no rank 0 at MASTER_ADDR:MASTER_PORT=%s within %d s: %s; expected rank 0 to listen there"
                            .formatted(world.rank(), world.place(), world.limit().toSeconds(), reason),
                    e);
        }
    }

    static Milliseconds milliseconds(Duration time) { return new Milliseconds(time.toMillis()); }

    /** What libtorch says without its stack. */
    static String firstLine(Throwable e) {
        String text = String.valueOf(e.getMessage()).strip().replaceFirst("(?s)\\n.*", "");
        return text.length() > 300 ? text.substring(0, 300) : text;
    }

    /** Adds and returns the sum; of a name that is new, 0 at first. */
    long add(String name, long n) {
        return store.add(name, n);
    }

    long count(String name) { return add(name, 0); }

    void set(String name, String text) {
        try (ByteVector bytes = new ByteVector(text.getBytes(StandardCharsets.UTF_8))) {
            store.set(name, bytes);
        }
    }

    /** A text; waits for it. */
    String text(String name) {
        try (ByteVector bytes = store.get(name)) {
            byte[] out = new byte[Math.toIntExact(bytes.size())];
            for (int i = 0; i < out.length; i++) {
                out[i] = bytes.get(i);
            }
            return new String(out, StandardCharsets.UTF_8);
        }
    }

    TCPStore handle() { return store; }

    @Override
    public void close() { store.close(); }
}
