package s4j.kernel;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * A fixed number of threads for kernels. Items are handed out one by one; what an item computes never depends on the
 * thread that runs it, so results are the same bits for every number of threads.
 *
 * <p>The caller takes items too and never waits for a helper that has not begun: waking one takes as long as a small kernel.
 */
public final class Workers implements AutoCloseable {
    private final int threads;
    private final ForkJoinPool pool;

    /** {@code threads} ≥ 1, the caller included. */
    public Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + "; expected at least 1");
        }
        this.threads = threads;
        this.pool = new ForkJoinPool(Math.max(1, threads - 1));
    }

    /** How many threads there are. */
    public int threads() { return threads; }

    /** Runs items 0 … n − 1, each once, and returns when all are done; the first failure is thrown on, and no further item begun. */
    public void forEach(int n, IntConsumer item) {
        Round round = new Round(n, item);
        for (int helpers = Math.min(threads, n) - 1; helpers > 0; helpers--) {
            pool.execute(round);
        }
        round.items();
        round.awaitHelpers();
        Throwable failure = round.failure.get();
        if (failure instanceof Error e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
    }

    @Override
    public void close() { pool.shutdown(); }

    /** The items of one call, and who is at work on them. */
    private static final class Round implements Runnable {
        /** Looks at the helpers before the caller sleeps: a few hundred µs, as its processor has nothing else to do. */
        private static final int SPINS = 10_000;
        /** Added to the number of helpers at work when no further one may begin. */
        private static final int CLOSED = Integer.MIN_VALUE;

        final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final int n;
        private final IntConsumer item;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger helpers = new AtomicInteger();
        private final Thread caller = Thread.currentThread();

        Round(int n, IntConsumer item) {
            this.n = n;
            this.item = item;
        }

        /** Takes items until none is left. */
        void items() {
            try {
                for (int i = next.getAndIncrement(); i < n; i = next.getAndIncrement()) {
                    item.accept(i);
                }
            } catch (RuntimeException | Error e) {
                next.set(n);
                failure.compareAndSet(null, e);
            }
        }

        /** What a helper does. */
        @Override
        public void run() {
            if (helpers.getAndUpdate(at -> at < 0 ? at : at + 1) < 0) {
                return;
            }
            items();
            if (helpers.decrementAndGet() == CLOSED) {
                LockSupport.unpark(caller);
            }
        }

        /** Lets no further helper begin and waits for those at work. */
        void awaitHelpers() {
            helpers.addAndGet(CLOSED);
            for (int i = 0; helpers.get() != CLOSED; i++) {
                if (i < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                }
            }
        }
    }
}
