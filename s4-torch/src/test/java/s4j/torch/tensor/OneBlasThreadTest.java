package s4j.torch.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OneBlasThreadTest {
    private final int before = torch.get_num_threads();

    @BeforeEach
    void twoThreads() {
        torch.set_num_threads(2);
        OneBlasThread.all();
    }

    @AfterEach
    void restore() {
        torch.set_num_threads(before);
        OneBlasThread.all();
    }

    @Test
    void blasHasOneThreadInsideForwardAndBackwardAndAllOutside() {
        List<Integer> seen = new ArrayList<>();
        try (var _ = NativeScope.open()) {
            Tensor x = torch.ones(3, 4).requires_grad_(true);
            Tensor y = OneBlasThread.of(t -> {
                seen.add(openblas.blas_get_num_threads());
                Tensor inner = t[0].mul(t[0]);
                inner.register_hook(new TensorTensorHook() {
                    @Override
                    public TensorBase call(TensorBase gradient) {
                        seen.add(openblas.blas_get_num_threads());
                        return gradient;
                    }
                });
                return inner.mul(t[0]);
            }, x);
            seen.add(openblas.blas_get_num_threads());
            y.sum().backward();
            seen.add(openblas.blas_get_num_threads());
            assertEquals(List.of(1, 2, 1, 2), seen);
            assertArrayEquals(new float[]{3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, Tensors.floats(x.grad()));
        }
    }

    @Test
    void anOperationThatFailsLeavesAllThreads() {
        try (var _ = NativeScope.open()) {
            assertThrows(IllegalStateException.class, () -> OneBlasThread.of(_ -> {
                throw new IllegalStateException("refused");
            }, torch.ones(2)));
            assertEquals(2, openblas.blas_get_num_threads());
        }
    }

    @Test
    void withoutGradientsTheInputsAreGivenAsTheyAre() {
        try (var _ = NativeScope.withoutGradients()) {
            Tensor x = torch.ones(2);
            assertSame(x, OneBlasThread.of(t -> t[0], x));
        }
    }

    /** On the stack of an ordinary thread; a JVM that this ends says nothing. */
    @Test
    void largeSystemsAreSolvedWithTheirGradients() {
        try (var _ = NativeScope.open()) {
            for (int n : new int[]{64, 128, 256}) {
                Tensor a = torch.rand(2, n, n).add(torch.eye(n).mul(new org.bytedeco.pytorch.Scalar(n))).to(
                        org.bytedeco.pytorch.global.torch.ScalarType.ComplexDouble).requires_grad_(true);
                Tensor b = torch.rand(2, n, 1).to(org.bytedeco.pytorch.global.torch.ScalarType.ComplexDouble);
                Tensor x = OneBlasThread.solve(a, b);
                assertEquals(0, torch.abs(a.matmul(x).sub(b)).max().item().toDouble(), 1e-12, "n " + n);
                torch.real(x).sum().backward();
                assertEquals(2L * n * n, a.grad().numel());
            }
        }
    }
}
