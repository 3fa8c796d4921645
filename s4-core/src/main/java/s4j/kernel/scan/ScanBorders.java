package s4j.kernel.scan;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Lanes;

/**
 * Where the blocks of {@link DiagonalScan} and the tensors {@code [b, l, h]} and {@code [b, h, n]} meet.
 *
 * @param reverse steps count from the last; inputs are read one step later than outputs are written
 */
record ScanBorders(Lanes copies, int b, int l, int h, int n, boolean reverse) {
    private static final int CHUNK = ChunkCoefficients.CHUNK;
    private static final int COLUMNS = DiagonalScan.Inner.COLUMNS;

    /** Inputs (or their gradients) of a block as {@code [chunk, step, lane]}, zeros behind the last. */
    void readInputs(@Nullable MemorySegment u, int tile, int sequence, int start, float[] to, int at, int column) {
        read(u, tile, sequence, start, to, at, column, delay());
    }

    /** The same of outputs. */
    void readOutputs(MemorySegment y, int tile, int sequence, int start, float[] to, int at, int column) {
        read(y, tile, sequence, start, to, at, column, 0);
    }

    private void read(@Nullable MemorySegment from, int tile, int sequence, int start, float[] to, int at, int column,
            int delay) {
        int lanes = copies.lanes();
        for (int c = 0; c < COLUMNS; c++) {
            int first = start + c * CHUNK;
            int steps = from == null ? 0 : Math.clamp(l - first, 0, CHUNK);
            int skipped = first < delay ? 1 : 0;
            int to0 = at + c * column;
            if (steps < CHUNK || skipped > 0) {
                Arrays.fill(to, to0, to0 + CHUNK * lanes, 0);
            }
            if (from != null && steps > skipped) {
                copies.read(from, offset(tile, sequence, first + skipped - delay), stride(), width(tile), to,
                        to0 + skipped * lanes, steps - skipped);
            }
        }
    }

    /** Copies a block {@code [step, lane]} back; what has no place in the sequence is dropped. */
    void writeInputs(MemorySegment u, int tile, int sequence, int start, float[] from) {
        write(u, tile, sequence, start, from, delay());
    }

    void writeOutputs(MemorySegment y, int tile, int sequence, int start, float[] from) {
        write(y, tile, sequence, start, from, 0);
    }

    private void write(MemorySegment to, int tile, int sequence, int start, float[] from, int delay) {
        int skipped = start < delay ? 1 : 0;
        int steps = Math.min(CHUNK * COLUMNS, l - start);
        copies.write(to, offset(tile, sequence, start + skipped - delay), stride(), width(tile), from,
                Lanes.FIRST + skipped * copies.lanes(), steps - skipped);
    }

    private int delay() { return reverse ? 1 : 0; }

    /** From a step to the next, in bytes. */
    private long stride() { return reverse ? -4L * h : 4L * h; }

    int width(int tile) { return Math.min(copies.lanes(), h - tile * copies.lanes()); }

    /** Where the step that is so many from the first of the scan stands in memory. */
    private long offset(int tile, int sequence, int step) {
        long place = reverse ? (long) l - 1 - step : step;
        return 4 * ((sequence * (long) l + place) * h + (long) tile * copies.lanes());
    }

    /** States of a tile as {@code [(re, im), lane]} of each; null: zeros. */
    float[] stateIn(int tile, int sequence, int rows, double @Nullable [] state) {
        int lanes = copies.lanes();
        float[] x = new float[rows * lanes];
        if (state != null) {
            for (int j = 0; j < width(tile); j++) {
                int from = stateAt(tile, sequence, j);
                for (int i = 0; i < 2 * n; i++) {
                    x[i * lanes + j] = (float) state[from + i];
                }
            }
        }
        return x;
    }

    void stateOut(int tile, int sequence, float[] x, double[] state) {
        for (int j = 0; j < width(tile); j++) {
            for (int i = 0; i < 2 * n; i++) {
                state[stateAt(tile, sequence, j) + i] = x[i * copies.lanes() + j];
            }
        }
    }

    /** Where the states of a feature begin. */
    int stateAt(int tile, int sequence, int lane) {
        return 2 * n * (sequence * h + tile * copies.lanes() + lane);
    }
}
