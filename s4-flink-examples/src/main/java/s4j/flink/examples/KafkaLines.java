package s4j.flink.examples;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Lines from a topic and to a topic of Kafka, by the engine's connector. What is written belongs to transactions that are committed with a checkpoint: readers of
 * committed records ({@code isolation.level=read_committed}) see each score once, whatever fails.
 */
public final class KafkaLines {
    private KafkaLines() {}

    /** All that is in the topic and comes to it. A sensor's lines must be in one partition: write them with its name as the key. */
    public static DataStream<String> from(StreamExecutionEnvironment env, String brokers, String topic) {
        KafkaSource<String> source = KafkaSource.<String>builder().setBootstrapServers(brokers).setTopics(topic)
                .setGroupId("s4-sensors").setStartingOffsets(OffsetsInitializer.earliest()).setValueOnlyDeserializer(
                        new SimpleStringSchema())
                .build();
        return env.fromSource(source, WatermarkStrategy.noWatermarks(), "kafka").uid("kafka");
    }

    /** Writes lines, those of an answer exactly once. */
    public static void to(DataStream<String> lines, String brokers, String topic) {
        KafkaSink<String> sink = KafkaSink.<String>builder().setBootstrapServers(brokers).setRecordSerializer(
                KafkaRecordSerializationSchema.builder().setTopic(topic).setKeySerializationSchema(new Key())
                        .setValueSerializationSchema(new SimpleStringSchema()).build())
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE).setTransactionalIdPrefix("s4-" + topic)
                .setProperty("transaction.timeout.ms", "600000").build();
        lines.sinkTo(sink).name("kafka " + topic).uid("kafka-" + topic);
    }

    /** A line's first cell: scores of a sensor stay in order. */
    private static final class Key extends SimpleStringSchema {
        private static final long serialVersionUID = 1;

        @Override
        public byte[] serialize(String line) {
            int comma = line.indexOf(',');
            return super.serialize(comma < 0 ? line : line.substring(0, comma));
        }
    }
}
