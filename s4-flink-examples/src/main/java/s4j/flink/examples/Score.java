package s4j.flink.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import s4j.flink.Answer;

/**
 * Holds what came against what was forecast. Measurements and the model's answers to them come by two ways, each in order, so the first of both that are kept belong together;
 * a measurement that the model refused has no answer and is left out.
 */
final class Score extends KeyedCoProcessFunction<String, Scaled, Answer, Scored> {
    private static final long serialVersionUID = 1;

    private final Probation probation;
    private transient @Nullable ValueState<Sensor> kept;

    Score(Probation probation) { this.probation = probation; }

    /** What is kept of a sensor; public for the engine. */
    public static final class Sensor {
        /** Measurements without an answer so far. */
        public List<Scaled> waiting = new ArrayList<>();
        /** Answers without their measurement so far. */
        public List<Answer> early = new ArrayList<>();
        /** Of the next measurement, in standard deviations; NaN: none yet. */
        public double forecast = Double.NaN;
        /** Of the model's errors. */
        public Detector model = new Detector();
        /** The simple forecast. */
        public Window window = new Window();
        /** Of its errors. */
        public Detector simple = new Detector();

        /** For the engine. */
        public Sensor() {}
    }

    @Override
    public void open(OpenContext context) {
        kept = getRuntimeContext().getState(new ValueStateDescriptor<>("sensor", Types.POJO(Sensor.class,
                java.util.Map.of("waiting", Types.LIST(TypeInformation.of(Scaled.class)), "early", Types.LIST(
                        TypeInformation.of(Answer.class)), "forecast", Types.DOUBLE, "model",
                        TypeInformation.of(
                                Detector.class),
                        "window", TypeInformation.of(Window.class), "simple", TypeInformation
                                .of(Detector.class)))));
    }

    private Sensor sensor() throws Exception {
        Sensor before = Objects.requireNonNull(kept).value();
        return before == null ? new Sensor() : before;
    }

    @Override
    public void processElement1(Scaled m, Context context, Collector<Scored> out) throws Exception {
        Sensor s = sensor();
        s.waiting.add(m);
        match(s, out);
    }

    @Override
    public void processElement2(Answer a, Context context, Collector<Scored> out) throws Exception {
        Sensor s = sensor();
        s.early.add(a);
        match(s, out);
    }

    private void match(Sensor s, Collector<Scored> out) throws Exception {
        while (!s.waiting.isEmpty() && !s.early.isEmpty()) {
            Scaled m = s.waiting.removeFirst();
            if (m.time() == s.early.getFirst().time() && Double.isFinite(m.value())) {
                out.collect(scored(s, m, s.early.removeFirst()));
            }
        }
        Objects.requireNonNull(kept).update(s);
    }

    private Scored scored(Sensor s, Scaled m, Answer a) {
        double z = m.z();
        double forecast = s.forecast;
        int from = probation.scaling(m.key());
        int until = probation.length(m.key());
        double error = Double.isNaN(forecast) ? 0 : z - forecast;
        double score = s.model.score(error, m.index(), from, until);
        double simple = s.simple.score(s.window.error(z), m.index(), from, until);
        s.forecast = z + a.values()[0]; // the model says by how much the next value differs
        return new Scored(m.key(), m.time(), m.value(), m.mean() + m.std() * forecast, score, score > 1, simple,
                simple > 1);
    }
}
