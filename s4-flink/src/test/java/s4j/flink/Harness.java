package s4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import s4j.flink.StreamOptions.Order;

/** The operator alone, with time and barriers in the test's hands. */
final class Harness implements AutoCloseable {
    /** Without waiting for a watermark. */
    static final StreamOptions ARRIVAL = StreamOptions.STANDARD.with(Order.ARRIVAL);

    private static final OutputTag<BadReading> BAD = new OutputTag<>("bad", TypeInformation.of(BadReading.class));

    final KeyedOneInputStreamOperatorTestHarness<String, Reading, Answer> engine;

    Harness(StreamOptions options, byte[] model, int subtasks, int index) throws Exception {
        engine = new KeyedOneInputStreamOperatorTestHarness<>(new StepOperatorFactory(model, options, BAD),
                r -> Objects
                        .requireNonNull(r.key()),
                Types.STRING, 12, subtasks, index);
    }

    static Harness open(StreamOptions options) throws Exception {
        Harness h = new Harness(options, Sensors.model(), 1, 0);
        h.engine.open();
        return h;
    }

    static Harness restored(OperatorSubtaskState state, StreamOptions options, int subtasks, int index)
            throws Exception {
        Harness h = new Harness(options, Sensors.model(), subtasks, index);
        h.engine.initializeState(AbstractStreamOperatorTestHarness.repartitionOperatorState(state, 12, 1, subtasks,
                index));
        h.engine.open();
        return h;
    }

    void take(Reading r) throws Exception { engine.processElement(r, r.time()); }

    OperatorSubtaskState snapshot(long id) throws Exception {
        engine.prepareSnapshotPreBarrier(id);
        return engine.snapshot(id, id);
    }

    List<String> bad() {
        var out = engine.getSideOutput(BAD);
        return out == null ? List.of() : out.stream().map(r -> r.getValue().reason()).toList();
    }

    Map<String, String> answers() {
        Map<String, String> out = new TreeMap<>();
        engine.extractOutputValues().forEach(a -> {
            String before = out.put(a.key() + "@" + a.time(), Sensors.text(a.values()));
            assertEquals(null, before, "answered twice: " + a);
        });
        return out;
    }

    @Override
    public void close() {
        try {
            engine.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** What a key is given at a time. */
    static Reading reading(int key, long time) {
        return new Reading("k" + key, time,
                new float[]{(float) Math.sin((double) key + time), (float) Math.cos((double) key * time)});
    }
}
