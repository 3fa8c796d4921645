package s4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
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
import org.junit.jupiter.api.Test;
import s4j.flink.StreamOptions.NewModel;
import s4j.flink.StreamOptions.Order;
import s4j.stream.Session;

/** The operator alone, with time and barriers in the test's hands. */
final class HarnessTest {
    private static final OutputTag<BadReading> BAD = new OutputTag<>("bad", TypeInformation.of(BadReading.class));
    private static final StreamOptions ARRIVAL = StreamOptions.STANDARD.with(Order.ARRIVAL);

    private static final class Harness implements AutoCloseable {
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
    }

    private static Reading reading(int key, long time) {
        return new Reading("k" + key, time,
                new float[]{(float) Math.sin((double) key + time), (float) Math.cos((double) key * time)});
    }

    @Test
    void aReadingWaitsForOthersAsLongAsLatencySaysAndNoLonger() throws Exception {
        try (Harness h = Harness.open(ARRIVAL.sized(100, 5, 10))) {
            h.engine.setProcessingTime(1_000);
            h.take(reading(1, 0));
            h.engine.setProcessingTime(1_003);
            h.take(reading(2, 0));
            h.engine.setProcessingTime(1_004);
            assertTrue(h.answers().isEmpty(), "none before its time");
            h.engine.setProcessingTime(1_005);
            assertEquals(2, h.answers().size(), "the second goes with the first");
            h.take(reading(3, 0));
            h.engine.setProcessingTime(1_010);
            assertEquals(3, h.answers().size(), "the clock starts anew");
        }
    }

    @Test
    void aFullBatchAWatermarkABarrierAndTheEndWaitForNothing() throws Exception {
        try (Harness h = Harness.open(ARRIVAL.sized(2, 1_000_000, 10))) {
            h.take(reading(1, 0));
            h.take(reading(2, 0));
            assertEquals(2, h.answers().size(), "two are a batch");
            h.take(reading(1, 1));
            h.engine.processWatermark(1);
            assertEquals(3, h.answers().size());
            h.take(reading(1, 2));
            h.snapshot(1);
            assertEquals(4, h.answers().size());
            h.take(reading(1, 3));
            h.engine.endInput();
            h.engine.getOperator().finish();
            assertEquals(5, h.answers().size());
        }
    }

    @Test
    void manyKeysTakeTheMemoryOfFewAndAnswerTheSame() throws Exception {
        int keys = 400;
        List<Reading> all = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            for (int k = 0; k < keys; k++) {
                all.add(reading(k, t));
            }
        }
        try (Harness few = Harness.open(ARRIVAL.sized(16, 5, 32));
                Harness many = Harness.open(ARRIVAL.sized(16, 5, 1000))) {
            for (Reading r : all) {
                few.take(r);
                many.take(r);
            }
            few.snapshot(1);
            many.snapshot(1);
            assertTrue(((StepOperator) few.engine.getOperator()).atHand() <= 32 + 16, "streams at hand are bounded");
            assertEquals(keys, few.engine.numKeyedStateEntries(), "the others rest in the state backend");
            assertEquals(Sensors.expected(all, Sensors.model()), few.answers());
            assertEquals(few.answers(), many.answers());
        }
    }

    @Test
    void threeSubtasksGoOnFromOnesStateEachWithItsOwnKeys() throws Exception {
        List<Reading> all = new ArrayList<>();
        for (int t = 0; t < 6; t++) {
            for (int k = 0; k < 30; k++) {
                all.add(reading(k, t));
            }
        }
        Map<String, String> got;
        OperatorSubtaskState state;
        try (Harness one = Harness.open(ARRIVAL.sized(7, 5, 4))) {
            for (Reading r : all.subList(0, 90)) {
                one.take(r);
            }
            state = one.snapshot(1);
            got = one.answers();
        }
        for (int i = 0; i < 3; i++) {
            int index = i;
            try (Harness part = Harness.restored(state, ARRIVAL.sized(7, 5, 4), 3, i)) {
                for (Reading r : all.subList(90, 180)) {
                    if (subtask(r, 3) == index) {
                        part.take(r);
                    }
                }
                part.snapshot(2);
                got.putAll(part.answers());
            }
        }
        assertEquals(Sensors.expected(all, Sensors.model()), got);
    }

    private static int subtask(Reading r, int of) {
        return org.apache.flink.runtime.state.KeyGroupRangeAssignment
                .assignKeyToParallelOperator(Objects.requireNonNull(r
                        .key()), 12, of);
    }

    @Test
    void earlyReadingsWaitInTheStateAndLateOnesStayLateAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (Harness one = Harness.open(StreamOptions.STANDARD)) {
            one.take(reading(1, 50));
            one.take(reading(1, 10));
            one.take(reading(1, 30));
            one.engine.processWatermark(20);
            assertEquals(List.of("k1@10"), List.copyOf(one.answers().keySet()));
            state = one.snapshot(1);
        }
        try (Harness two = Harness.restored(state, StreamOptions.STANDARD, 1, 0)) {
            two.take(reading(1, 20));
            two.take(reading(2, 5));
            assertEquals(List.of("late: the watermark had passed its time", "late: the watermark had passed its time"),
                    two
                            .bad());
            two.take(reading(1, 40));
            two.engine.processWatermark(100);
            Map<String, String> expected = Sensors
                    .expected(List.of(reading(1, 10), reading(1, 30), reading(1, 40), reading(1,
                            50)), Sensors.model());
            expected.remove("k1@10");
            assertEquals(expected, two.answers());
        }
    }

    @Test
    void ofTheSameTimeReadingsAreTakenAsTheyCame() throws Exception {
        Reading first = new Reading("a", 10, new float[]{1, 2});
        Reading second = new Reading("a", 10, new float[]{3, 4});
        try (Harness h = Harness.open(StreamOptions.STANDARD)) {
            h.take(first);
            h.take(second);
            h.engine.processWatermark(10);
            StreamModel m = StreamModel.of(Sensors.model());
            Session s = m.network().newSession();
            List<String> expected = List.of(Sensors.text(m.values(s.step(1, 2), 0)),
                    Sensors.text(m.values(s.step(3, 4), 0)));
            assertEquals(expected, h.engine.extractOutputValues().stream().map(a -> Sensors.text(a.values())).toList());
        }
    }

    /** What the rule makes of readings at 0, 10 and then 50 (three are missing), as a plain loop does it. */
    @Test
    void gapsUpToTheMostThatCountAreHeldAndAfterARestoreToo() throws Exception {
        Gap two = new Gap(Gap.Rule.HOLD, 10, 2);
        StreamModel m = StreamModel.of(Sensors.model());
        Session s = m.network().newSession();
        Reading r0 = reading(1, 0);
        Reading r1 = reading(1, 10);
        Reading r2 = reading(1, 50);
        s.step(Objects.requireNonNull(r0.values()));
        for (int i = 0; i < 3; i++) {
            s.step(Objects.requireNonNull(r1.values())); // itself, and twice for the three that are missing
        }
        String expected = Sensors.text(m.values(s.step(Objects.requireNonNull(r2.values())), 0));
        OperatorSubtaskState state;
        try (Harness one = Harness.open(ARRIVAL.with(key -> two))) {
            one.take(r0);
            one.take(r1);
            state = one.snapshot(1);
        }
        try (Harness later = Harness.restored(state, ARRIVAL.with(key -> two), 1, 0)) {
            later.take(r2);
            later.snapshot(2);
            assertEquals(expected, later.answers().get("k1@50"));
        }
    }

    @Test
    void gapsAreCountedInStepsRoundedAndNeverBelowNone() {
        Gap g = new Gap(Gap.Rule.HOLD, 10, 5);
        assertEquals(0, g.missing(0, 10));
        assertEquals(0, g.missing(0, 14));
        assertEquals(1, g.missing(0, 15));
        assertEquals(3, g.missing(0, 40));
        assertEquals(0, g.missing(0, 1));
        assertEquals(0, g.missing(0, 0));
        assertEquals(0, Gap.NONE.missing(0, 1_000_000));
        assertThrows(IllegalArgumentException.class, () -> new Gap(Gap.Rule.RESET, 10, -1));
        assertThrows(IllegalArgumentException.class, () -> StreamOptions.STANDARD.sized(0, 5, 1));
        assertThrows(IllegalArgumentException.class, () -> StreamOptions.STANDARD.sized(1, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> StreamOptions.STANDARD.sized(1, 0, 0));
    }

    @Test
    void aStateOfAnOlderModelIsRefusedAtTheStartOrBeginsAnewWhereTheRuleSaysSo() throws Exception {
        OperatorSubtaskState state;
        try (Harness one = Harness.open(ARRIVAL)) {
            one.take(reading(1, 10));
            state = one.snapshot(1);
        }
        try (Harness newer = new Harness(ARRIVAL, Sensors.otherModel(), 1, 0)) {
            newer.engine.initializeState(state);
            assertThrows(Exception.class, newer.engine::open);
        }
        try (Harness newer = new Harness(ARRIVAL.with(NewModel.RESET), Sensors.otherModel(), 1, 0)) {
            newer.engine.initializeState(state);
            newer.engine.open();
            newer.take(reading(1, 5));
            newer.take(reading(1, 20));
            OperatorSubtaskState second = newer.snapshot(2);
            assertEquals(List.of("late: it is older than the reading before it"), newer.bad());
            assertEquals(Sensors.expected(List.of(reading(1, 20)), Sensors.otherModel()), newer.answers());
            assertFalse(second.getManagedKeyedState().isEmpty());
        }
    }

    @Test
    void readingsOfOneKeyThatComeTogetherAreSteppedOneAfterTheOther() throws Exception {
        List<Reading> all = new ArrayList<>();
        for (int t = 0; t < 5; t++) {
            all.add(reading(1, t));
            all.add(reading(1, t + 100));
            all.add(reading(2, t));
        }
        all.sort(Comparator.comparingLong(Reading::time));
        try (Harness h = Harness.open(ARRIVAL.sized(1000, 5, 10))) {
            for (Reading r : all) {
                h.take(r);
            }
            h.snapshot(1);
            assertEquals(Sensors.expected(all, Sensors.model()), h.answers());
        }
    }
}
