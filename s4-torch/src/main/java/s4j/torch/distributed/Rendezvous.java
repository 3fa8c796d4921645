package s4j.torch.distributed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How workers come together: each says who it is, and all see whether these are the ones that were meant. */
record Rendezvous(World world, Store store, String version) {
    private static final int POLL_MILLIS = 20;
    private static final String HERE = "here";
    private static final String WRONG = "wrong";

    /**
     * Waits until all are there.
     *
     * @throws WorldException when a rank is missing or there twice, or when sizes or versions differ
     */
    void meet() {
        if (store.add("claim/" + world.rank(), 1) > 1) {
            refuse("two workers say they are rank %d; expected ranks 0 to %d, each once. Look at RANK"
                    .formatted(world.rank(), world.size() - 1));
        }
        if (world.rank() == 0) {
            store.set("hello", hello());
        } else {
            String first = store.text("hello");
            if (!first.equals(hello())) {
                refuse("rank %d has %s; rank 0 has %s; expected the same. Start all workers alike".formatted(
                        world.rank(), hello(), first));
            }
        }
        store.add(HERE, 1);
        awaitAll(HERE, null);
    }

    private String hello() { return "WORLD_SIZE=" + world.size() + " and s4j " + version; }

    private void refuse(String reason) {
        store.set(WRONG + "/why", reason);
        store.add(WRONG, 1);
        throw new WorldException(reason);
    }

    /** Waits until a counter has reached the number of workers; so long as watched workers live, without limit. */
    void awaitAll(String counter, @Nullable Heartbeats lives) {
        await(counter, world.size(), lives);
    }

    void await(String counter, long n, @Nullable Heartbeats lives) {
        long end = System.nanoTime() + world.limit().toNanos();
        while (store.count(counter) < n) {
            if (store.count(WRONG) > 0) {
                throw new WorldException(store.text(WRONG + "/why"));
            }
            if (lives != null) {
                lives.requireAll();
            } else if (System.nanoTime() > end) {
                throw new WorldException(
                        "%d of %d workers came to %s within %d s; missing rank %s. Start them, or look at WORLD_SIZE"
                                .formatted(store.count(counter), world.size(), world.place(), world.limit().toSeconds(),
                                        String.join(", ", missing())));
            }
            sleep(POLL_MILLIS);
        }
    }

    private List<String> missing() {
        List<String> out = new ArrayList<>();
        for (int r = 0; r < world.size(); r++) {
            if (store.count("claim/" + r) == 0) {
                out.add(String.valueOf(r));
            }
        }
        return out;
    }

    static void sleep(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorldException("interrupted while waiting for other workers", e);
        }
    }
}
