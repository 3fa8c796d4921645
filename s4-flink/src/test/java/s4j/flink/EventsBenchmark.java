package s4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import s4j.flink.StreamOptions.Order;
import s4j.stream.TinyModels;

/**
 * Events a second, latency and checkpoints on the embedded cluster, after a warm-up: no test of CI, whose names end in Test. {@code -Ds4j.rate} (events
 * a second; 0: as fast as it goes), {@code -Ds4j.seconds}, {@code -Ds4j.warm} (seconds that are not counted), {@code -Ds4j.keys}, {@code
 * -Ds4j.backend}, {@code -Ds4j.checkpoint} (milliseconds between two; 0: none), {@code -Ds4j.buffer} (the engine's buffer timeout in
 * milliseconds), {@code -Ds4j.model} (a file) and options of the engine that begin with {@code -Dstate.backend.} change what is run.
 *
 * <p>Each event has its place in a schedule, and its latency counts from there: what the source sends late, because something stood still, is late.
 */
final class EventsBenchmark {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final long NAP = 500_000;
    private static final AtomicLong DONE = new AtomicLong();
    private static final AtomicLong START = new AtomicLong();
    private static final AtomicLong WARM = new AtomicLong();
    private static long[] nanos = new long[0];

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1).setNumberSlotsPerTaskManager(CORES).build());

    @TempDir
    Path checkpoints = Path.of("");

    /** Readings of one key after the other; time is when each was due. */
    private record Scheduled(int keys, int values, double rate) implements GeneratorFunction<Long, Reading> {
        private static final long serialVersionUID = 1;

        @Override
        public Reading map(Long i) {
            float[] x = new float[values];
            Arrays.fill(x, i % 97 / 97f);
            START.compareAndSet(0, System.nanoTime());
            long due = rate == 0 ? System.nanoTime() : START.get() + (long) (i * 1e9 / rate);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(Math.max(left, NAP));
            }
            return new Reading("k" + i % keys, due, x);
        }
    }

    @Test
    void eventsASecond(@InjectMiniCluster MiniCluster cluster) throws Exception {
        double rate = Integer.getInteger("s4j.rate", 0);
        int seconds = Integer.getInteger("s4j.seconds", 30);
        int warm = Integer.getInteger("s4j.warm", 20);
        int keys = Integer.getInteger("s4j.keys", 10_000);
        String file = System.getProperty("s4j.model");
        byte[] model = file == null
                ? TinyModels.s4d(32, 16).toSafeTensors().toBytes()
                : Files.readAllBytes(Path.of(file));
        double paced = rate == 0 ? Integer.getInteger("s4j.most", 150_000) : rate;
        int uncounted = (int) (warm * paced);
        int counted = (int) (seconds * paced);
        nanos = new long[counted];
        JobClient job = submit(new Scheduled(keys, StreamModel.of(model).network().dInput(), rate), model, uncounted);
        long before = collections();
        job.getJobExecutionResult().get();
        double took = (System.nanoTime() - WARM.get()) / 1e9;
        assertEquals(counted + uncounted, DONE.get());
        tell(String.format(Locale.ROOT, "%d keys, %.0f events/s after a warm-up of %d s; collecting garbage %d ms",
                keys,
                counted / took, warm, collections() - before));
        if (rate > 0) {
            Arrays.sort(nanos);
            tell(String.format(Locale.ROOT,
                    "latency at %.0f events/s: p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, most %.1f ms",
                    rate, at(0.5), at(0.99), at(0.999), at(1)));
        }
        StreamModel m = StreamModel.of(model);
        tell(checkpoints(cluster.getExecutionGraph(job.getJobID()).get().getCheckpointStatsSnapshot(), keys,
                4L * m.network().newState().size()));
        assertTrue(took > 0);
    }

    private JobClient submit(Scheduled schedule, byte[] model, int uncounted) throws Exception {
        DONE.set(0);
        START.set(0);
        Configuration c = Jobs.configuration(System.getProperty("s4j.backend", "hashmap"));
        int interval = Integer.getInteger("s4j.checkpoint", 5_000);
        c.setString("execution.checkpointing.interval", (interval == 0 ? 1_000_000 : interval) + " ms");
        c.setString("execution.checkpointing.dir", checkpoints.toUri().toString());
        System.getProperties().stringPropertyNames().stream().filter(n -> n.startsWith("state.backend.")).forEach(
                n -> c.setString(n, System.getProperty(n)));
        c.setString("execution.buffer-timeout.interval", Integer.getInteger("s4j.buffer", 5) + " ms");
        StreamExecutionEnvironment env = Jobs.environment(c, CORES);
        var source = new DataGeneratorSource<>(schedule, uncounted + (long) nanos.length, TypeInformation.of(
                Reading.class));
        S4Flink.streams(env.fromSource(source, WatermarkStrategy.noWatermarks(), "schedule").setParallelism(1), model,
                StreamOptions.STANDARD.with(Order.ARRIVAL).sized(256, 5, 2 * schedule.keys())).answers().map(a -> {
                    int i = (int) DONE.getAndIncrement() - uncounted;
                    if (i == 0) {
                        WARM.set(System.nanoTime());
                    }
                    if (i >= 0) {
                        nanos[i] = System.nanoTime() - a.time();
                    }
                    return a;
                }).returns(Answer.class).sinkTo(new DiscardingSink<>());
        return env.executeAsync();
    }

    private static double at(double quantile) {
        return nanos[(int) Math.min(nanos.length - 1L, (long) (nanos.length * quantile))] / 1e6;
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream().mapToLong(g -> g.getCollectionTime()).sum();
    }

    private static String checkpoints(CheckpointStatsSnapshot stats, int keys, long own) {
        var last = stats.getHistory().getLatestCompletedCheckpoint();
        if (last == null) {
            return "no checkpoint was taken";
        }
        var times = stats.getSummaryStats().getEndToEndDurationStats();
        return String.format(Locale.ROOT,
                "checkpoints: %d, of %d ms on average, %d ms at most; the last one has %.0f bytes a key, the stream's own are %d (%.3f)",
                times.getCount(), times.getAverage(), times.getMaximum(), (double) last.getStateSize() / keys, own,
                (double) last.getStateSize() / keys / own);
    }

    @SuppressWarnings("SystemOut")
    private static void tell(String line) { System.out.println(line); }
}
