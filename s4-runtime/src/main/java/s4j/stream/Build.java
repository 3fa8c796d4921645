package s4j.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
    private final List<KeyValues> caches = new ArrayList<>();
    private final List<Recurrence> recurrences = new ArrayList<>();
    private int floats = StateTiles.FIRST;

    Build(Machine machine, double rate, boolean reference) {
        PinnedMemory.warn();
        this.machine = machine;
        this.rate = rate;
        this.reference = reference;
        Team alone = new Team(1);
        this.scratch = ThreadLocal.withInitial(() -> new Scratch(alone));
        this.shared = ThreadLocal.withInitial(() -> new Scratch(machine.team()));
    }

    /** For what comes after such a division of the rate by pools, which leave nothing that streams. */
    Build after(int held) {
        return held == 1 ? this : new Build(machine, rate / held, reference);
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

    /** A place for what such steps remember. */
    int reserve(Steps steps) {
        int at = reserve(steps.stateSize());
        recurrences.add(new Recurrence(steps, at));
        return at;
    }

    /** Steps and their place in the state. */
    record Recurrence(Steps steps, int at) {}

    /** All steps, whose states are all there is of one; null: other layers remember something, too. */
    @Nullable
    List<Recurrence> recurrencesAlone() {
        int sum = recurrences.stream().mapToInt(r -> r.steps.stateSize()).sum();
        return caches.isEmpty() && sum == floats - StateTiles.FIRST ? recurrences : null;
    }

    /** A cache of a stream that grows with its steps; returns its number. */
    int reserveCache(KeyValues form) {
        caches.add(form);
        return caches.size() - 1;
    }

    /** A stream's caches before its first step. */
    Cache[] newCaches() {
        return caches.stream().map(Cache::new).toArray(Cache[]::new);
    }

    /** The length of a stream's array, whose places begin at {@link StateTiles#FIRST}. */
    int stateSize() {
        return floats;
    }
}
