package s4j.spark;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Kills an executor's JVM when so many tasks have ended; counts the executors that the driver loses. */
final class Killer extends SparkListener implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private final int after;
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger removed = new AtomicInteger();
    private final CountDownLatch first = new CountDownLatch(1);

    Killer(int after) {
        this.after = after;
        Cluster.spark().sparkContext().addSparkListener(this);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
        if (ended.incrementAndGet() == after) {
            Cluster.kill();
        }
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved executor) {
        removed.incrementAndGet();
        first.countDown();
    }

    /** Executors that were lost; waits for the first. */
    int removed() throws InterruptedException {
        first.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return removed.get();
    }

    @Override
    public void close() { Cluster.spark().sparkContext().removeSparkListener(this); }
}
