package s4j.train.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.train.schedule.SchedulerConfig.Kind;

/** What holds of every schedule, and what configurations are none. */
final class SchedulePropertyTest {
    private static final int STEPS = 60;
    private static final int EPOCHS = 6;

    private static SchedulerConfig config(Object... keys) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keys.length; i += 2) {
            map.put(keys[i].toString(), keys[i + 1]);
        }
        return Binder.bind(ConfigTree.of(map, new Origin("test")), SchedulerConfig.DEFAULTS);
    }

    private static SchedulerConfig some(Kind kind, int warmup) {
        return config("_name_", kind.name().toLowerCase(Locale.ROOT), "num_warmup_steps", warmup, "milestones",
                List.of(2L, 4L), "gamma", 0.5, "step_size", 7L);
    }

    private static double factor(SchedulerConfig c, int step, int total) {
        return Schedule.factor(c, 0.01, new Schedule.At(step, step * EPOCHS / total, total, EPOCHS, Plateau.START));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void factorsAreBetweenNothingAndAllAndFallAfterTheWarmUp(Kind kind) {
        boolean warm = kind == Kind.LINEAR_WARMUP || kind == Kind.COSINE_WARMUP;
        for (int warmup : new int[]{0, 1, 10, STEPS - 1}) {
            SchedulerConfig c = some(kind, warm ? warmup : 0);
            for (int k = 0; k <= 2 * STEPS; k++) {
                double now = factor(c, k, STEPS);
                String what = kind + ", warm-up " + warmup + ", step " + k;
                assertTrue(now >= 0 && now <= 1, what + ": " + now);
                boolean rises = warm && k < warmup;
                // cosine comes back after its period, as the official one does
                if (k < STEPS) {
                    double next = factor(c, k + 1, STEPS);
                    assertTrue(rises ? next >= now : next <= now + 1e-12, what + ": " + now + ", then " + next);
                }
            }
            assertEquals(warm && warmup > 0 ? 0 : 1, factor(c, 0, STEPS), 1e-12, kind + " begins");
        }
    }

    /** A run that is continued anywhere has the factors of one that never stopped: only the place counts. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void aLengthThatIsGivenMakesTheRunsOwnMeaningless(Kind kind) {
        SchedulerConfig c = config("_name_", kind.name().toLowerCase(Locale.ROOT), "num_training_steps", 50L, "T_max",
                5L,
                "milestones", List.of(2L));
        assertEquals(false, Schedule.dependsOnLength(c));
        for (int k = 0; k < 70; k++) {
            Schedule.At one = new Schedule.At(k, k / 10, 60, 6, Plateau.START);
            Schedule.At other = new Schedule.At(k, k / 10, 6000, 600, Plateau.START);
            assertEquals(Schedule.factor(c, 0.01, one), Schedule.factor(c, 0.01, other), kind + ", step " + k);
        }
    }

    @Test
    void noRateHasNoFloor() {
        SchedulerConfig cosine = config("_name_", "cosine", "eta_min", 0.5);
        assertEquals(0, Schedule.factor(cosine, 0, new Schedule.At(0, 6, 60, 6, Plateau.START)), 1e-12);
        assertEquals(1, Schedule.factor(cosine, 0.01, new Schedule.At(0, 3, 60, 6, Plateau.START)),
                "a floor above the rate is the rate");
    }

    @Test
    void scoresThatAreNoNumbersAreNoProgress() {
        SchedulerConfig c = config("_name_", "plateau", "factor", 0.5, "patience", 1L);
        Plateau p = Plateau.START;
        for (double score : new double[]{Double.NaN, Double.POSITIVE_INFINITY}) {
            p = p.next(c, 0.01, score, false);
            assertNull(p.best(), "nothing to compare with");
        }
        assertEquals(0.5, p.factor(), "and patience is over");
        p = p.next(c, 0.01, 3, false);
        assertEquals(3, p.best(), "the first number is the best so far");
        p = p.next(c, 0.01, Double.NaN, false);
        assertEquals(new Plateau(3.0, 1, 0.5), p);
        assertEquals(new Plateau(2.0, 0, 0.5), p.next(c, 0.01, 2, false));
        assertEquals(new Plateau(4.0, 0, 0.5), p.next(c, 0.01, 4, true), "of an accuracy more is better");
    }

    @Test
    void theRateNeverFallsBelowItsLeastNorRises() {
        SchedulerConfig c = config("_name_", "plateau", "factor", 0.1, "patience", 0L, "min_lr", 0.002);
        Plateau p = new Plateau(1.0, 0, 1);
        double last = 1;
        for (int i = 0; i < 20; i++) {
            p = p.next(c, 0.01, 5, false);
            assertTrue(p.factor() <= last && 0.01 * p.factor() >= 0.002 - 1e-12, "factor " + p.factor());
            last = p.factor();
        }
        assertEquals(0.2, last, 1e-12);
        SchedulerConfig above = config("_name_", "plateau", "factor", 0.1, "patience", 0L, "min_lr", 0.5);
        assertEquals(1, new Plateau(1.0, 0, 1).next(above, 0.01, 5, false).factor(), "a least rate above the rate");
        assertEquals(Map.of("best", 1.0, "bad_epochs", 0, "factor", 1.0), new Plateau(1.0, 0, 1).toJson());
    }

    @Test
    void configurationsThatCannotBeAreRefused() {
        assertFails(ConfigException.class, () -> config("num_warmup_steps", 10L, "num_training_steps", 10L),
                "num_training_steps 10 ends before the 10 warm-up steps do");
        assertFails(ConfigException.class, () -> config("_name_", "multistep"), "milestones are empty");
        for (List<Long> bad : List.of(List.of(3L, 3L), List.of(5L, 2L))) {
            assertFails(ConfigException.class, () -> config("_name_", "multistep", "milestones", bad),
                    "milestones " + bad + "; expected increasing epochs");
        }
        assertFails(ConfigException.class, () -> config("_name_", "cosin"), "did you mean cosine?");
        assertFails(ConfigException.class, () -> config("factor", 1.5), "factor: got 1.5");
        assertFails(ConfigException.class, () -> config("step_size", 0L), "step_size: got 0");
    }
}
