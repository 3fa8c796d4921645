package s4j.torch.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * A function that Java computes, as one operation of libtorch's autograd, without native code: the result is an alias of
 * an input whose data are replaced by the value and whose hook turns the gradient of the result into that of the input.
 * Gradients of coefficients are sent on from inside the hook.
 *
 * <p>Where input and result differ in shape, the input's first element is spread out to carry the result, and a second
 * hook, behind it, puts the input's gradient in the place of what comes back. The input's own graph must never be run from
 * inside a hook: a residual connection leads the running pass through it too, and each part can be run only once.
 *
 * <p>Neither the input nor the result may be changed in place afterwards: the hook would then silently not run.
 */
public final class FusedOp {
    private FusedOp() {}

    /** From the gradient of the result to that of the input. */
    public interface Backward {
        Tensor gradient(Tensor ofResult);
    }

    /**
     * The operation's result.
     *
     * @param value what it computes; of the shape of x
     * @param x the input
     * @param coefficients a tensor with a graph of its own, which {@code backward} sends its gradient to
     * @param backward gradients, run once
     */
    public static Tensor of(Tensor value, Tensor x, Tensor coefficients, Backward backward) {
        if (!differentiable(x, coefficients)) {
            return value;
        }
        // the carrier has the result's shape: autograd sums a broadcast gradient before the hook sees it
        boolean carries = Arrays.equals(Tensors.shape(x), Tensors.shape(value));
        Tensor[] ofInput = new Tensor[1];
        Tensor carrier;
        if (!x.requires_grad()) {
            carrier = torch.zeros_like(value).requires_grad_(true);
        } else if (carries) {
            carrier = x;
        } else {
            Tensor inner = x.alias();
            inner.register_hook(new TensorTensorHook() {
                @Override
                public TensorBase call(TensorBase spread) { return ofInput[0]; }
            });
            carrier = inner.reshape(-1).narrow(0, 0, 1).expand(Tensors.shape(value));
        }
        Tensor y = carrier.alias();
        y.set_data(value);
        y.register_hook(new TensorTensorHook() {
            @Override
            public TensorBase call(TensorBase gradient) {
                if (x.requires_grad() && carries) {
                    return freed(backward, gradient);
                }
                ofInput[0] = backward.gradient(new Tensor(gradient).contiguous());
                return gradient;
            }
        });
        return y;
    }

    /**
     * The gradient that the thread's last hook gave. Libtorch has taken it by the time that another hook is done: it need not
     * live until the end of the step, as other native objects do.
     */
    private static final ThreadLocal<@Nullable Tensor> GIVEN = new ThreadLocal<>();

    private static Tensor freed(Backward backward, TensorBase gradient) {
        Tensor given;
        try (var _ = NativeScope.open()) { // what the gradient is computed from
            given = NativeScope.keep(backward.gradient(new Tensor(gradient).contiguous()));
        }
        gradient.deallocate(); // a copy of JavaCPP's own, which would live as long as the scope around the step
        forget();
        GIVEN.set(given);
        return given;
    }

    /** Gives up the gradient that the thread's last hook gave; after a backward pass. */
    public static void forget() {
        Tensor given = GIVEN.get();
        if (given != null) {
            NativeScope.release(given);
            GIVEN.remove();
        }
    }

    /** Whether a backward pass may follow: else nothing is kept for it. */
    public static boolean differentiable(Tensor x, Tensor coefficients) {
        return GradMode.is_enabled() && (x.requires_grad() || coefficients.requires_grad());
    }

    /** Sends a gradient on into the graph of a tensor that is not on the way of the running backward pass. */
    public static void send(Tensor tensor, Tensor gradient) {
        if (tensor.requires_grad()) {
            tensor.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
        }
    }

    /** A complex tensor's numbers as one row of (re, im) pairs, for packing. */
    public static Tensor flat(Tensor complex) {
        return torch.view_as_real(complex.contiguous()).reshape(-1);
    }

    /** The memory of a contiguous float32 tensor on the CPU; valid as long as the tensor. */
    @SuppressWarnings("restricted") // the size is the tensor's own
    public static MemorySegment memory(Tensor tensor) {
        return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(tensor.nbytes());
    }
}
