package s4j.stream;

import s4j.kernel.Backend;
import s4j.kernel.Team;
import s4j.kernel.rows.RowFunctions;
import s4j.kernel.state.StateTiles;

/** What layers are built with; hands out their places in a stream's state. */
final class Build {
    private static final int MOST = 1 << 28;

    private final Machine machine;
    private final double rate;
    private final boolean reference;
    private final ThreadLocal<Scratch> scratch;
    private final ThreadLocal<Scratch> shared;
    private int floats = StateTiles.FIRST;

    Build(Machine machine, double rate, boolean reference) {
        this.machine = machine;
        this.rate = rate;
        this.reference = reference;
        Team alone = new Team(1);
        this.scratch = ThreadLocal.withInitial(() -> new Scratch(alone));
        this.shared = ThreadLocal.withInitial(() -> new Scratch(machine.team()));
    }

    Machine machine() { return machine; }

    Backend backend() { return machine.backend(); }

    RowFunctions functions() { return machine.functions(); }

    double rate() { return rate; }

    /** Whether recurrences are the float64 ones of one stream. */
    boolean reference() { return reference; }

    /** This thread's places for what other threads do the like of at the same time. */
    ThreadLocal<Scratch> scratch() {
        return scratch;
    }

    /** This thread's places for what a team computes together. */
    ThreadLocal<Scratch> shared() { return shared; }

    /** A place of {@code size} floats in the state. */
    int reserve(int size) {
        int at = floats;
        if (size < 0 || size > MOST - at) {
            throw new IllegalArgumentException("the state of one stream takes more than " + MOST
                    + " values; expected a smaller d_model, d_state or pool");
        }
        floats += size;
        return at;
    }

    /** The length of a stream's array, whose places begin at {@link StateTiles#FIRST}. */
    int stateSize() {
        return floats;
    }
}
