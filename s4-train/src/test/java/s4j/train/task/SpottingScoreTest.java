package s4j.train.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import s4j.data.SpeechTrack.Spoken;
import s4j.predict.Spotter.Event;

/** Events against what was said. */
final class SpottingScoreTest {
    private static final List<Spoken> SAID = List.of(new Spoken("go", 1, 2), new Spoken("stop", 4, 5),
            new Spoken("go", 8, 9));

    private static SpottingScore of(Event... events) { return SpottingScore.of(List.of(events), SAID, 1.5, 0.5); }

    @Test
    void anEventFindsItsWordWithinTheTolerance() {
        SpottingScore s = of(new Event(1.8, "go", 1), new Event(6.4, "stop", 1), new Event(10.6, "go", 1));
        assertEquals(2, s.found());
        assertEquals(1.0 / 3, s.missRate(), 1e-12);
        assertEquals(1, s.falseAlarms(), "the last one came too late");
        assertEquals(2, s.alarmsPerHour(), 1e-12);
        assertArrayEquals(new double[]{-0.2, 1.4}, s.latency(), 1e-9);
        assertEquals(1.4, s.latencyAt(0.95), 1e-9);
    }

    @Test
    void aWordIsFoundOnceAndNotByAnotherNameOrBeforeItIsSaid() {
        SpottingScore s = of(new Event(0.9, "go", 1), new Event(1.5, "go", 1), new Event(2.1, "go", 1),
                new Event(4.5, "go", 1));
        assertEquals(1, s.found());
        assertEquals(3, s.falseAlarms());
    }

    @Test
    void nothingHeardMissesEverything() {
        SpottingScore s = of();
        assertEquals(1, s.missRate());
        assertEquals(0, s.alarmsPerHour());
        assertTrue(Double.isNaN(s.latencyAt(0.5)));
    }
}
