package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import s4j.model.NetworkConfig;
import s4j.torch.nn.Network;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.ParameterStore;

/** Training keeps no native memory, and this test would notice if it did. */
class NativeMemoryTest {
    private static final int WARM = 50;
    private static final int END = 250;
    private static final double LIMIT = 0.01;

    /** What the process holds: resident bytes after a collection, and live native handles. */
    private record Held(long bytes, long handles) {
        static Held now() {
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            return new Held(Pointer.physicalBytes(), Pointer.totalCount());
        }

        double growth(Held later) { return later.bytes / (double) bytes - 1; }
    }

    /** One use of the learner. */
    private interface Use {
        void run(Learner learner, int k);
    }

    private static NetworkConfig config() {
        return Cases.network("model.d_model", 16, "l_max", 64, "model.dropout", 0.1);
    }

    private static void requireFlat(Use use) {
        LearnerOptions o = Cases.learner(1);
        var options = new LearnerOptions(o.optimizer(), false, false, 1, 0.99, "cpu", 1, 1);
        try (Learner learner = Learner.create(config(), options)) {
            for (int k = 0; k < WARM; k++) {
                use.run(learner, k);
            }
            Held before = Held.now();
            for (int k = WARM; k < END; k++) {
                use.run(learner, k);
            }
            Held after = Held.now();
            assertTrue(before.growth(after) < LIMIT, "from step %d to %d resident memory grew from %d to %d bytes"
                    .formatted(WARM, END, before.bytes(), after.bytes()));
            assertEquals(before.handles(), after.handles());
        }
    }

    @Test
    void aKeptGraphIsNoticed() {
        List<Tensor> kept = new ArrayList<>();
        try (ParameterStore store = new ParameterStore(1, new org.bytedeco.pytorch.Device("cpu"),
                org.bytedeco.pytorch.global.torch.ScalarType.Float); var _ = NativeScope.open()) {
            Network network = new Network(config(), store);
            Held before = Held.now();
            for (int k = WARM; k < END; k++) {
                try (var _ = NativeScope.open()) {
                    Tensor x = Cases.input(k, 8, 64, 3).to(store.type());
                    kept.add(NativeScope.keep(network.forward(x, null, null, 1, true).y()));
                }
            }
            Held after = Held.now();
            assertTrue(before.growth(after) > 3 * LIMIT, "kept graphs grew memory only by " + before.growth(after));
            assertTrue(after.handles() >= before.handles() + END - WARM);
        } finally {
            kept.forEach(NativeScope::release);
        }
    }

    @Test
    void trainingKeepsNothing() { requireFlat((learner, k) -> learner.trainStep(Cases.batch(8, 64, 3, 5, k), 1)); }

    @Test
    void evaluationKeepsNothing() {
        requireFlat((learner, k) -> {
            learner.predict(Cases.batch(8, 64, 3, 5, k));
            learner.kernel(0, 64);
        });
    }

    @Test
    void checkpointsKeepNothing() {
        requireFlat((learner, k) -> {
            if (k % 5 == 0) {
                learner.restore(learner.trainingState());
                learner.loadModel(learner.modelTensors());
            }
        });
    }

    @Test
    void closedLearnersKeepNothing() {
        for (int k = 0; k < 3; k++) {
            Learner.create(config(), Cases.learner(k)).close();
        }
        Held before = Held.now();
        for (int k = 0; k < 5; k++) {
            Learner.create(config(), Cases.learner(k)).close();
        }
        assertEquals(before.handles(), Held.now().handles());
    }
}
