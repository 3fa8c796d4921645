package s4j.stream;

import s4j.kernel.Backend;
import s4j.kernel.Team;
import s4j.kernel.Workers;
import s4j.kernel.rows.RowFunctions;

/**
 * What computes.
 *
 * @param backend SIMD or scalar
 * @param workers threads of whole sequences and of batches of many streams
 * @param team threads of one step
 * @param sequential the caller's thread alone
 * @param functions of rows
 */
record Machine(Backend backend, Workers workers, Workers sequential, Team team, RowFunctions functions) {
    /** Most threads of one step: its pieces are too short for more. */
    private static final int TEAM = 4;

    static Machine of(Backend backend, int threads) {
        return new Machine(backend, new Workers(threads), new Workers(1), new Team(Math.min(threads, TEAM)),
                RowFunctions.of(backend));
    }

    /** Blocks of rows side by side. */
    void forRows(int rows, RowBlock block) {
        int size = 96;
        workers.forEach(Math.ceilDiv(rows, size), i -> block.run(i * size, Math.min(size, rows - i * size)));
    }

    /** Some rows. */
    interface RowBlock {
        void run(int first, int count);
    }
}
