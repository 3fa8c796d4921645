package s4j.flink.examples;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import s4j.flink.BadReading;
import s4j.flink.Gap;
import s4j.flink.Reading;
import s4j.flink.S4Flink;
import s4j.flink.StreamOptions;

/**
 * From lines {@code sensor,time,value} to scores. Lines of a sensor come in the order of time, one behind the other.
 *
 * @param scored a measurement each
 * @param bad what was none, with the reason
 */
public record SensorJob(DataStream<Scored> scored, DataStream<BadReading> bad) {
    private static final OutputTag<BadReading> NONE = new OutputTag<>("no-measurement", TypeInformation.of(
            BadReading.class));

    /**
     * Builds the job.
     *
     * @param model bytes of a model file: a standardised value in, the difference to the next one out
     * @param gaps what a sensor's stream does where measurements are missing
     */
    public static SensorJob of(DataStream<String> lines, byte[] model, Probation probation, Gap.ByKey gaps) {
        var parsed = lines.process(new Parse()).returns(TypeInformation.of(Measurement.class)).name("parse").uid(
                "parse").setParallelism(lines.getParallelism()); // a sensor's lines stay in order
        var scaled = parsed.keyBy(Measurement::key, Types.STRING).process(new Standardise(probation)).returns(
                TypeInformation.of(Scaled.class)).name("standardise").uid("standardise");
        var readings = scaled.map(m -> new Reading(m.key(), m.time(), new float[]{(float) m.z()})).returns(
                TypeInformation.of(Reading.class)).name("reading").uid("reading");
        S4Flink.Streams streams = S4Flink.streams(readings, model, StreamOptions.STANDARD.with(
                StreamOptions.Order.ARRIVAL).with(gaps));
        var scored = scaled.keyBy(Scaled::key, Types.STRING).connect(streams.answers().keyBy(a -> a.key(),
                Types.STRING)).process(new Score(probation)).returns(TypeInformation.of(Scored.class)).name("score")
                .uid("score");
        return new SensorJob(scored, parsed.getSideOutput(NONE).union(streams.bad()));
    }

    /** What is no measurement goes to the side output. */
    private static final class Parse extends ProcessFunction<String, Measurement> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(String line, Context context, Collector<Measurement> out) {
            try {
                out.collect(Lines.measurement(line));
            } catch (IllegalArgumentException e) {
                context.output(NONE, new BadReading(null, 0, null, String.valueOf(e.getMessage())));
            }
        }
    }
}
