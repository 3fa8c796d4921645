package s4j.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One contender at one work: warm-up, then round after round, within its time limit.
 */
final class Lap {
    private final Contender contender;
    private final Pace pace;
    private final OtherPrograms others;
    private double busy;
    private double own;
    private double wall;
    private final List<Double> rounds = new ArrayList<>();
    private double estimate = Double.NaN;
    private double spent;
    private @Nullable String stopped;

    /**
     * How long things take.
     *
     * @param warmUpMillis of running before the first round, at least
     * @param warmUpRuns of running before the first round, at least
     * @param warmUpMostMillis ends the warm-up of slow works
     * @param roundMillis that one round should last
     * @param settleMillis before a round, in which the last contender gives back its memory and its threads stop to spin
     */
    record Pace(double warmUpMillis, int warmUpRuns, double warmUpMostMillis, double roundMillis, long settleMillis) {
        /** After three seconds the JIT compiler is not done with small works: they run half again as long as after ten. */
        static final Pace USUAL = new Pace(10_000, 20, 10_000, 300, 300);
        private static final int MOST_RUNS = 50;

        private int runs(double each) {
            return (int) Math.max(1, Math.min(MOST_RUNS, Math.ceil(roundMillis / Math.max(each, 1e-3))));
        }
    }

    Lap(Contender contender, Pace pace, OtherPrograms others) {
        this.contender = contender;
        this.pace = pace;
        this.others = others;
    }

    /** Makes the inputs and warms up. */
    void begin(Work work) {
        try {
            long start = System.nanoTime();
            estimate = contender.prepare(work, remaining());
            spent = since(start);
            int runs = 1;
            double warm = estimate;
            while ((warm < pace.warmUpMillis || runs < pace.warmUpRuns) && warm < pace.warmUpMostMillis) {
                double[] times = run();
                for (double t : times) {
                    warm += t;
                }
                runs += times.length;
            }
        } catch (StoppedException e) {
            stopped = e.reason();
        }
    }

    /** One round, if there is time for it. */
    void round() {
        if (stopped != null) {
            return;
        }
        try {
            if (spent + estimate >= contender.limit().toMillis()) {
                // slower than the limit allows: the warm-up's last run is all there is
                stopped = "time limit of " + contender.limit().toSeconds() + " s";
                if (rounds.isEmpty()) {
                    rounds.add(estimate);
                }
                return;
            }
            LockSupport.parkNanos(pace.settleMillis * 1_000_000L);
            double busyBefore = others.busyMillis().getAsDouble();
            double ownBefore = contender.cpuMillis();
            long start = System.nanoTime();
            rounds.add(Timing.middle(run()));
            wall += since(start);
            busy += others.busyMillis().getAsDouble() - busyBefore;
            own += contender.cpuMillis() - ownBefore;
        } catch (StoppedException e) {
            stopped = e.reason();
        }
    }

    private double[] run() throws StoppedException {
        long start = System.nanoTime();
        double[] times = contender.time(pace.runs(estimate), remaining());
        spent += since(start);
        estimate = Timing.middle(times);
        return times;
    }

    private Duration remaining() { return Duration.ofMillis(Math.max(1, contender.limit().toMillis() - (long) spent)); }

    private static double since(long nanos) { return (System.nanoTime() - nanos) / 1e6; }

    Timing timing() { return new Timing(rounds, stopped, OtherPrograms.share(busy, own, wall)); }
}
