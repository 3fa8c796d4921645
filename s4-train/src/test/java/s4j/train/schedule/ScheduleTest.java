package s4j.train.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.train.schedule.SchedulerConfig.Kind;

final class ScheduleTest {
    private static final double ROUNDING = 1e-15;

    @Test
    void cosineWithWarmupIsThatOfTheGoldenTrainingCases() {
        SchedulerConfig c = warm(Kind.COSINE_WARMUP, 3);
        for (int k = 0; k < 20; k++) {
            double expected = k < 3 ? k / 3.0 : 0.5 * (1 + Math.cos(Math.PI * (k - 3) / 17));
            assertEquals(expected, factor(c, k, 0, 20), ROUNDING, "step " + k);
        }
        assertEquals(0, factor(c, 20, 0, 20), ROUNDING);
        assertEquals(0, factor(c, 33, 0, 20), ROUNDING);
    }

    @Test
    void linearWithWarmupRisesToOneAndFallsToZero() {
        SchedulerConfig c = warm(Kind.LINEAR_WARMUP, 4);
        double[] expected = {0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25, 0, 0};
        for (int k = 0; k < expected.length; k++) {
            assertEquals(expected[k], factor(c, k, 0, 8), ROUNDING, "step " + k);
        }
    }

    @Test
    void cosineFallsWithTheEpochsToItsLeastRate() {
        SchedulerConfig c = config("_name_", "cosine", "eta_min", 0.001);
        // lr 0.01 over four epochs: the rate falls to 0.001, a tenth
        assertEquals(1, factor(c, 99, 0, 400), ROUNDING);
        assertEquals(0.55, factor(c, 200, 2, 400), ROUNDING);
        assertEquals(0.1 + 0.9 * 0.5 * (1 - Math.sqrt(0.5)), factor(c, 300, 3, 400), ROUNDING);
    }

    @Test
    void aSetLengthWinsOverTheRunsOwn() {
        SchedulerConfig c = config("_name_", "cosine_warmup", "num_training_steps", 100);
        assertEquals(0.5, factor(c, 50, 0, 10), ROUNDING);
        assertFalse(Schedule.dependsOnLength(config("_name_", "cosine", "T_max", 3)));
        assertFalse(Schedule.dependsOnLength(c));
        assertTrue(Schedule.dependsOnLength(warm(Kind.COSINE, 0)));
        assertFalse(Schedule.dependsOnLength(warm(Kind.CONSTANT, 0)));
    }

    @Test
    void stepAndMultistepMultiplyByGamma() {
        SchedulerConfig step = steps(Kind.STEP);
        assertEquals(1, factor(step, 9, 0, 50), ROUNDING);
        assertEquals(0.5, factor(step, 10, 0, 50), ROUNDING);
        assertEquals(0.125, factor(step, 39, 0, 50), ROUNDING);
        SchedulerConfig multi = steps(Kind.MULTISTEP);
        assertEquals(1, factor(multi, 999, 1, 50), ROUNDING);
        assertEquals(0.5, factor(multi, 0, 2, 50), ROUNDING);
        assertEquals(0.25, factor(multi, 0, 7, 50), ROUNDING);
    }

    @Test
    void plateauLowersTheRateAfterPatienceIsOver() {
        SchedulerConfig c = config("_name_", "plateau", "factor", 0.2, "patience", 1, "min_lr", 0.003);
        Plateau p = Plateau.START;
        double[] accuracies = {0.5, 0.6, 0.6, 0.60001, 0.7, 0.1, 0.1};
        // 0.60001 is no improvement: it must exceed the best by a ten-thousandth; 0.01 · 0.2 is below min_lr 0.003
        double[] expected = {1, 1, 1, 0.3, 0.3, 0.3, 0.3};
        for (int i = 0; i < accuracies.length; i++) {
            p = p.next(c, 0.01, accuracies[i], true);
            assertEquals(expected[i], p.factor(), ROUNDING, "epoch " + i);
            assertEquals(p.factor(), Schedule.factor(c, 0.01, new Schedule.At(0, i, 1, 1, p)), ROUNDING);
        }
    }

    private static double factor(SchedulerConfig c, long step, int epoch, long total) {
        return Schedule.factor(c, 0.01, new Schedule.At(step, epoch, total, 4, Plateau.START));
    }

    private static SchedulerConfig warm(Kind kind, int warmup) {
        return config("_name_", word(kind), "num_warmup_steps", warmup);
    }

    private static SchedulerConfig steps(Kind kind) {
        return config("_name_", word(kind), "gamma", 0.5, "step_size", 10, "milestones", List.of(2, 5));
    }

    private static String word(Kind kind) { return kind.name().toLowerCase(Locale.ROOT); }

    private static SchedulerConfig config(Object... keysAndValues) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
        }
        return Binder.bind(ConfigTree.of(values, Origin.DEFAULTS), SchedulerConfig.class);
    }
}
