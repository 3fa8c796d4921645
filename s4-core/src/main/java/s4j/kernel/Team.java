package s4j.kernel;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Threads that share pieces of work of a few microseconds, where {@link Workers} would take longer to hand them out: members
 * spin for the next piece and sleep when none comes. {@link #run} allocates nothing.
 *
 * <p>The caller never waits for a member to wake: a part that its member has not begun is taken by the caller. When another
 * caller has the team, the piece runs on the caller's thread alone. A member without work for a second ends.
 */
public final class Team {
    /** Looks at the next piece before a member sleeps: some 50 µs. */
    private static final int SPINS = 4_000;
    /** Looks at a member's part before the caller lets others run. */
    private static final int WAITS = 10_000;
    private static final long IDLE_NANOS = 1_000_000_000L;
    /** Ints between two cells, so that no two lie in neighbouring cache lines. */
    private static final int LINE = 32;

    private static final int AWAKE = 0;
    private static final int ASLEEP = 1;
    private static final int ENDED = 2;

    /** Work that can be cut into any number of parts, its results the same bits for every number. */
    public interface Piece {
        /** Part {@code part} of {@code parts}. */
        void run(int part, int parts);
    }

    private final int threads;
    private final AtomicBoolean taken = new AtomicBoolean();
    /**
     * For each part the last round in which it was begun, and one more when it is done. Rounds are even; only their equality counts, so
     * they may wrap.
     */
    private final AtomicIntegerArray parts;
    private final Member[] members;
    /** Written by the caller that has taken the team; beside each other, so that one cache line brings both. */
    private @Nullable Piece piece;
    private volatile int round;
    private volatile @Nullable Throwable failure;

    /** {@code threads} ≥ 1, the caller included. Members start when they are first needed. */
    public Team(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: " + threads + "; expected at least 1");
        }
        this.threads = threads;
        this.parts = new AtomicIntegerArray((threads + 1) * LINE);
        this.members = new Member[threads - 1];
        for (int i = 0; i < members.length; i++) {
            parts.set((i + 1) * LINE, round + 1);
            members[i] = new Member(i + 1);
        }
    }

    /** How many threads there are at most. */
    public int threads() { return threads; }

    /** Runs all parts and returns when they are done; a failure of any is thrown on. */
    public void run(Piece work) {
        if (members.length == 0 || !taken.compareAndSet(false, true)) {
            work.run(0, 1);
            return;
        }
        try {
            share(work);
        } finally {
            taken.set(false);
        }
    }

    private void share(Piece work) {
        piece = work;
        int now = round + 2;
        round = now;
        for (Member member : members) {
            member.wake(now - 2);
        }
        attempt(work, 0);
        for (int part = 1; part < threads; part++) {
            if (begin(part, now)) {
                attempt(work, part);
                parts.set(part * LINE, now + 1);
            }
        }
        for (int part = 1; part < threads; part++) {
            await(part, now);
        }
        rethrow();
    }

    /**
     * Whether the caller is the first to begin this part of the round. Every part of every round is begun by someone, so a
     * member that comes late with an earlier round finds a later one here.
     */
    private boolean begin(int part, int now) {
        return parts.get(part * LINE) == now - 1 && parts.compareAndSet(part * LINE, now - 1, now);
    }

    @SuppressWarnings("ThreadPriorityCheck") // yields only while a member that has begun its part is not running
    private void await(int part, int now) {
        for (int waits = 0; parts.get(part * LINE) != now + 1; waits++) {
            if (waits < WAITS) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    private void attempt(Piece work, int part) {
        try {
            work.run(part, threads);
        } catch (RuntimeException | Error e) {
            failure = e;
        }
    }

    private void rethrow() {
        Throwable thrown = failure;
        if (thrown == null) {
            return;
        }
        failure = null;
        if (thrown instanceof Error e) {
            throw e;
        }
        throw (RuntimeException) thrown;
    }

    private final class Member implements Runnable {
        private final int part;
        /** AWAKE, ASLEEP or ENDED. */
        private final AtomicInteger state = new AtomicInteger(ENDED);
        private volatile @Nullable Thread thread;
        /** The last round that a new thread need not look at. */
        private int first;

        Member(int part) { this.part = part; }

        /** Called after a round is published; {@code before} is the last one that a new thread need not look at. */
        void wake(int before) {
            int now = state.get();
            if (now == ASLEEP && state.compareAndSet(ASLEEP, AWAKE)) {
                LockSupport.unpark(thread);
            } else if (now == ENDED || state.get() == ENDED) {
                state.set(AWAKE);
                first = before;
                Thread started = Thread.ofPlatform().daemon().name("s4j-team-" + part).unstarted(this);
                thread = started;
                started.start();
            }
        }

        @Override
        public void run() {
            int seen = first;
            int looks = 0;
            while (true) {
                int now = round;
                if (now != seen) {
                    seen = now;
                    looks = 0;
                    work(now);
                } else if (++looks < SPINS) {
                    Thread.onSpinWait();
                } else if (sleep(seen)) {
                    looks = 0;
                } else {
                    return;
                }
            }
        }

        private void work(int now) {
            if (begin(part, now)) { // from here on the caller waits, and what it published stays
                attempt(Objects.requireNonNull(piece), part);
                parts.set(part * LINE, now + 1);
            }
        }

        /** False: nothing came for long, and the thread ends. */
        private boolean sleep(int seen) {
            long until = System.nanoTime() + IDLE_NANOS;
            state.set(ASLEEP);
            for (long left = IDLE_NANOS; left > 0 && round == seen && state.get() == ASLEEP; left = until
                    - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            if (round != seen || state.get() == AWAKE) {
                state.set(AWAKE);
                return true;
            }
            return !state.compareAndSet(ASLEEP, ENDED);
        }
    }
}
