package s4j.train.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static s4j.testkit.Messages.assertFails;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import s4j.config.ConfigException;

class PlanTest {
    private static Plan of(String... words) { return Plan.of(List.of(words)); }

    @Test
    void ownWordsAreTakenAndTheOthersAreOfTheRuns() {
        Plan plan = of("pipeline=mnist", "models=s4,lstm", "budget.params=50_000", "budget.minutes=0.5", "seeds=2",
                "growth=1000", "run.dir=a/b", "model.n_layers=2", "~trainer.threads");
        assertEquals(new Plan(List.of("s4", "lstm"), 50_000L, 0.5, null, 2, 1000, Path.of("a", "b"),
                List.of("pipeline=mnist", "model.n_layers=2", "~trainer.threads")), plan);
        assertEquals(List.of(256, 512), plan.lengths());
        assertEquals(List.of(), of("models=s4,lstm", "growth=0").lengths());
        assertEquals(List.of(256, 512, 1024, 2048, 4096, 8192, 16384), of("models=s4,lstm").lengths());
    }

    @Test
    void anInterruptedComparisonGoesOnOnlyWithTheSameRuns() {
        String plan = of("models=s4,lstm", "pipeline=mnist").fingerprint();
        assertEquals(plan, of("pipeline=mnist", "models=s4,lstm", "run.dir=x", "growth=0").fingerprint());
        assertNotEquals(plan, of("pipeline=mnist", "models=s4,lstm", "seeds=4").fingerprint());
        assertNotEquals(plan, of("pipeline=mnist", "models=s4,lstm", "budget.epochs=1").fingerprint());
    }

    @Test
    void badWordsAreRefusedWithWhatIsExpected() {
        assertFails(ConfigException.class, () -> of("pipeline=mnist"), "models: got \"\"", "two or more");
        assertFails(ConfigException.class, () -> of("models=s4,s4"), "different");
        assertFails(ConfigException.class, () -> of("models=s4,lstm", "model=s4"), "chooses this itself");
        assertFails(ConfigException.class, () -> of("models=s4,lstm", "budget.parms=3"), "unknown key budget.parms");
        assertFails(ConfigException.class, () -> of("models=s4,lstm", "budget.minutes=-1"), "got -1",
                "expected a number from 0.01");
        assertFails(ConfigException.class, () -> of("models=s4,lstm", "seeds=two"), "seeds: got two");
        for (String key : List.of("seeds", "budget.epochs", "budget.params", "growth")) {
            assertFails(ConfigException.class, () -> of("models=s4,lstm", key + "=2.5"),
                    key + ": got 2.5; expected a whole number");
        }
        assertEquals(1000, of("models=s4,lstm", "budget.params=1e3").params());
        assertFails(ConfigException.class, () -> of("models=s4,lstm", "budget.minutes=1", "budget.epochs=1"),
                "expected one of them");
    }
}
