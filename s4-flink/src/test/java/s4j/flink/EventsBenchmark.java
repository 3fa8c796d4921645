package s4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.flink.StreamOptions.Order;

/**
 * Events a second and latency on the embedded cluster: no test of CI, whose names end in Test. {@code -Ds4j.events}, {@code -Ds4j.keys}, {@code
 * -Ds4j.rate} (events a second; 0: as fast as it goes) and {@code -Ds4j.model} (a file) change the sizes.
 */
final class EventsBenchmark {
    private static final AtomicLong DONE = new AtomicLong();
    private static long[] nanos = new long[0];

    @TempDir
    Path checkpoints = Path.of("");

    private record Noise(int keys, int values) implements GeneratorFunction<Long, Reading> {
        private static final long serialVersionUID = 1;

        @Override
        public Reading map(Long i) {
            float[] x = new float[values];
            Arrays.fill(x, i % 97 / 97f);
            return new Reading("k" + i % keys, System.nanoTime(), x);
        }
    }

    @Test
    @SuppressWarnings("SystemOut")
    void eventsASecond() throws Exception {
        int events = Integer.getInteger("s4j.events", 200_000);
        int keys = Integer.getInteger("s4j.keys", 10_000);
        int rate = Integer.getInteger("s4j.rate", 0);
        String file = System.getProperty("s4j.model");
        byte[] model = file == null ? Sensors.model() : Files.readAllBytes(Path.of(file));
        StreamModel m = StreamModel.of(model);
        nanos = new long[events];
        DONE.set(0);
        Configuration c = Jobs.configuration("hashmap");
        c.setString("execution.checkpointing.interval", "5 s"); // of more states than the job manager's memory takes
        c.setString("execution.checkpointing.dir", checkpoints.toUri().toString());
        StreamExecutionEnvironment env = Jobs.environment(c, Runtime.getRuntime().availableProcessors());
        var source = new DataGeneratorSource<>(new Noise(keys, m.network().dInput()), events, rate == 0
                ? RateLimiterStrategy.noOp()
                : RateLimiterStrategy.perSecond(rate), TypeInformation.of(Reading.class));
        S4Flink.streams(env.fromSource(source, WatermarkStrategy.noWatermarks(), "noise").setParallelism(1), model,
                StreamOptions.STANDARD.with(Order.ARRIVAL).sized(256, 5, 2 * keys)).answers().map(a -> {
                    nanos[(int) (DONE.getAndIncrement() % nanos.length)] = System.nanoTime() - a.time();
                    return a;
                }).returns(Answer.class).sinkTo(new DiscardingSink<>());
        long start = System.nanoTime();
        env.execute();
        double seconds = (System.nanoTime() - start) / 1e9;
        assertEquals(events, DONE.get());
        Arrays.sort(nanos);
        String told = "events/s %.0f, latency p50 %s p99 %s, state %d bytes a key (the stream's own: %d)".formatted(
                events / seconds, Duration.ofNanos(nanos[events / 2]), Duration.ofNanos(nanos[(int) (events * 0.99)]),
                m.network().newState().snapshot().length + 24 + 4 * m.network().dInput(), 4L * m.network().newState()
                        .size());
        System.out.println(told);
        assertTrue(seconds > 0);
    }
}
