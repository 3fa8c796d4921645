package s4j.torch.tensor;

import java.util.function.Function;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.global.torch;

/**
 * Operations that libtorch spreads over its own threads, each of which calls BLAS for small products (attention, LSTM): BLAS
 * must use the calling thread alone meanwhile. Else it wakes its own threads for each product, which fight with libtorch's for
 * the cores: a training step of a Transformer over 50 × 784 steps took 32.5 s, not 0.76. Forward and backward, without effect on values.
 */
public final class OneBlasThread {
    /** An undefined tensor: to libtorch, a hook's word for the gradient as it is. */
    private static final TensorBase UNCHANGED = NativeScope.keep(new TensorBase());

    private OneBlasThread() {}

    /**
     * The operation's result.
     *
     * @param operation computes the result from the inputs, as {@code inputs} has them, and nothing else that can be trained
     *     but parameters
     * @param inputs tensors that the gradient goes on to
     */
    public static Tensor of(Function<Tensor[], Tensor> operation, Tensor... inputs) {
        boolean trains = GradMode.is_enabled();
        Tensor[] seen = inputs.clone();
        for (int i = 0; trains && i < seen.length; i++) {
            if (seen[i].requires_grad()) {
                seen[i] = seen[i].alias();
                seen[i].register_hook(then(OneBlasThread::all)); // the operation's own backward pass is over
            }
        }
        Tensor y;
        openblas.blas_set_num_threads(1);
        try {
            y = operation.apply(seen);
        } finally {
            all();
        }
        if (trains && y.requires_grad()) {
            y.register_hook(then(() -> openblas.blas_set_num_threads(1)));
        }
        return y;
    }

    /**
     * A⁻¹ B of matrices {@code [..., n, n]} and {@code [..., n, k]}. From n = 128 on OpenBLAS would factorise with several threads,
     * and keeps megabytes on the caller's stack for that: the stack of a Java thread ends before, and with it the JVM.
     */
    public static Tensor solve(Tensor a, Tensor b) { return of(t -> torch.linalg_solve(t[0], t[1]), a, b); }

    /** As many threads as libtorch's own again; also after a pass that an exception has ended. */
    public static void all() {
        openblas.blas_set_num_threads(torch.get_num_threads());
    }

    private static TensorTensorHook then(Runnable action) {
        return new TensorTensorHook() {
            @Override
            public TensorBase call(TensorBase gradient) {
                action.run();
                gradient.deallocate(); // a copy of JavaCPP's own, which would live as long as the scope around the step
                return UNCHANGED;
            }
        };
    }
}
