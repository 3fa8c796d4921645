package s4j.spark.train;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskEndReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.jspecify.annotations.Nullable;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Which worker's task was lost, and why. A barrier stage that gives results fails with its first task, and the engine does not start it again; what the
 * driver is then told names neither the rank nor what to do.
 */
final class Watch extends SparkListener implements AutoCloseable {
    private static final String TAGS = "spark.job.tags";
    /** Within this the engine tells its listeners what it has told the driver. */
    private static final int PATIENCE_SECONDS = 10;

    private final SparkContext context;
    private final String tag = "s4-training-" + UUID.randomUUID();
    private final Set<Object> stages = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Worker.@Nullable Ended> lost = new CompletableFuture<>();

    /** Of the jobs that this thread starts until it is closed. */
    Watch(SparkContext context) {
        this.context = context;
        context.addSparkListener(this);
        context.addJobTag(tag);
    }

    /** The worker whose task was lost first; null: none was. For when the job has failed. */
    Worker.@Nullable Ended lost() {
        return lost.completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void onJobStart(SparkListenerJobStart job) {
        if (String.valueOf(job.properties().getProperty(TAGS)).contains(tag)) {
            stages.addAll(CollectionConverters.asJava(job.stageIds()));
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd task) {
        String why = stages.contains(task.stageId()) ? reason(task.reason()) : null;
        if (why != null) {
            lost.complete(new Worker.Ended(task.taskInfo().index(), Worker.LOST, List.of(why), null));
        }
    }

    /** Why a task was lost; null: it came to its end, or was ended because another one was. */
    private static @Nullable String reason(TaskEndReason reason) {
        return switch (reason) {
            case ExecutorLostFailure e -> "its executor died" + (e.reason().isEmpty() ? "" : ": " + e.reason().get());
            case ExceptionFailure e -> e.className() + ": " + e.description();
            default -> null;
        };
    }

    @Override
    public void close() {
        context.removeJobTag(tag);
        context.removeSparkListener(this);
    }
}
