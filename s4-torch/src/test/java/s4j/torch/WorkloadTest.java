package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.model.NetworkConfig;
import s4j.model.ObjectiveConfig;
import s4j.model.S4LayerConfig;
import s4j.model.SequenceBatch;
import s4j.testkit.Tolerances;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;

final class WorkloadTest {
    private static S4LayerConfig layer(String mode) {
        var changes = java.util.Map.of("mode", mode, "init", List.of(mode.equals("diag") ? "diag-lin" : "legs"),
                "d_state",
                8);
        return Binder.bind(ConfigTree.of(changes, Origin.DEFAULTS), S4LayerConfig.DEFAULTS);
    }

    @ParameterizedTest
    @CsvSource({"diag, auto", "diag, torch", "nplr, auto"})
    void bothPassesReachTheInputAndEveryParameter(String mode, String backend) {
        try (var work = (Workload.OfBlock) Workload.block(layer(mode), 2, 6, 20, backend); var _ = NativeScope.open()) {
            Tensor first = work.passes();
            Tensor second = work.passes();
            assertEquals(List.of(2L, 20L, 6L), List.of(first.size(0), first.size(1), first.size(2)));
            assertTrue(torch.equal(first, second), "gradients are written anew, not added up");
            assertTrue(!work.trained().isEmpty());
            for (Parameter p : work.trained()) {
                assertTrue(p.value().grad().defined() && p.value().grad().abs().max().item().toDouble() > 0, p.name());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"diag", "nplr"})
    void convolutionIsLinearAndItsBlockIsNot(String mode) {
        assertTrue(nonLinearity(Workload.convolution(layer(mode), 2, 6, 20, "auto")) < 1e-5, mode);
        assertTrue(nonLinearity(Workload.block(layer(mode), 2, 6, 20, "auto")) > 1e-2, mode);
    }

    /** |f(2u) − 2 f(u)| / |f(u)|. */
    private static double nonLinearity(Workload workload) {
        try (var work = (Workload.OfBlock) workload; var _ = NativeScope.withoutGradients()) {
            work.forward();
            Tensor y = work.run(work.input());
            Tensor doubled = work.run(work.input().add(work.input()));
            return torch.norm(doubled.sub(y).sub(y)).item().toDouble() / torch.norm(y).item().toDouble();
        }
    }

    @Test
    void trainingStepIsTheLearners() {
        ConfigTree small = ConfigTree
                .of(java.util.Map.of("l_max", 12, "model", java.util.Map.of("d_model", 8, "n_layers",
                        1)), Origin.DEFAULTS);
        NetworkConfig network = Binder.bind(small, NetworkConfig.DEFAULTS);
        LearnerOptions options = new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS, OptimizerConfig.DEFAULTS,
                false, false, 0, 0, "cpu", "auto", 0, 3);
        SequenceBatch batch = new SequenceBatch(2, 12, 1, new float[24], new int[]{1, 2});
        try (Workload work = Workload.trainingStep(network, options, batch)) {
            work.forward();
            work.forwardBackward();
            assertTrue(work.describe().contains("kernels: "), work.describe());
        }
    }

    @Test
    void matrixProductOfTheBlasIsRight() {
        assertTrue(Workload.productError() < Tolerances.FLOAT32_PRODUCT, "relative error " + Workload.productError());
    }
}
