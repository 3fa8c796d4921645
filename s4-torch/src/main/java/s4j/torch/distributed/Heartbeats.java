package s4j.torch.distributed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Signs of life: each worker counts up a number at rank 0 every second, and how many exchanges it has begun. When an exchange fails, they
 * tell who is to blame: who said why it ended, who is silent, or who has not come to it.
 */
final class Heartbeats implements AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int SILENT_PERIODS = 3;

    private final World world;
    private final Store store;
    private final AtomicLong exchanges = new AtomicLong();
    private final Thread thread;
    private final long[] last;
    private final long[] heard;
    private volatile boolean ended;

    /** With a connection of its own, as others wait on theirs. */
    Heartbeats(World world, Store store) {
        this.world = world;
        this.store = store;
        this.last = new long[world.size()];
        this.heard = new long[world.size()];
        java.util.Arrays.fill(heard, System.nanoTime());
        this.thread = Thread.ofPlatform().daemon().name("s4-heartbeat").start(this::beat);
    }

    private void beat() {
        long told = 0;
        while (!ended) {
            try {
                long now = exchanges.get();
                synchronized (store) {
                    store.add("beat/" + world.rank(), 1);
                    store.add("at/" + world.rank(), now - told);
                }
                told = now;
                Thread.sleep(PERIOD);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                return; // rank 0 is gone: the next exchange says so
            }
        }
    }

    /** One more exchange begins. */
    long begin() { return exchanges.incrementAndGet(); }

    /** Leaves word. */
    void failed(String reason) {
        synchronized (store) {
            store.set("why/" + world.rank(), reason);
            store.add("failed/" + world.rank(), 1);
        }
    }

    /**
     * Refuses to wait for somebody who has given no sign of life for as long as the limit, or has failed.
     *
     * @throws PeerException naming it
     */
    void requireAll() {
        String why = ended();
        if (why != null) {
            throw new PeerException(why, new IllegalStateException(why));
        }
        for (int r = 0; r < world.size(); r++) {
            long beats = count("beat/" + r);
            if (beats != last[r]) {
                last[r] = beats;
                heard[r] = System.nanoTime();
            } else if (System.nanoTime() - heard[r] > world.limit().toNanos()) {
                String text = "rank %d gave no sign of life for %d s; it is dead or stalled".formatted(r,
                        world.limit().toSeconds());
                throw new PeerException(text, new IllegalStateException(text));
            }
        }
    }

    private long count(String name) {
        synchronized (store) {
            return store.count(name);
        }
    }

    /** What another worker said before it ended; null: nobody did. */
    private @Nullable String ended() {
        for (int r = 0; r < world.size(); r++) {
            if (r != world.rank() && count("failed/" + r) > 0) {
                synchronized (store) {
                    return "rank " + r + " failed: " + store.text("why/" + r);
                }
            }
        }
        return null;
    }

    /** Who is to blame that an exchange failed. */
    String blame(String reason) {
        try {
            String said = ended();
            if (said != null) {
                return said;
            }
            List<Long> before = beats();
            Rendezvous.sleep(PERIOD.toMillis() * SILENT_PERIODS);
            said = ended();
            if (said != null) {
                return said;
            }
            List<Long> after = beats();
            List<String> silent = new ArrayList<>();
            List<String> behind = new ArrayList<>();
            for (int r = 0; r < world.size(); r++) {
                if (after.get(r).equals(before.get(r)) && r != world.rank()) {
                    silent.add(String.valueOf(r));
                }
                if (count("at/" + r) < exchanges.get()) {
                    behind.add(String.valueOf(r));
                }
            }
            if (!silent.isEmpty()) {
                return "rank " + String.join(", ", silent) + " gives no sign of life (" + reason
                        + "): it was killed, its machine is lost, or it is stopped";
            }
            return behind.isEmpty()
                    ? "an exchange with the other workers failed: " + reason
                    : "rank " + String.join(", ", behind) + " lives but did not come to exchange " + exchanges.get()
                            + " ("
                            + reason + ")";
        } catch (RuntimeException e) {
            return "rank 0, which keeps the list of workers, is gone (" + reason + ")";
        }
    }

    private List<Long> beats() {
        List<Long> out = new ArrayList<>();
        for (int r = 0; r < world.size(); r++) {
            out.add(count("beat/" + r));
        }
        return out;
    }

    @Override
    public void close() {
        ended = true;
        thread.interrupt();
        try {
            thread.join(PERIOD.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (store) {
            store.close();
        }
    }
}
