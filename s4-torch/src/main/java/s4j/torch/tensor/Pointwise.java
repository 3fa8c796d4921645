package s4j.torch.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import s4j.model.S4LayerConfig.Activation;
import s4j.model.S4LayerConfig.Transform;

/** Non-linearities, positive transforms and dropout: functions of one tensor. */
public final class Pointwise {
    /** The largest exponent whose power is finite in float64; an infinite one has no gradient but NaN. */
    private static final double EXP_MOST = 700;

    private Pointwise() {}

    /** The activation; null is the identity. GELU is the exact one (erf). GLU halves the last axis: a σ(g). */
    public static Tensor activate(Tensor x, @Nullable Activation activation) {
        if (activation == null) {
            return x;
        }
        return switch (activation) {
            case ID, IDENTITY, LINEAR -> x;
            case GELU -> torch.gelu(x);
            case RELU -> torch.relu(x);
            case TANH -> torch.tanh(x);
            case SIGMOID -> torch.sigmoid(x);
            case SILU, SWISH -> torch.silu(x);
            case ELU -> torch.elu(x);
            case SOFTPLUS -> torch.softplus(x);
            case GLU -> torch.glu(x, -1);
        };
    }

    /** The positive value of a stored parameter; see {@code s4j.ssm.Transform}. */
    public static Tensor transform(Tensor x, Transform transform) {
        return switch (transform) {
            case NONE -> x;
            case EXP -> torch.exp(x.clamp_max(new Scalar(EXP_MOST)));
            case RELU -> torch.relu(x).add(new Scalar(1e-4));
            case SIGMOID -> torch.sigmoid(x);
            case SOFTPLUS -> torch.softplus(x);
        };
    }

    /**
     * Dropout in training: zeros with probability p, the rest divided by 1 − p.
     *
     * @param time the axis along which one mask is shared; null: every value has its own
     */
    public static Tensor dropout(Tensor x, double p, boolean training, @Nullable Integer time) {
        if (!training || p == 0) {
            return x;
        }
        if (time == null) {
            return torch.dropout(x, p, true);
        }
        long[] shape = Tensors.shape(x);
        shape[time] = 1;
        return x.mul(torch.dropout(Tensors.zeros(x.scalar_type(), x, shape).add(new Scalar(1.0)), p, true));
    }
}
