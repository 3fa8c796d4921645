package s4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.flink.Harness.reading;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** Which readings are stepped together, when, and that it changes nothing. */
final class TogetherTest {
    @Test
    void aReadingWaitsForOthersAsLongAsLatencySaysAndNoLonger() throws Exception {
        try (Harness h = Harness.open(Harness.ARRIVAL.sized(100, 5, 10))) {
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
        try (Harness h = Harness.open(Harness.ARRIVAL.sized(2, 1_000_000, 10))) {
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
        try (Harness few = Harness.open(Harness.ARRIVAL.sized(16, 5, 32));
                Harness many = Harness.open(Harness.ARRIVAL.sized(16, 5, 1000))) {
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
        try (Harness one = Harness.open(Harness.ARRIVAL.sized(7, 5, 4))) {
            for (Reading r : all.subList(0, 90)) {
                one.take(r);
            }
            state = one.snapshot(1);
            got = one.answers();
        }
        for (int i = 0; i < 3; i++) {
            int index = i;
            try (Harness part = Harness.restored(state, Harness.ARRIVAL.sized(7, 5, 4), 3, i)) {
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
    void readingsOfOneKeyThatComeTogetherAreSteppedOneAfterTheOther() throws Exception {
        List<Reading> all = new ArrayList<>();
        for (int t = 0; t < 5; t++) {
            all.add(reading(1, t));
            all.add(reading(1, t + 100));
            all.add(reading(2, t));
        }
        all.sort(Comparator.comparingLong(Reading::time));
        try (Harness h = Harness.open(Harness.ARRIVAL.sized(1000, 5, 10))) {
            for (Reading r : all) {
                h.take(r);
            }
            h.snapshot(1);
            assertEquals(Sensors.expected(all, Sensors.model()), h.answers());
        }
    }
}
