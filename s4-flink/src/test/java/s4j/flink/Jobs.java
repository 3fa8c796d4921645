package s4j.flink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** Jobs over {@link Sensors}. */
final class Jobs {
    private static final double A_SECOND = 1_400;

    private Jobs() {}

    static Configuration configuration(String backend) {
        Configuration c = new Configuration();
        c.setString("state.backend.type", backend);
        c.setString("execution.checkpointing.interval", "60 ms");
        c.setString("restart-strategy.type", "fixed-delay");
        c.setString("restart-strategy.fixed-delay.attempts", "3");
        c.setString("restart-strategy.fixed-delay.delay", "10 ms");
        c.setString("pipeline.auto-watermark-interval", "20 ms");
        c.setString("pipeline.generic-types", "false"); // no Kryo
        return c;
    }

    static StreamExecutionEnvironment environment(Configuration c, int parallelism) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(c);
        env.setParallelism(parallelism);
        env.setMaxParallelism(12);
        return env;
    }

    private static final class Readings implements GeneratorFunction<Long, Reading> {
        private static final long serialVersionUID = 1;

        @Override
        public Reading map(Long i) { return Sensors.reading(i); }
    }

    /** All readings, at a pace at which checkpoints come between them. */
    static DataStream<Reading> paced(StreamExecutionEnvironment env) {
        return env.fromSource(new DataGeneratorSource<>(new Readings(), Sensors.COUNT, RateLimiterStrategy.perSecond(
                A_SECOND), TypeInformation.of(Reading.class)), watermarks(), "sensors").setParallelism(1)
                .uid("sensors");
    }

    static WatermarkStrategy<Reading> watermarks() {
        return WatermarkStrategy.<Reading>forBoundedOutOfOrderness(Duration.ofMillis(Sensors.DISORDER))
                .withTimestampAssigner((r, _) -> r.time());
    }

    /** Those readings as they are. */
    static DataStream<Reading> of(StreamExecutionEnvironment env, List<Reading> readings) {
        return env.fromData(readings, TypeInformation.of(Reading.class)).assignTimestampsAndWatermarks(watermarks());
    }

    /** Throws once or twice, each time some answers after a checkpoint was completed. */
    static final class Failing extends RichMapFunction<Answer, Answer> implements CheckpointListener {
        private static final long serialVersionUID = 1;
        /** In this JVM, as all subtasks and their restarts are. */
        static final AtomicInteger FAILURES = new AtomicInteger();

        private final int most;
        private int since = -1;

        Failing(int most) { this.most = most; }

        @Override
        public Answer map(Answer a) {
            if (since >= 0 && ++since > 100 && FAILURES.get() < most && FAILURES.incrementAndGet() <= most) {
                throw new IllegalStateException("an injected failure");
            }
            return a;
        }

        @Override
        public void notifyCheckpointComplete(long checkpoint) { since = Math.max(since, 0); }
    }

    /** Answers by key and time; twice the same is refused. */
    static Map<String, String> gathered(CloseableIterator<Answer> answers) {
        Map<String, String> out = new TreeMap<>();
        answers.forEachRemaining(a -> {
            if (out.put(a.key() + "@" + a.time(), Sensors.text(a.values())) != null) {
                throw new AssertionError("answered twice: " + a);
            }
        });
        return out;
    }

    static <T> List<T> list(CloseableIterator<T> all) {
        List<T> out = new ArrayList<>();
        all.forEachRemaining(out::add);
        return out;
    }
}
