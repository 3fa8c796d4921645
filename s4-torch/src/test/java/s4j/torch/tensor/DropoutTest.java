package s4j.torch.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import s4j.torch.Cases;
import s4j.torch.nn.S4Block;
import s4j.torch.ssm.Kernels;

class DropoutTest {
    private static final int SEED = 13;
    private static final double P = 0.25;

    @Test
    void tiedMasksAreConstantOverTime() {
        torch.manual_seed(SEED);
        try (var _ = NativeScope.withoutGradients()) {
            double[] y = Tensors.doubles(Pointwise.dropout(ones(8, 20, 50), P, true, 1));
            int zeros = 0;
            for (int b = 0; b < 8; b++) {
                for (int h = 0; h < 50; h++) {
                    double first = y[b * 20 * 50 + h];
                    zeros += first == 0 ? 1 : 0;
                    for (int t = 0; t < 20; t++) {
                        assertEquals(first, y[(b * 20 + t) * 50 + h]);
                    }
                }
            }
            assertEquals(P, zeros / 400.0, 0.07); // three standard deviations
        }
    }

    @Test
    void untiedMasksAreNot() {
        torch.manual_seed(SEED);
        try (var _ = NativeScope.withoutGradients()) {
            double[] y = Tensors.doubles(Pointwise.dropout(ones(1, 50, 1), P, true, null));
            assertTrue(Arrays.stream(y).anyMatch(v -> v == 0) && Arrays.stream(y).anyMatch(v -> v != 0));
        }
    }

    @Test
    void expectationIsTheInput() {
        torch.manual_seed(SEED);
        try (var _ = NativeScope.withoutGradients()) {
            for (Integer time : new Integer[]{null, 1}) {
                Tensor y = Pointwise.dropout(ones(200, 2, 200), P, true, time);
                for (double v : Tensors.doubles(y)) {
                    assertTrue(v == 0 || Math.abs(v - 1 / (1 - P)) < 1e-12);
                }
                // 40 000 masks or more: standard deviation of the mean √(p / (1 − p) / 40 000) = 0.003
                assertEquals(1, y.mean().item().toDouble(), 0.01);
            }
        }
    }

    @Test
    void evaluationKeepsEverything() {
        try (var _ = NativeScope.withoutGradients()) {
            Tensor x = Cases.input(SEED, 2, 3, 4);
            assertArrayEquals(Tensors.doubles(x), Tensors.doubles(Pointwise.dropout(x, P, false, 1)));
            assertArrayEquals(Tensors.doubles(x), Tensors.doubles(Pointwise.dropout(x, 0, true, null)));
        }
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            S4Block noisy = new S4Block(Cases.layer("drop_kernel", 0.5, "dropout", 0.5), 4, 16, 0, "a.", store,
                    Kernels.torch());
            Tensor x = Cases.input(SEED, 2, 16, 4);
            double[] once = Tensors.doubles(noisy.forward(x, null, 1, null, false).y());
            assertArrayEquals(once, Tensors.doubles(noisy.forward(x, null, 1, null, false).y()));
        }
    }

    @Test
    void kernelDropoutDropsPartsOfTheKernel() {
        torch.manual_seed(SEED);
        // the input 1, 0, 0, … shows the kernel itself: no D, nothing behind the convolution
        try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
            S4Block block = new S4Block(Cases.layer("mode", "diag", "init", "diag-lin", "drop_kernel", P, "activation",
                    "id", "final_act", null), 4, 500, 0, "", store, Kernels.torch());
            for (Parameter p : store.all()) {
                if (p.name().equals("layer.D")) {
                    p.value().zero_();
                }
            }
            Tensor impulse = ones(1, 500, 4);
            impulse.narrow(1, 1, 499).zero_();
            double[] k = Tensors.doubles(block.forward(impulse, null, 1, null, false).y());
            double[] dropped = Tensors.doubles(block.forward(impulse, null, 1, null, true).y());
            int zeros = 0;
            for (int i = 0; i < k.length; i++) {
                boolean zero = Math.abs(dropped[i]) < 1e-9;
                zeros += zero ? 1 : 0;
                assertTrue(zero || Math.abs(dropped[i] - k[i] / (1 - P)) < 1e-9, "at " + i + ": " + dropped[i] + " of "
                        + k[i]);
            }
            assertEquals(P, zeros / (double) k.length, 0.05);
        }
    }

    @Test
    void blocksTieTheirMasksOnRequest() {
        for (boolean tie : new boolean[]{true, false}) {
            torch.manual_seed(SEED);
            try (ParameterStore store = Cases.store(SEED); var _ = NativeScope.withoutGradients()) {
                S4Block block = new S4Block(
                        Cases.layer("mode", "diag", "init", "diag-lin", "dropout", 0.5, "tie_dropout",
                                tie, "activation", "id", "final_act", null),
                        64, 16, 0, "", store, Kernels.torch());
                double[] y = Tensors.doubles(block.forward(Cases.input(SEED, 1, 16, 64), null, 1, null, true).y());
                boolean constant = true;
                for (int h = 0; h < 64; h++) {
                    for (int t = 1; t < 16; t++) {
                        constant &= (y[h] == 0) == (y[t * 64 + h] == 0);
                    }
                }
                assertEquals(tie, constant);
            }
        }
    }

    @Test
    void seedsDecideTheMasks() {
        try (var _ = NativeScope.withoutGradients()) {
            torch.manual_seed(1);
            double[] first = Tensors.doubles(Pointwise.dropout(ones(100), P, true, null));
            torch.manual_seed(1);
            assertArrayEquals(first, Tensors.doubles(Pointwise.dropout(ones(100), P, true, null)));
            assertNotEquals(Arrays.toString(first),
                    Arrays.toString(Tensors.doubles(Pointwise.dropout(ones(100), P, true, null))));
        }
    }

    private static Tensor ones(long... shape) {
        return Tensors.zeros(torch.ScalarType.Double, Cases.input(SEED, 1), shape)
                .add(new org.bytedeco.pytorch.Scalar(1.0));
    }
}
