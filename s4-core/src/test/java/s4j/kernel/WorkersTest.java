package s4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final int ITEMS = 50;
    /** Longer than the caller spins. */
    private static final long LONG_NANOS = 20_000_000;

    @Test
    void everyItemHasRunOnceWhenTheCallReturns() {
        for (int threads = 1; threads <= 4; threads++) {
            try (Workers workers = new Workers(threads)) {
                for (int round = 0; round < 2_000; round++) {
                    int[] counts = new int[ITEMS];
                    workers.forEach(ITEMS, i -> counts[i]++);
                    assertTrue(Arrays.stream(counts).allMatch(n -> n == 1), threads + " threads, round " + round);
                }
                workers.forEach(0, i -> {
                    throw new IllegalStateException("no item to run");
                });
            }
        }
    }

    @Test
    void callerSleepsUntilALongItemOfAHelperEnds() {
        try (Workers workers = new Workers(3)) {
            Thread caller = Thread.currentThread();
            for (int round = 0; round < 5; round++) {
                AtomicInteger done = new AtomicInteger();
                workers.forEach(6, i -> {
                    LockSupport.parkNanos(Thread.currentThread() == caller ? 1 : LONG_NANOS);
                    done.incrementAndGet();
                });
                assertEquals(6, done.get());
            }
        }
    }

    @Test
    void firstFailureIsThrownOnAndNoFurtherItemBegun() {
        try (Workers workers = new Workers(3)) {
            for (int round = 0; round < 500; round++) {
                AtomicInteger begun = new AtomicInteger();
                IllegalStateException failure = new IllegalStateException("item 0");
                assertSame(failure, assertThrows(IllegalStateException.class, () -> workers.forEach(1_000_000, i -> {
                    begun.incrementAndGet();
                    if (i == 0) {
                        throw failure;
                    }
                })));
                int atReturn = begun.get();
                assertTrue(atReturn < 1_000_000);
                Thread.onSpinWait();
                assertEquals(atReturn, begun.get());
            }
            assertThrows(StackOverflowError.class, () -> workers.forEach(3, i -> {
                throw new StackOverflowError();
            }));
        }
    }

    @Test
    void itemsMayShareWorkThemselves() {
        try (Workers workers = new Workers(2)) {
            AtomicIntegerArray counts = new AtomicIntegerArray(ITEMS);
            workers.forEach(ITEMS, i -> workers.forEach(ITEMS, j -> counts.incrementAndGet(j)));
            for (int i = 0; i < ITEMS; i++) {
                assertEquals(ITEMS, counts.get(i));
            }
        }
    }

    @Test
    void anInterruptedCallerStillWaitsAndStaysInterrupted() {
        try (Workers workers = new Workers(2)) {
            int[] counts = new int[4];
            Thread.currentThread().interrupt();
            workers.forEach(4, i -> {
                long end = System.nanoTime() + LONG_NANOS / 4;
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                counts[i]++;
            });
            assertTrue(Thread.interrupted());
            assertEquals(4, Arrays.stream(counts).sum());
        }
    }
}
