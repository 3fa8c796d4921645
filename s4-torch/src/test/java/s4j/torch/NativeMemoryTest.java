package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import s4j.model.NetworkConfig;
import s4j.model.ObjectiveConfig;
import s4j.torch.nn.Network;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.ParameterStore;

/** Training keeps no native memory, and this test would notice if it did. */
class NativeMemoryTest {
    private static final int WARM = 50;
    private static final int STEPS = 200;
    private static final double LIMIT = 0.01;

    /** What the process holds: resident bytes after a collection, and live native handles. */
    private record Held(long bytes, long handles) {
        static Held now() {
            long handles;
            do { // what is collected is freed by a thread of JavaCPP's own, which a busy machine keeps waiting
                handles = Pointer.totalCount();
                System.gc();
                LockSupport.parkNanos(20_000_000);
            } while (Pointer.totalCount() != handles);
            System.gc();
            return new Held(Pointer.physicalBytes(), Pointer.totalCount());
        }

        double growth(Held later) { return later.bytes / (double) bytes - 1; }
    }

    /** One step of what is watched. */
    private interface Use {
        void run(int k);
    }

    /**
     * The growth of resident memory over 200 steps after 50, in the best of some windows: a leak grows in all of them, the
     * JVM's own (its compiler takes and returns 100 MB for vector code) in a few. The number of native handles is flat in
     * each.
     */
    private static double growth(Use use, int windows, int handlesPerStep) {
        for (int k = 0; k < WARM; k++) {
            use.run(k);
        }
        double best = Double.POSITIVE_INFINITY;
        Held before = Held.now();
        for (int window = 0; window < windows && best >= LIMIT; window++) {
            for (int k = 0; k < STEPS; k++) {
                use.run(WARM + k);
            }
            Held after = Held.now();
            best = Math.min(best, before.growth(after));
            requireHandles(before.handles() + (long) handlesPerStep * STEPS, after);
            before = after; // equal moments: right after the steps, when the compiler holds what it is working on
        }
        return best;
    }

    /** Fewer are no leak: what earlier tests left to the collector may go at any time. */
    private static void requireHandles(long most, Held held) {
        assertTrue(held.handles() <= most, () -> held.handles() + " native handles; expected at most " + most);
    }

    private static NetworkConfig config() {
        return Cases.network("model.d_model", 16, "l_max", 64, "model.dropout", 0.1);
    }

    private static void requireFlat(BiConsumer<Learner, Integer> use) { requireFlat(config(), use); }

    private static void requireFlat(NetworkConfig config, BiConsumer<Learner, Integer> use) {
        for (String backend : new String[]{"torch", "auto"}) {
            LearnerOptions o = Cases.learner(1);
            var options = new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS, o.optimizer(), false, false, 1,
                    0.99, "cpu", backend, 1, 1);
            try (Learner learner = Learner.create(config, options)) {
                double growth = growth(k -> use.accept(learner, k), backend.equals("torch") ? 3 : 10, 0);
                assertTrue(growth < LIMIT, "%s: resident memory grew by %.4f of itself in %d steps; expected below %.2f"
                        .formatted(backend, growth, STEPS, LIMIT));
            }
        }
    }

    @Test
    void aKeptGraphIsNoticed() {
        List<Tensor> kept = new ArrayList<>();
        try (ParameterStore store = new ParameterStore(1, new Device("cpu"), ScalarType.Float);
                var _ = NativeScope.open()) {
            // plain operations: they save every intermediate value in the graph
            Network network = new Network(config(), store, Kernels.torch());
            double growth = growth(k -> {
                try (var _ = NativeScope.open()) {
                    Tensor x = Cases.input(k, 2, 64, 3).to(store.type());
                    kept.add(NativeScope.keep(network.forward(x, null, null, 1, true).y()));
                }
            }, 3, 1);
            assertTrue(growth > 3 * LIMIT, "kept graphs grew memory only by " + growth);
        } finally {
            kept.forEach(NativeScope::release);
        }
    }

    @Test
    void trainingKeepsNothing() { requireFlat((learner, k) -> learner.trainStep(Cases.batch(8, 64, 3, 5, k), 1)); }

    @Test
    void sashimiKeepsNothing() {
        NetworkConfig sashimi = Cases.network("model._name_", "sashimi", "model.d_model", 8, "model.n_layers", 1,
                "model.pool", List.of(4), "l_max", 64, "encoder._name_", "embedding", "d_input", 5, "decoder.mode",
                "step");
        requireFlat(sashimi, (learner, k) -> {
            int[] targets = new java.util.SplittableRandom(k).ints(8 * 64, 0, 5).toArray();
            float[] x = new float[targets.length];
            for (int i = 0; i < x.length; i++) {
                x[i] = targets[i];
            }
            var batch = s4j.model.SequenceBatch.ofSteps(8, 64, x, new int[]{64, 9, 64, 3, 17, 1, 64, 64}, targets);
            learner.trainStep(batch, 1);
            learner.scoreSteps(batch);
        });
    }

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
        requireHandles(before.handles(), Held.now());
    }
}
