package s4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.torch.Learner;
import s4j.train.config.TrainerConfig;
import s4j.train.fake.TinyRun;
import s4j.train.run.Checkpoint;
import s4j.train.run.MetricsLog;
import s4j.train.run.Position;
import s4j.train.schedule.Schedule;
import s4j.train.schedule.SchedulerConfig;

/** Runs that epochs end, and runs that time ends. */
final class RunLengthTest {
    private static final Learner.StepResult STEP = new Learner.StepResult(1, 1, 0, 1);

    @TempDir
    Path tmp;

    private static RunLength minutes(double minutes) {
        return RunLength.of(TinyRun.config("trainer.max_minutes=" + minutes, "trainer.max_epochs=1000").values()
                .trainer(), 10);
    }

    private static Position after(int steps, double seconds) {
        Position p = Position.START;
        for (int i = 0; i < steps; i++) {
            p = p.plus(STEP, seconds / steps);
        }
        return p;
    }

    @Test
    void epochsAloneKnowTheWholeRunFromItsFirstStep() {
        RunLength three = RunLength.of(TrainerConfig.DEFAULTS, 10);
        assertEquals(10, three.at(Position.START).total());
        assertFalse(three.timeIsOver(after(5, 1e9)), "time does not count");
        assertEquals("1/1", three.words(after(5, 0), 1));
        assertEquals("1 epoch", three.title());
    }

    @Test
    void theScheduleFollowsTheShareOfTheTime() {
        RunLength two = minutes(2);
        SchedulerConfig cosine = TinyRun.config("scheduler._name_=cosine_warmup", "scheduler.num_warmup_steps=0")
                .values()
                .scheduler();
        for (int share = 1; share < 12; share++) {
            Position p = after(100, 10.0 * share);
            double expected = 0.5 * (1 + Math.cos(Math.PI * share / 12));
            assertEquals(expected, Schedule.factor(cosine, 1, two.at(p)), 0.01, "at " + 10 * share + " seconds");
        }
    }

    @Test
    void theStepThatIsNearestToTheTimeIsTheLast() {
        RunLength one = minutes(1);
        assertFalse(one.timeIsOver(after(10, 54)), "the next step ends at 59.4 s");
        assertTrue(one.timeIsOver(after(11, 59.4)), "the next one would end at 64.8 s");
        assertTrue(one.goesOn(after(11, 59.4)), "the epoch's validation is to come");
        assertEquals("3, 1.0 of 1 minutes", one.words(after(11, 59.4), 3));
        assertEquals(0.6, one.left(after(11, 59.4), 5.4), 1e-9);
    }

    @Test
    void aRunOfSecondsEndsByItselfAndKeepsItsTimeInTheCheckpoint() throws Exception {
        TinyRun run = TinyRun.in(tmp.resolve("run"), "trainer.max_minutes=0.005", "trainer.max_epochs=100000");
        run.go();
        Position end = Checkpoint.read(run.directory().last()).position();
        assertTrue(end.trained() > 0.2, String.valueOf(end.trained()));
        assertEquals(0, end.batch(), "the last epoch has ended, however short");
        var rows = MetricsLog.read(run.directory().metricsJsonl());
        assertEquals("test", rows.getLast().split());
        assertEquals(0, lastRate(rows), 0.02 * 0.05, "the cosine has come to its end");
    }

    private static double lastRate(java.util.List<MetricsLog.Row> rows) {
        return rows.stream().filter(r -> r.split().equals("train")).map(MetricsLog.Row::lr).reduce((a, b) -> b)
                .orElse(Double.NaN);
    }
}
