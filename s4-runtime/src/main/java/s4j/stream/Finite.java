package s4j.stream;

import s4j.model.SequenceBatch;

/** What float32 can carry: inputs before they change a state, outputs before anyone uses them. */
final class Finite {
    /** Norms sum the squares of what the encoder makes of an input: beyond, that sum overflows and a wrong output looks right. */
    static final float MOST = 1e15f;

    /**
     * Inputs {@code [rows, width]}; the state has not moved yet.
     *
     * @throws InputException naming the step
     */
    static void requireInputs(float[] x, int at, int rows, int width, long first) {
        for (int i = 0; i < rows * width; i++) {
            if (!(Math.abs(x[at + i]) <= MOST)) {
                throw new InputException("step %,d: input %d is %s; expected a number of at most %.0e"
                        .formatted(first + i / width + 1, i % width + 1, x[at + i], MOST));
            }
        }
    }

    /** The inputs of whole sequences, as far as they go. */
    static void requireInputs(SequenceBatch batch) {
        int row = batch.length() * batch.features();
        int[] lengths = batch.lengths();
        for (int i = 0; i < batch.size(); i++) {
            int steps = lengths == null ? batch.length() : lengths[i];
            requireInputs(batch.x(), i * row, steps, batch.features(), 0);
        }
    }

    /**
     * Outputs {@code [rows, width]} of streams whose states have moved. Those of a stream with one that is not finite are of no
     * use any more, and say so.
     *
     * @throws NotFiniteException naming the step
     */
    static void requireOutputs(Flow flow, float[] y, int at, int width) {
        int first = bad(y, at, flow.rows * width);
        if (first < 0) {
            return;
        }
        int row = 0;
        NotFiniteException failure = null;
        for (int i = 0; i < flow.streams; i++) {
            int found = bad(y, at + row * width, flow.counts[i] * width);
            if (found >= 0) {
                long step = flow.firsts[i] + found / width + 1;
                flow.states[i].failed = step;
                if (failure == null) {
                    failure = new NotFiniteException(
                            "step %,d: output %d is %s; expected a finite number: on this input the network exceeds float32. Go on from an earlier snapshot, or reset the stream"
                                    .formatted(step, found % width + 1, y[at + row * width + found]));
                }
            }
            row += flow.counts[i];
        }
        throw java.util.Objects.requireNonNull(failure);
    }

    /** Outputs of whole sequences, {@code each} values of every one. */
    static void requireOutputs(float[] y, int each) {
        int found = bad(y, 0, y.length);
        if (found >= 0) {
            throw new NotFiniteException(
                    "sequence %,d: output %,d is %s; expected a finite number: on this input the network exceeds float32"
                            .formatted(found / each + 1, found % each + 1, y[found]));
        }
    }

    /** The first that is not finite; -1: none. */
    static int bad(float[] y, int at, int n) {
        float sum = 0; // 0 x is NaN of what is not finite: one pass without branches
        for (int i = at; i < at + n; i++) {
            sum += 0 * y[i];
        }
        for (int i = at; sum != 0 && i < at + n; i++) {
            if (!Float.isFinite(y[i])) {
                return i - at;
            }
        }
        return -1;
    }

    private Finite() {}
}
