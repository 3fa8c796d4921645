package s4j.train.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static s4j.testkit.Messages.assertFails;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import s4j.config.ConfigException;

final class SweepPlanTest {
    @Test
    void valuesWithCommasBetweenAreSweptOverInEveryCombination() {
        SweepPlan plan = SweepPlan
                .of(List.of("pipeline=mnist", "optimizer.lr=0.1, 0.2", "run.dir=x", "model=s4,s4d,lstm", "~seed"));
        assertEquals(List.of("pipeline=mnist", "~seed"), plan.words());
        assertEquals(Path.of("x"), plan.directory());
        assertEquals(6, plan.combinations().size());
        assertEquals(List.of("optimizer.lr=0.1", "model=s4d"), plan.own(plan.combinations().get(1)));
        assertEquals(List.of("optimizer.lr=0.2", "model=lstm"), plan.own(plan.combinations().get(5)));
    }

    @Test
    void commasWithinBracketsAndQuotesBelongToOneValue() {
        SweepPlan plan = SweepPlan.of(List.of("model.layer=[s4d, ff],[s4d, s4d, ff]", "a='x,y'", "b={c: 1, d: 2}"));
        assertEquals(List.of("[s4d, ff]", "[s4d, s4d, ff]"), plan.axes().get("model.layer"));
        assertEquals(List.of("a='x,y'", "b={c: 1, d: 2}"), plan.words());
    }

    @Test
    void whatIsNoSweepIsRefused() {
        assertFails(ConfigException.class, () -> SweepPlan.of(List.of("pipeline=mnist")), "expected KEY=v1,v2");
        assertFails(ConfigException.class, () -> SweepPlan.of(List.of("a=1,1")), "expected different values");
        assertFails(ConfigException.class, () -> SweepPlan.of(List.of("a=1,")), "expected different values");
        assertFails(ConfigException.class, () -> SweepPlan.of(List.of("a=1,2", "a=3,4")), "got a twice");
        assertFails(ConfigException.class,
                () -> SweepPlan.of(List.of("a=" + "0,1,2,3,4,5,6,7,8,9", "b=0,1,2,3,4,5,6,7,8,9",
                        "c=0,1,2,3,4,5,6,7,8,9", "d=1,2")),
                "more than 1,000 runs");
    }
}
