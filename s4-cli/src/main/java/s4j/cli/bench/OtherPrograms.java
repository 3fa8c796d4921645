package s4j.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.DoubleSupplier;

/**
 * How much of the processor went to others while a contender ran. It decides whether a figure can be trusted: threads that
 * wait for each other by spinning lose many times the share that others take (PyTorch's: tenfold at a load of 8 on two
 * cores), so a disturbed peer makes s4j look good.
 *
 * @param busyMillis milliseconds that all cores together have worked so far; NaN: unknown
 */
record OtherPrograms(DoubleSupplier busyMillis) {
    /** A larger share than this, of all cores, spoils a figure. */
    static final double TOLERATED = 0.05;

    private static final Path STAT = Path.of("/proc/stat");
    private static final double TICK_MILLIS = 10;
    /** Fields of the first line that are no work: its name, idle, waiting for disks, and guests, counted as user already. */
    private static final int NAME = 0;
    private static final int IDLE = 4;
    private static final int IO_WAIT = 5;
    private static final int STEAL = 8;

    /** Of this machine; unknown elsewhere than on Linux. */
    static OtherPrograms ofThisMachine() {
        return new OtherPrograms(OtherPrograms::busy);
    }

    private static double busy() {
        try {
            if (!Files.isReadable(STAT)) {
                return Double.NaN;
            }
            String[] fields = Files.readAllLines(STAT).getFirst().split(" +", -1);
            double ticks = 0;
            for (int i = 0; i <= STEAL; i++) {
                if (i != NAME && i != IDLE && i != IO_WAIT) {
                    ticks += Double.parseDouble(fields[i]);
                }
            }
            return ticks * TICK_MILLIS;
        } catch (IOException e) {
            return Double.NaN;
        }
    }

    /** The share of all cores that was neither idle nor the contender's own; NaN: unknown. */
    static double share(double busy, double own, double wall) {
        double time = wall * Runtime.getRuntime().availableProcessors();
        return time == 0 ? Double.NaN : Math.max(0, (busy - own) / time);
    }
}
