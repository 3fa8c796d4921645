package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.kernel.Backend;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

/** A model that pools, on recordings of every second sample, without training: behind the first pool all is as it was. */
class PooledRateTest {
    private static final int SEED = 8;
    private static final int L = 48;

    private static NetworkConfig network(Object layer, String pool) {
        return Cases.network("d_input", 1, "l_max", L, "model.d_model", 6, "model.n_layers", 2, "model.layer", layer,
                "model.pool._name_", pool, "model.pool.stride", 4, "model.pool.expand", 2, "decoder.mode", "pool");
    }

    /** Values at so many steps of a slow curve. */
    private static SequenceBatch curve(int steps, boolean held) {
        float[] x = new float[2 * steps];
        for (int i = 0; i < x.length; i++) {
            double t = i % steps / (double) steps;
            double at = held ? Math.floor(t * L / 2) * 2 / L : t;
            x[i] = (float) Math.sin(2 * Math.PI * at * (1 + i / steps));
        }
        return new SequenceBatch(2, steps, 1, x, new int[2]);
    }

    private static float[] at(double rate, NetworkConfig config, Learner learner, SequenceBatch batch) {
        return new S4Model(config, learner.modelTensors(), new ModelOptions(Backend.best(), 1, rate)).forward(batch);
    }

    @ParameterizedTest
    @CsvSource({"sample", "average", "linear"})
    void withoutMemoryItIsTheSameAsOnStepsThatAreHeld(String pool) {
        NetworkConfig config = network(List.of("ff"), pool);
        try (Learner learner = Learner.create(config, Cases.learner(SEED))) {
            Comparison.requireClose(pool, SEED, at(2, config, learner, curve(L / 2, false)),
                    at(1, config, learner, curve(L, true)), Tolerances.RUNTIME);
        }
    }

    @ParameterizedTest
    @CsvSource({"sample", "average", "linear"})
    void aSlowCurveLooksTheSame(String pool) {
        NetworkConfig config = network(Map.of("d_state", 8, "mode", "diag", "init", "diag-lin"), pool);
        try (Learner learner = Learner.create(config, Cases.learner(SEED))) {
            float[] full = at(1, config, learner, curve(L, false));
            double known = Comparison.relativeError(at(2, config, learner, curve(L / 2, false)), full);
            double ignored = Comparison.relativeError(at(1, config, learner, curve(L / 2, false)), full);
            assertTrue(known < 0.5 * ignored, pool + ": " + known + " with the rate, " + ignored + " without");
        }
    }
}
