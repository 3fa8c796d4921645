package s4j.stream;

import java.util.Arrays;
import s4j.kernel.state.StateTiles;

/**
 * What a stream remembers between two steps: a value of one model, of a size that does not grow, unless the model has attention
 * without a window, whose keys and values of all steps it keeps. A step changes it; {@link
 * #copy} keeps what was, {@link #snapshot} makes bytes of it for another process, machine or time.
 *
 * <p>Not for use by two threads at once; any number of states may be stepped side by side.
 */
public final class StreamState {
    final String model;
    /** From {@link StateTiles#FIRST} on. */
    final float[] values;
    final double[] sums;
    /** Of attention without a window. */
    final Cache[] caches;
    long steps;
    /** The step whose output was not finite; 0: none. */
    long failed;

    StreamState(String model, float[] values, double[] sums, Cache[] caches, long steps) {
        this.model = model;
        this.values = values;
        this.sums = sums;
        this.caches = caches;
        this.steps = steps;
    }

    /** Floats it holds now. */
    public long size() {
        long size = values.length - (long) StateTiles.FIRST;
        for (Cache cache : caches) {
            size += cache.size(steps);
        }
        return size;
    }

    /** Steps taken since the start. */
    public long steps() { return steps; }

    /** The model it belongs to: {@link S4Model#fingerprint}. */
    public String model() { return model; }

    /** An independent copy. */
    public StreamState copy() {
        StreamState copy = new StreamState(model, values.clone(), sums.clone(),
                Arrays.stream(caches).map(Cache::copy).toArray(Cache[]::new), steps);
        copy.failed = failed;
        return copy;
    }

    /** Back to before the first step. */
    public void reset() {
        Arrays.fill(values, 0);
        Arrays.fill(sums, 0);
        for (Cache cache : caches) {
            cache.clear();
        }
        steps = 0;
        failed = 0;
    }

    /**
     * The state as bytes, which do not depend on this machine: version, model, steps, values, checksum. {@link
     * S4Model#restore} reads them; the stream then goes on to the same bits on the same kind of processor and backend, else
     * to within rounding.
     *
     * @throws IllegalStateException where a value is not finite: there is nothing to go on from
     */
    public byte[] snapshot() {
        requireSound();
        boolean finite = Finite.bad(values, 0, values.length) < 0;
        for (Cache cache : caches) {
            finite &= Finite.bad(cache.until(steps), 0, Math.toIntExact(cache.size(steps))) < 0;
        }
        for (double v : sums) {
            finite &= Double.isFinite(v);
        }
        if (!finite) {
            throw new IllegalStateException(
                    "the stream's state after step %,d has values that are not finite; expected numbers. Go on from an earlier snapshot, or reset the stream"
                            .formatted(steps));
        }
        return Snapshot.write(this);
    }

    /** Refuses to go on after a step whose output was not finite. */
    void requireSound() {
        if (failed > 0) {
            throw new IllegalStateException(
                    "the stream's output was not finite at step %,d, and its state is of no use; go on from an earlier snapshot, or reset the stream"
                            .formatted(failed));
        }
    }
}
