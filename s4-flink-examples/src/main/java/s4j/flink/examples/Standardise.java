package s4j.flink.examples;

import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Learns a sensor's scale from its first measurements, then keeps it. What has no value passes as it is. */
final class Standardise extends KeyedProcessFunction<String, Measurement, Scaled> {
    private static final long serialVersionUID = 1;
    private static final double LEAST = 1e-9;

    private final Probation probation;
    private transient @Nullable ValueState<Moments> kept;

    Standardise(Probation probation) { this.probation = probation; }

    /** Of the values so far; public for the engine. */
    public static final class Moments {
        /** Values that count. */
        public long count;
        /** Measurements, also those that do not count any more. */
        public long index;
        /** Their mean. */
        public double mean;
        /** Sum of squares about the mean. */
        public double squares;

        /** For the engine. */
        public Moments() {}

        /** Counts a value (Welford). */
        void take(double value) {
            count++;
            double before = value - mean;
            mean += before / count;
            squares += before * (value - mean);
        }

        double std() { return count < 2 ? 1 : Math.max(Math.sqrt(squares / count), LEAST); }
    }

    @Override
    public void open(OpenContext context) {
        kept = getRuntimeContext().getState(new ValueStateDescriptor<>("scale", TypeInformation.of(Moments.class)));
    }

    @Override
    public void processElement(Measurement m, Context context, Collector<Scaled> out) throws Exception {
        ValueState<Moments> state = java.util.Objects.requireNonNull(kept);
        Moments before = state.value();
        Moments now = before == null ? new Moments() : before;
        long index = now.index;
        if (Double.isFinite(m.value())) {
            if (index < probation.scaling(m.key())) {
                now.take(m.value());
            }
            now.index++;
            state.update(now);
        }
        out.collect(new Scaled(m.key(), m.time(), m.value(), now.mean, now.std(), index));
    }
}
