package s4j.torch.optim;

import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;

/** The gradients of all trained parameters together: their norm, clipping, clearing. */
public final class Gradients {
    private Gradients() {}

    /** √Σ‖g‖² over all parameters, in the order given. */
    public static double norm(List<Parameter> trained) {
        try (var _ = NativeScope.withoutGradients()) {
            TensorVector norms = new TensorVector();
            for (Parameter p : trained) {
                Tensor g = p.value().grad();
                if (g.defined()) {
                    norms.push_back(torch.linalg_vector_norm(g));
                }
            }
            return norms.size() == 0 ? 0 : torch.linalg_vector_norm(torch.stack(norms)).item().toDouble();
        }
    }

    /** Scales all gradients by max / (norm + 1e-6) where that is below 1, as libtorch's clip_grad_norm_. */
    public static void clip(List<Parameter> trained, double norm, double max) {
        double factor = max / (norm + 1e-6);
        if (factor < 1) {
            scale(trained, factor);
        }
    }

    /** Multiplies all gradients. */
    public static void scale(List<Parameter> trained, double factor) {
        try (var _ = NativeScope.withoutGradients()) {
            for (Parameter p : trained) {
                Tensor g = p.value().grad();
                if (g.defined()) {
                    g.mul_(new Scalar(factor));
                }
            }
        }
    }

    /** Sets all gradients to zero. */
    public static void clear(List<Parameter> trained) {
        try (var _ = NativeScope.withoutGradients()) {
            for (Parameter p : trained) {
                Tensor g = p.value().grad();
                if (g.defined()) {
                    g.zero_();
                }
            }
        }
    }

    /** Names the parameter with the largest value, the usual suspect when something is not finite. */
    public static String suspect(List<Parameter> trained) {
        String worst = "";
        double largest = -1;
        for (Parameter p : trained) {
            double max = p.value().abs().max().item().toDouble();
            if (!Double.isFinite(max)) {
                return "Parameter " + p.name() + " holds " + max + ".";
            }
            if (max > largest) {
                largest = max;
                worst = p.name();
            }
        }
        return "Largest parameter: %s, |value| up to %.3g".formatted(worst, largest);
    }

    /** The first parameter whose gradient holds NaN or infinity; null: all are finite. */
    public static @Nullable Parameter firstNonFinite(List<Parameter> trained) {
        try (var _ = NativeScope.withoutGradients()) {
            for (Parameter p : trained) {
                Tensor g = p.value().grad();
                if (g.defined() && !torch.isfinite(g).all().item().toBool()) {
                    return p;
                }
            }
            return null;
        }
    }
}
