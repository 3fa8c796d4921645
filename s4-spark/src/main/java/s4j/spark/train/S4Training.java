package s4j.spark.train;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Data-parallel training inside a barrier stage of a cluster that stands: each task is a worker of {@code s4 train}, all start together, and gradients go between them over
 * torch.distributed, not through Spark.
 *
 * <pre>
 * S4Training.Trained trained = S4Training.workers(4).train(spark, "dataset._name_=parquet", "dataset.path=hdfs:///series", "dataset.target=kind",
 *         "model=s4d", "run.dir=/shared/runs/kinds");
 * S4Spark.transform(series, trained.model(), "values", "predicted");
 * </pre>
 *
 * @param workers tasks that must run at the same time: the cluster needs as many free slots. One a machine or executor is best: {@code spark.task.cpus} as
 *     large as {@code spark.executor.cores}
 * @param command how executors start {@code s4}, e.g. {@code [/opt/s4j/s4]}; empty: java with the executor's class path, on which s4-cli then is
 * @param jvm flags of that java
 * @param maxRestarts how often all start again from the last checkpoint after one has failed; {@code run.dir} is then a folder that all see
 * @param timeout seconds that a worker waits for the others
 */
public record S4Training(int workers, List<String> command, List<String> jvm, int maxRestarts, int timeout)
        implements
            Serializable {
    /** A command line that is wrong stays wrong. */
    private static final int USER = 2;
    private static final List<String> FLAGS = List.of("--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseParallelGC",
            "-Djava.awt.headless=true", "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0");

    /** Checks the numbers. */
    public S4Training {
        if (workers < 1 || maxRestarts < 0 || timeout < 1) {
            throw new IllegalArgumentException("workers %d, max restarts %d, timeout %d; expected at least 1, 0 and 1"
                    .formatted(workers, maxRestarts, timeout));
        }
        command = List.copyOf(command);
        jvm = List.copyOf(jvm);
    }

    /** So many, by the executors' class path, no restarts, five minutes. */
    public static S4Training workers(int workers) {
        return new S4Training(workers, List.of(), FLAGS, 0, 300);
    }

    /** With restarts. */
    public S4Training restarts(int most) {
        return new S4Training(workers, command, jvm, most, timeout);
    }

    /** With another time limit. */
    public S4Training timeout(int seconds) {
        return new S4Training(workers, command, jvm, maxRestarts, seconds);
    }

    /** With further flags of the workers' java, e.g. {@code -Xmx8g}. */
    public S4Training flags(String... more) {
        List<String> all = new ArrayList<>(jvm);
        all.addAll(List.of(more));
        return new S4Training(workers, command, all, maxRestarts, timeout);
    }

    /** With a distribution that lies on every machine. */
    public S4Training by(String... program) {
        return new S4Training(workers, List.of(program), jvm, maxRestarts, timeout);
    }

    /**
     * What a training gave.
     *
     * @param model bytes of the model file
     * @param lines the last ones that rank 0 wrote; the last of all is the test's metric
     */
    @SuppressWarnings("ArrayRecordComponent") // filled once, then read
    public record Trained(byte[] model, List<String> lines) {}

    /**
     * Trains.
     *
     * @param words as behind {@code ./s4 train}
     * @throws IllegalStateException when a worker failed, or its executor died: which, with what it said last
     */
    public Trained train(SparkSession spark, String... words) {
        for (int restart = 0;; restart++) {
            List<Worker.Ended> ended = stage(spark, new Worker(command, jvm, List.of(words), timeout,
                    restart > 0));
            byte @Nullable [] model = ended.getFirst().model();
            if (model != null && ended.stream().allMatch(e -> e.code() == 0)) {
                return new Trained(model, ended.getFirst().lines());
            }
            if (restart == maxRestarts || ended.stream().anyMatch(e -> e.code() == USER)) {
                throw new IllegalStateException(
                        "training failed" + (restart == 0 ? "" : " after " + restart + " restarts")
                                + ended.stream().filter(e -> e.code() != 0).map(S4Training::said)
                                        .collect(Collectors.joining()));
            }
        }
    }

    private static String said(Worker.Ended e) {
        String last = e.lines().isEmpty() ? "it said nothing" : e.lines().getLast();
        return e.code() == Worker.LOST
                ? "\nworker %d was lost: %s".formatted(e.rank(), last)
                : "\nworker %d ended with exit code %d: %s".formatted(e.rank(), e.code(), last);
    }

    private List<Worker.Ended> stage(SparkSession spark, Worker worker) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        RDD<Integer> ranks = context.parallelize(IntStream.range(0, workers).boxed().toList(), workers).rdd();
        ClassTag<Worker.Ended> tag = ClassTag$.MODULE$.apply(Worker.Ended.class);
        RDD<Worker.Ended> stage = ranks.barrier().mapPartitions(new Task(worker), false, tag);
        try (Watch watch = new Watch(spark.sparkContext())) {
            try {
                return stage.toJavaRDD().collect().stream().sorted(Comparator.comparingInt(Worker.Ended::rank))
                        .toList();
            } catch (Exception e) {
                Worker.Ended lost = watch.lost();
                if (lost == null) {
                    throw e;
                }
                return List.of(lost);
            }
        }
    }

    /** What a task does. */
    private static final class Task extends scala.runtime.AbstractFunction1<Iterator<Integer>, Iterator<Worker.Ended>>
            implements
                Serializable {
        private static final long serialVersionUID = 1;

        private final Worker worker;

        Task(Worker worker) { this.worker = worker; }

        @Override
        public Iterator<Worker.Ended> apply(Iterator<Integer> rank) {
            try {
                return CollectionConverters.asScala(List.of(worker.run(BarrierTaskContext.get())).iterator());
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the worker was ended with its task", e);
            }
        }
    }
}
