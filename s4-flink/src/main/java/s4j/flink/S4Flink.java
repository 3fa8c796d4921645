package s4j.flink;

import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * A model on a stream of readings.
 *
 * <pre>
 * S4Flink.Streams s = S4Flink.streams(readings, Files.readAllBytes(model), StreamOptions.STANDARD);
 * s.answers().sinkTo(...);
 * s.bad().sinkTo(...);      // null, NaN, wrong length, late: never lost
 * </pre>
 */
public final class S4Flink {
    private static final OutputTag<BadReading> BAD = new OutputTag<>("s4-bad", TypeInformation.of(BadReading.class));

    private S4Flink() {}

    /**
     * Both outputs.
     *
     * @param answers one for each reading that was stepped
     * @param bad readings that were not
     */
    public record Streams(SingleOutputStreamOperator<Answer> answers, DataStream<BadReading> bad) {}

    /**
     * Steps each key's stream by its readings.
     *
     * @param readings with timestamps and watermarks where the order is that of event time
     * @param model bytes of a model file, which go with the job
     * @throws IllegalArgumentException when the model is damaged or does not stream
     */
    public static Streams streams(DataStream<Reading> readings, byte[] model, StreamOptions options) {
        StreamModel.of(model);
        SingleOutputStreamOperator<Reading> good = readings.process(new Check(model)).name("s4 check").uid("s4-check");
        good.setBufferTimeout(options.latency()); // the engine's own 100 ms would be most of an answer's time
        SingleOutputStreamOperator<Answer> answers = good.keyBy(r -> Objects.requireNonNull(r.key()),
                TypeInformation.of(String.class))
                .transform("s4 step", TypeInformation.of(Answer.class), new StepOperatorFactory(model, options, BAD))
                .uid("s4-step");
        return new Streams(answers, good.getSideOutput(BAD).union(answers.getSideOutput(BAD)));
    }

    /** Lets pass what is a reading. */
    private static final class Check extends ProcessFunction<Reading, Reading> {
        private static final long serialVersionUID = 1;

        private final byte[] file;
        private transient @Nullable StreamModel model;

        Check(byte[] file) { this.file = file; }

        @Override
        public void open(OpenContext context) { model = StreamModel.of(file); }

        @Override
        public void processElement(Reading r, Context context, Collector<Reading> out) {
            String fault = Objects.requireNonNull(model).fault(r);
            if (fault == null) {
                out.collect(r);
            } else {
                context.output(BAD, BadReading.of(r, fault));
            }
        }
    }
}
