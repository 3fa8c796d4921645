package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import s4j.math.SplitMix64;
import s4j.model.SequenceBatch;

/** The order of batches, and the random numbers underneath. */
class BatchesTest {
    /** Sequences of one step whose value is their index. */
    private record Numbers(int size) implements SequenceSet {
        @Override
        @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
        public SequenceBatch batch(int[] indices) {
            float[] x = new float[indices.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = indices[i];
            }
            return new SequenceBatch(x.length, 1, 1, x, null, indices);
        }

        @Override
        public int label(int i) { return i; }
    }

    @Test
    void splitMixGivesThePublishedNumbers() {
        SplitMix64 random = new SplitMix64(1234567);
        assertEquals(6457827717110365317L, random.nextLong());
        assertEquals(3203168211198807973L, random.nextLong());
        assertEquals(Long.parseUnsignedLong("9817491932198370423"), random.nextLong());
    }

    /** Computed by an independent program from the documented recipe; runs are repeatable only while they stay. */
    @Test
    void ordersAreTheSameOnEveryMachine() {
        assertArrayEquals(new int[]{2, 5, 1, 4, 7, 6, 3, 0}, SplitMix64.of(0, "epoch", 0).permutation(8));
    }

    @Test
    void boundedNumbersAreEvenlySpread() {
        SplitMix64 random = SplitMix64.of(1, "test", 0);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) {
            counts[random.nextInt(7)]++;
        }
        for (int c : counts) {
            assertEquals(10_000, c, 500); // five standard deviations of a fair count, 93 each
        }
    }

    @Test
    void everyEpochShowsEverySequenceOnceInItsOwnOrder() {
        Batches batches = new Batches(new Numbers(103), 10, true, false, 5);
        assertEquals(11, batches.count());
        int[] first = order(batches, 0);
        int[] sorted = first.clone();
        Arrays.sort(sorted);
        assertArrayEquals(IntStream.range(0, 103).toArray(), sorted);
        assertFalse(Arrays.equals(first, order(batches, 1)));
        assertFalse(Arrays.equals(first, order(new Batches(new Numbers(103), 10, true, false, 6), 0)));
    }

    private static int[] order(Batches batches, int epoch) {
        return IntStream.range(0, batches.count()).flatMap(i -> Arrays.stream(batches.epoch(epoch).indices(i)))
                .toArray();
    }

    @Test
    void anyBatchIsMadeWithoutTheOnesBeforeIt() {
        Batches batches = new Batches(new Numbers(50), 8, true, true, 5);
        Batches.Epoch whole = batches.epoch(3);
        for (int i = 0; i < batches.count(); i++) {
            assertArrayEquals(whole.batch(i).x(), batches.epoch(3).batch(i).x(), "batch " + i);
        }
    }

    @Test
    void dropLastLeavesOutTheSmallerBatch() {
        Batches batches = new Batches(new Numbers(23), 5, true, true, 1);
        assertEquals(4, batches.count());
        assertThrows(IndexOutOfBoundsException.class, () -> batches.epoch(0).batch(4));
        assertEquals(0, new Batches(new Numbers(0), 5, true, true, 1).count());
        assertThrows(IllegalArgumentException.class, () -> new Batches(new Numbers(4), 0, true, true, 1));
    }

    /** A table of 36 months has fewer windows than the usual batch of 50. */
    @Test
    void theOnlyBatchIsKeptHoweverSmall() {
        for (int size : new int[]{1, 4, 5}) {
            Batches batches = new Batches(new Numbers(size), 5, true, true, 1);
            assertEquals(1, batches.count(), size + " sequences");
            assertEquals(size, batches.epoch(3).batch(0).size());
            int[] seen = batches.epoch(3).indices(0);
            Arrays.sort(seen);
            assertArrayEquals(IntStream.range(0, size).toArray(), seen, "each once");
        }
        assertEquals(1, new Batches(new Numbers(9), 5, true, true, 1).count(), "one whole batch is enough");
    }

    @Test
    void evaluationKeepsTheOrderAndTheRest() {
        Batches batches = Batches.inOrder(new Numbers(23), 10);
        assertEquals(3, batches.count());
        assertArrayEquals(new float[]{20, 21, 22}, batches.epoch(9).batch(2).x());
        assertEquals(0, Batches.inOrder(new Numbers(0), 10).count());
    }
}
