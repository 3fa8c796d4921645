package s4j.kernel.scan;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Lanes;

/**
 * {@link DiagonalScan} over one tile of one sequence after another: the arrays of one thread, and the order of the products.
 *
 * <p>Blocks are {@code [chunk, row, lane]}. Before chunks: states, then inputs; behind them: gradients of outputs, then of the
 * next states, so that each product finds what it needs in neighbouring rows.
 */
final class ScanPass {
    /** Where blocks begin in their arrays. */
    private static final int FIRST = Lanes.FIRST;
    private static final int CHUNK = ChunkCoefficients.CHUNK;
    private static final int ROWS = DiagonalScan.Inner.ROWS;
    private static final int COLUMNS = DiagonalScan.Inner.COLUMNS;
    private static final int SUMS = DiagonalScan.Inner.SUMS;
    private static final int BLOCK = DiagonalScan.BLOCK;
    /** Blocks whose gradients are summed in float32 before they are added up in float64. */
    private static final int SUMMED = 8;

    private final DiagonalScan.Inner inner;
    private final ScanBorders borders;
    private final int l;
    private final int n;
    private final int lanes;
    /** Rows of all states. */
    private final int rows;
    /** Floats of a chunk: of states, of steps, of both, of steps and the zeros behind them. */
    private final int ofStates;
    private final int ofSteps;
    private final int both;
    private final int ofPadded;
    private final float[] before;
    private final float[] out;
    private final float[] old;
    /** What only the backward pass needs. */
    private @Nullable Behind behind;

    ScanPass(DiagonalScan.Inner inner, ScanBorders borders, int rows) {
        this.inner = inner;
        this.borders = borders;
        this.l = borders.l();
        this.n = borders.n();
        this.lanes = borders.copies().lanes();
        this.rows = rows;
        this.ofStates = rows * lanes;
        this.ofSteps = CHUNK * lanes;
        this.both = ofStates + ofSteps;
        this.ofPadded = ofSteps + (ROWS - 1) * lanes;
        this.before = block(both);
        this.out = block(ofSteps);
        this.old = block(ofSteps);
    }

    private static float[] block(int floats) { return new float[FIRST + COLUMNS * floats]; }

    private final class Behind {
        final float[] gradients = block(both);
        /** Derivatives by a of what enters the states, and of what leaves them. */
        final float[] enterSlopes = block(ofStates);
        final float[] leaveSlopes = block(ofStates);
        /** Gradients of outputs, then rows of zeros. */
        final float[] dy = block(ofPadded);
        final float[] sums = new float[SUMS * n * lanes];
        final float[] dk = new float[CHUNK * lanes];
        final float[] start = new float[ofStates];
        /** Gradients of the inputs of the last steps, if they are no whole chunk, from that of the last state. */
        final float[] rest = new float[ofSteps];
    }

    /** Chunks of a block that have a step. */
    private int chunks(int start) {
        return Math.min(COLUMNS, Math.ceilDiv(l - start, CHUNK));
    }

    /** Whole chunks of the last block. */
    private int lastChunks() { return ((l - 1) % BLOCK + 1) / CHUNK; }

    /** y = (or y +=) the outputs; the state before each block goes into the checkpoints. */
    void forward(ChunkCoefficients k, int tile, int sequence, @Nullable MemorySegment u, MemorySegment y, boolean add,
            double @Nullable [] state, @Nullable MemorySegment checkpoints) {
        float[] x = borders.stateIn(tile, sequence, rows, state);
        for (int start = 0; start < l; start += BLOCK) {
            if (checkpoints != null) {
                MemorySegment.copy(x, 0, checkpoints, DiagonalScan.FLOAT, checkpoint(start), x.length);
            }
            borders.readInputs(u, tile, sequence, start, before, FIRST + ofStates, both);
            states(k, start, x);
            for (int t = 0; t < CHUNK; t += ROWS) {
                inner.tile(k.leave, k.index(t, 0, rows + CHUNK), rows + t + ROWS, before, FIRST, both, out,
                        FIRST + t * lanes, ofSteps, chunks(start));
            }
            if (add) {
                borders.readOutputs(y, tile, sequence, start, old, FIRST, ofSteps);
                sum(old, out);
            }
            borders.writeOutputs(y, tile, sequence, start, out);
        }
        if (state != null) {
            stateOut(k, tile, sequence, x, state);
        }
    }

    private long checkpoint(int start) { return (long) Float.BYTES * (start / BLOCK) * ofStates; }

    /** The states before each chunk of a block from its inputs; x becomes that after the last. */
    private void states(ChunkCoefficients k, int start, float[] x) {
        for (int i = 0; i < rows; i += ROWS) {
            inner.tile(k.enter, k.index(i, 0, CHUNK), CHUNK, before, FIRST + ofStates, both, before, FIRST + i * lanes,
                    both, chunks(start));
        }
        for (int i = 0; i < n; i++) {
            inner.states(k.state, i * ChunkCoefficients.STATE * lanes, x, 2 * i * lanes, before, FIRST + 2 * i * lanes,
                    both);
        }
    }

    private static void sum(float[] from, float[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[i];
        }
    }

    /** Row i of the state after the last whole chunk. */
    private float lastState(float[] x, int i, int lane) {
        return lastChunks() < COLUMNS ? before[FIRST + lastChunks() * both + i * lanes + lane] : x[i * lanes + lane];
    }

    private void stateOut(ChunkCoefficients k, int tile, int sequence, float[] x, double[] state) {
        for (int j = 0; j < borders.width(tile); j++) {
            int at = borders.stateAt(tile, sequence, j);
            for (int i = 0; i < n; i++) {
                state[at + 2 * i] = lastState(x, 2 * i, j);
                state[at + 2 * i + 1] = lastState(x, 2 * i + 1, j);
                k.run(i, j, l % CHUNK, before, FIRST + lastChunks() * both + ofStates, state, at + 2 * i);
            }
        }
    }

    /**
     * du = (or du +=) the gradients of the inputs.
     *
     * @param sums {@code [n, SUMS, lane]}, then dk {@code [T, lane]}; takes the sums over all steps
     */
    void backward(ChunkCoefficients k, ChunkCoefficients.Adjoint adjoint, int tile, int sequence, MemorySegment u,
            MemorySegment dy, MemorySegment du, boolean add, MemorySegment checkpoints, double @Nullable [] dState,
            double[] sums) {
        if (behind == null) {
            behind = new Behind();
        }
        Behind s = behind;
        float[] g = borders.stateIn(tile, sequence, rows, dState);
        float[] x = new float[ofStates];
        for (int start = (l - 1) / BLOCK * BLOCK; start >= 0; start -= BLOCK) {
            MemorySegment.copy(checkpoints, DiagonalScan.FLOAT, checkpoint(start), x, 0, x.length);
            borders.readInputs(u, tile, sequence, start, before, FIRST + ofStates, both);
            borders.readOutputs(dy, tile, sequence, start, s.dy, FIRST, ofPadded);
            states(k, start, x);
            gather(k, adjoint, s, chunks(start));
            boolean rest = start + chunks(start) * CHUNK > l;
            if (dState != null && rest) {
                backwardOfTheRest(k, tile, sequence, s, g, dState, sums);
            }
            adjoint(k, s, g, dState != null && rest ? lastChunks() : chunks(start), 0);
            inputs(k, adjoint, s, chunks(start));
            if (dState != null && rest) {
                for (int i = 0; i < l % CHUNK * lanes; i++) {
                    out[FIRST + lastChunks() * ofSteps + i] += s.rest[i];
                }
            }
            if (add) {
                borders.readInputs(du, tile, sequence, start, old, FIRST, ofSteps);
                sum(old, out);
            }
            borders.writeInputs(du, tile, sequence, start, out);
            if (start / BLOCK % SUMMED == 0) {
                flush(s, sums);
            }
        }
        if (dState != null) {
            borders.stateOut(tile, sequence, g, dState);
        }
    }

    /** What the outputs of each chunk give to the gradient of the state before it, and the sums that need no more. */
    private void gather(ChunkCoefficients k, ChunkCoefficients.Adjoint adjoint, Behind s, int chunks) {
        for (int c = 0; c < chunks; c++) {
            System.arraycopy(s.dy, FIRST + c * ofPadded, s.gradients, FIRST + c * both, ofSteps);
        }
        for (int i = 0; i < rows; i += ROWS) {
            int at = k.index(i, 0, CHUNK);
            int row = FIRST + i * lanes;
            inner.tile(adjoint.enterSlope, at, CHUNK, before, FIRST + ofStates, both, s.enterSlopes, row, ofStates,
                    chunks);
            inner.tile(adjoint.gather, at, CHUNK, s.dy, FIRST, ofPadded, s.gradients, ofSteps + row, both, chunks);
            inner.tile(adjoint.gatherSlope, at, CHUNK, s.dy, FIRST, ofPadded, s.leaveSlopes, row, ofStates, chunks);
        }
        for (int i = 0; i < n; i++) {
            int row = FIRST + 2 * i * lanes;
            inner.outputGradients(before, row, both, s.gradients, ofSteps + row, s.leaveSlopes, row, ofStates, chunks,
                    s.sums,
                    i * SUMS * lanes);
        }
    }

    private void adjoint(ChunkCoefficients k, Behind s, float[] g, int from, int to) {
        System.arraycopy(g, 0, s.start, 0, g.length);
        for (int i = 0; i < n; i++) {
            int at = i * ChunkCoefficients.STATE * lanes;
            int row = FIRST + 2 * i * lanes;
            inner.adjoint(k.state, at, from, to, g, 2 * i * lanes, s.gradients, ofSteps + row, both, before, row,
                    s.enterSlopes, row, ofStates, s.sums, i * SUMS * lanes);
            if (from - to == COLUMNS) {
                inner.correct(k.state, at, s.start, g, 2 * i * lanes);
            }
        }
    }

    /** Gradients of the inputs, and of K. */
    private void inputs(ChunkCoefficients k, ChunkCoefficients.Adjoint adjoint, Behind s, int chunks) {
        for (int t = 0; t < CHUNK; t += ROWS) {
            int row = FIRST + t * lanes;
            inner.tile(adjoint.back, k.index(t, t, CHUNK + rows), CHUNK + rows - t, s.gradients, row, both, out, row,
                    ofSteps, chunks);
            for (int c = 0; c < chunks; c++) {
                inner.lags(before, FIRST + c * both + ofStates, s.dy, c * ofPadded + row, CHUNK - t, s.dk, t * lanes);
            }
        }
    }

    /**
     * The last steps, if they are no whole chunk, and g, the gradient of the state after them: on return that of the state before
     * them. Their inputs' gradients stand in {@link Behind#rest}.
     */
    private void backwardOfTheRest(ChunkCoefficients k, int tile, int sequence, Behind s, float[] g, double[] dState,
            double[] sums) {
        Arrays.fill(g, 0);
        adjoint(k, s, g, lastChunks() + 1, lastChunks());
        Arrays.fill(s.rest, 0);
        double[] x = new double[2];
        for (int j = 0; j < borders.width(tile); j++) {
            int at = borders.stateAt(tile, sequence, j);
            for (int i = 0; i < n; i++) {
                int state = FIRST + lastChunks() * both + 2 * i * lanes + j;
                x[0] = before[state];
                x[1] = before[state + lanes];
                k.runBack(i, j, l % CHUNK, before, FIRST + lastChunks() * both + ofStates, x, dState, at + 2 * i,
                        s.rest,
                        sums);
                g[2 * i * lanes + j] += (float) dState[at + 2 * i];
                g[(2 * i + 1) * lanes + j] += (float) dState[at + 2 * i + 1];
            }
        }
    }

    private static void flush(Behind s, double[] sums) {
        for (int i = 0; i < s.sums.length; i++) {
            sums[i] += s.sums[i];
        }
        for (int i = 0; i < s.dk.length; i++) {
            sums[s.sums.length + i] += s.dk[i];
        }
        Arrays.fill(s.sums, 0);
        Arrays.fill(s.dk, 0);
    }
}
