package s4j.torch.ssm;

import java.util.Arrays;
import java.util.Objects;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import s4j.kernel.scan.DiagonalScan;
import s4j.torch.tensor.FusedOp;
import s4j.torch.tensor.Tensors;

/** The convolution of S4D by {@link DiagonalScan}: linear in length, without a kernel of that length. */
final class DiagonalConvolution {
    private final Tensor u;
    private final Tensor packed;
    private final DiagonalScan forward;
    private final @Nullable DiagonalScan reverse;
    private final Tensor forwardStates;
    private final Tensor reverseStates;
    private final int h;
    private final int n;

    private DiagonalConvolution(Kernels kernels, Tensor u, Tensor packed, int h, int n, boolean bidirectional) {
        this.u = u;
        this.packed = packed;
        this.h = h;
        this.n = n;
        int b = Math.toIntExact(u.size(0));
        int l = Math.toIntExact(u.size(1));
        double[] k = Tensors.doubles(packed);
        int size = 2 * h * n;
        double[] a = Arrays.copyOf(k, size);
        float[] d = new float[h];
        for (int i = 0; i < h; i++) {
            d[i] = (float) k[k.length - h + i];
        }
        var backend = Objects.requireNonNull(kernels.backend());
        forward = new DiagonalScan(backend, kernels.workers(), b, l, h, a, Arrays.copyOfRange(k, size, 2 * size), d,
                false);
        reverse = bidirectional
                ? new DiagonalScan(backend, kernels.workers(), b, l, h, a,
                        Arrays.copyOfRange(k, 2 * size, 3 * size), noSkip(), true)
                : null;
        forwardStates = Tensors.empty(ScalarType.Float, u, forward.checkpointSize());
        reverseStates = Tensors.empty(ScalarType.Float, u, reverse == null ? 0 : reverse.checkpointSize());
    }

    private static float @Nullable [] noSkip() { return null; }

    /**
     * y {@code [b, l, h]} of one channel.
     *
     * @param u float32 {@code [b, l, h]} on the CPU
     * @param a transition, complex {@code [h, n]}
     * @param w 2 C dB, complex {@code [h, n]}
     * @param reverse the same of the reverse direction; null: causal
     * @param d skip {@code [h]}
     */
    static Tensor apply(Kernels kernels, Tensor u, Tensor a, Tensor w, @Nullable Tensor reverse, Tensor d) {
        Tensor skip = d.to(ScalarType.Double).reshape(-1);
        Tensor packed = reverse == null
                ? Tensors.cat(0, FusedOp.flat(a), FusedOp.flat(w), skip)
                : Tensors.cat(0, FusedOp.flat(a), FusedOp.flat(w), FusedOp.flat(reverse), skip);
        Tensor input = u.contiguous();
        var op = new DiagonalConvolution(kernels, input, packed, Math.toIntExact(a.size(0)), Math.toIntExact(a.size(1)),
                reverse != null);
        return FusedOp.of(op.value(), input, packed, op::backward);
    }

    private Tensor value() {
        Tensor y = torch.empty_like(u.detach());
        forward.forward(FusedOp.memory(u), FusedOp.memory(y), false, null, FusedOp.memory(forwardStates));
        if (reverse != null) {
            reverse.forward(FusedOp.memory(u), FusedOp.memory(y), true, null, FusedOp.memory(reverseStates));
        }
        return y;
    }

    private Tensor backward(Tensor dy) {
        Tensor du = torch.empty_like(u.detach());
        var gradients = DiagonalScan.Gradients.zeros(h, n);
        forward.backward(FusedOp.memory(u), FusedOp.memory(dy), FusedOp.memory(du), false,
                FusedOp.memory(forwardStates),
                null, gradients);
        int size = 2 * h * n;
        double[] k = new double[Math.toIntExact(packed.numel())];
        System.arraycopy(gradients.c(), 0, k, size, size);
        System.arraycopy(gradients.d(), 0, k, k.length - h, h);
        if (reverse != null) {
            var late = new DiagonalScan.Gradients(gradients.a(), new double[size], new double[h]);
            reverse.backward(FusedOp.memory(u), FusedOp.memory(dy), FusedOp.memory(du), true,
                    FusedOp.memory(reverseStates), null, late);
            System.arraycopy(late.c(), 0, k, 2 * size, size);
        }
        System.arraycopy(gradients.a(), 0, k, 0, size);
        FusedOp.send(packed, Tensors.of(k, packed, k.length));
        return du;
    }
}
