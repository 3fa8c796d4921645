package s4j.flink.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;
import s4j.flink.Gap;

/** From Kafka to Kafka through the engine's connector, with a broker in this JVM: each score once and in order, though the job fails on its way. */
final class KafkaTest {
    private static final int ROWS = 150;
    private static final int FIRST = 90;
    private static final List<String> SENSORS = List.of("a", "b", "c");
    private static @Nullable KafkaClusterTestKit cluster;

    @BeforeAll
    static void start() throws Exception {
        KafkaClusterTestKit own = new KafkaClusterTestKit.Builder(new TestKitNodes.Builder().setCombined(true)
                .setNumBrokerNodes(1).setNumControllerNodes(1).build())
                .setConfigProp("offsets.topic.replication.factor", "1")
                .setConfigProp("offsets.topic.num.partitions", "1")
                .setConfigProp("transaction.state.log.replication.factor", "1").setConfigProp(
                        "transaction.state.log.min.isr", "1")
                .setConfigProp("transaction.state.log.num.partitions", "1").build();
        cluster = own;
        own.format();
        own.startup();
        own.waitForReadyBrokers();
        try (Admin admin = Admin.create(own.clientProperties())) {
            admin.createTopics(List.of(new NewTopic("measurements", 2, (short) 1), new NewTopic("scores", 2, (short) 1),
                    new NewTopic("scores-bad", 1, (short) 1))).all().get();
        }
    }

    @AfterAll
    static void stop() throws Exception { java.util.Objects.requireNonNull(cluster).close(); }

    private static Properties clients() { return java.util.Objects.requireNonNull(cluster).clientProperties(); }

    private static Measurement measurement(String sensor, int i) {
        return new Measurement(sensor, 1000L * i, Math.sin(i / 4.0 + sensor.charAt(0)) + i % 7 / 10.0);
    }

    private static void produce(int from, int to) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(clients(), new StringSerializer(),
                new StringSerializer())) {
            for (int i = from; i < to; i++) {
                for (String sensor : SENSORS) {
                    Measurement m = measurement(sensor, i);
                    var _ = producer.send(new ProducerRecord<>("measurements", sensor, sensor + "," + m.time() + "," + m
                            .value()));
                }
                if (i == 40) {
                    producer.send(new ProducerRecord<>("measurements", "a", "a,nonsense")).get();
                }
            }
            producer.flush();
        }
    }

    /** Throws once, some scores after a checkpoint was completed. */
    private static final class Failing extends RichMapFunction<Scored, Scored> implements CheckpointListener {
        private static final long serialVersionUID = 1;
        static final AtomicInteger FAILURES = new AtomicInteger();
        private int since = -1;

        @Override
        public Scored map(Scored s) {
            if (since >= 0 && ++since > 10 && FAILURES.compareAndSet(0, 1)) {
                throw new IllegalStateException("an injected failure");
            }
            return s;
        }

        @Override
        public void notifyCheckpointComplete(long checkpoint) { since = Math.max(since, 0); }
    }

    private static List<String> consumed(String topic, int count) {
        Properties p = clients();
        p.put("group.id", "reader-" + topic + System.nanoTime());
        p.put("auto.offset.reset", "earliest");
        p.put("isolation.level", "read_committed");
        List<String> out = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(p, new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            long settled = Long.MAX_VALUE;
            while (System.nanoTime() < Math.min(end, settled)) {
                for (ConsumerRecord<String, String> r : consumer.poll(Duration.ofMillis(100))) {
                    out.add(r.value());
                }
                if (out.size() >= count && settled == Long.MAX_VALUE) {
                    settled = System.nanoTime() + Duration.ofSeconds(1).toNanos(); // for what should not come
                }
            }
        }
        return out;
    }

    @Test
    void scoresAreWrittenOnceAndInOrderThoughTheJobFailsOnItsWay() throws Exception {
        produce(0, FIRST);
        Configuration c = Sensors.configuration();
        c.setString("execution.checkpointing.interval", "150 ms");
        c.setString("restart-strategy.type", "fixed-delay");
        c.setString("restart-strategy.fixed-delay.delay", "10 ms");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(c);
        env.setParallelism(2);
        String brokers = java.util.Objects.requireNonNull(cluster).bootstrapServers();
        Probation probation = new Probation(Map.of(), 60);
        SensorJob job = SensorJob.of(KafkaLines.from(env, brokers, "measurements"), Sensors.model(null), probation,
                key -> Gap.NONE);
        KafkaLines
                .to(job.scored().map(new Failing()).returns(TypeInformation.of(Scored.class)).map(Lines::line).returns(
                        Types.STRING), brokers, "scores");
        KafkaLines.to(job.bad().map(b -> b.key() + ": " + b.reason()).returns(Types.STRING), brokers, "scores-bad");
        JobClient running = env.executeAsync();
        assertEquals(FIRST * SENSORS.size(), consumed("scores", FIRST * SENSORS.size()).size());
        produce(FIRST, ROWS); // a checkpoint was completed, so that it fails among these
        List<String> lines = consumed("scores", ROWS * SENSORS.size());
        List<String> bad = consumed("scores-bad", 1);
        running.cancel().get();
        assertEquals(1, Failing.FAILURES.get(), "the failure did come");
        assertEquals(List.of("null: got 'a,nonsense'; expected sensor,time,value"), bad);
        Map<String, List<String>> got = new TreeMap<>();
        lines.forEach(l -> got.computeIfAbsent(l.substring(0, 1), k -> new ArrayList<>()).add(l));
        for (String sensor : SENSORS) {
            List<Measurement> all = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                all.add(measurement(sensor, i));
            }
            List<Double> forecasts = Plain.forecasts(all, probation);
            List<String> own = got.getOrDefault(sensor, List.of());
            assertEquals(ROWS, own.size(), "scores of " + sensor);
            for (int i = 0; i < ROWS; i++) {
                String[] cells = own.get(i).split(",", -1);
                assertEquals(Lines.stamp(1000L * i), cells[1], "in order");
                assertEquals(forecasts.get(i), cells[3].isEmpty() ? Double.NaN : Double.parseDouble(cells[3]), 1e-5,
                        own.get(
                                i));
            }
        }
    }
}
