package s4j.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and SIGINT (Ctrl-C) into a flag that the training loop looks at between batches. The hook that the JVM
 * runs on a signal does nothing but set it and wait, so the checkpoint is written by the loop's own thread, between
 * two steps; then the JVM ends with the signal's exit code (143 or 130).
 */
public final class StopRequest implements AutoCloseable {
    /** Longer than any batch and checkpoint should take; kubelet and Slurm kill after 30 s by default. */
    private static final long PATIENCE_SECONDS = 120;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::requestAndWait, "s4-stop");
    private volatile boolean requested;

    /** A flag that no signal sets, for callers with their own way to stop. */
    public StopRequest() {}

    /** A flag that SIGTERM and SIGINT set; close it when the work is done. */
    public static StopRequest onSignals() {
        StopRequest stop = new StopRequest();
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    /** Asks the loop to save and end. */
    public void request() { requested = true; }

    /** Whether the loop should save and end. */
    public boolean requested() { return requested; }

    private void requestAndWait() {
        requested = true;
        try {
            done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work is done or saved: lets the JVM end. */
    @Override
    public void close() {
        done.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the JVM is ending between our look and this call: the hook finds the latch open
                requested = true;
            }
        }
    }
}
