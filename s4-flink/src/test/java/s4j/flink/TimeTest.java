package s4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static s4j.flink.Harness.reading;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import s4j.flink.StreamOptions.NewModel;
import s4j.stream.Session;

/** What becomes of time: readings early and late, gaps, streams of older models. */
final class TimeTest {
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
        try (Harness one = Harness.open(Harness.ARRIVAL.with(key -> two))) {
            one.take(r0);
            one.take(r1);
            state = one.snapshot(1);
        }
        try (Harness later = Harness.restored(state, Harness.ARRIVAL.with(key -> two), 1, 0)) {
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
        try (Harness one = Harness.open(Harness.ARRIVAL)) {
            one.take(reading(1, 10));
            state = one.snapshot(1);
        }
        try (Harness newer = new Harness(Harness.ARRIVAL, Sensors.otherModel(), 1, 0)) {
            newer.engine.initializeState(state);
            assertThrows(Exception.class, newer.engine::open);
        }
        try (Harness newer = new Harness(Harness.ARRIVAL.with(NewModel.RESET), Sensors.otherModel(), 1, 0)) {
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
}
