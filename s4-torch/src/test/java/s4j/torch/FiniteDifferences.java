package s4j.torch;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import s4j.testkit.Tolerances;
import s4j.torch.optim.Gradients;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Tensors;

/**
 * Gradients against differences of fourth order along a random direction: with f_k = f(p + k ε v), ∇f · v =
 * (8 (f_1 − f_-1) − (f_2 − f_-2)) / 12ε + O(ε⁴). each v_i is scaled to
 * the size of p_i, as frequencies of one layer range from 1e-4 to 1e3.
 */
public final class FiniteDifferences {
    /** For smooth functions. */
    private static final double STEP = 1e-3;

    /**
     * Requires that the gradient of a scalar function by each parameter is right.
     *
     * @param what the case, for the message
     * @param seed of the directions
     * @param parameters float64 parameters that the function depends on
     * @param function the scalar, recorded for the backward pass when called
     */
    public static void requireGradients(String what, long seed, List<Parameter> parameters, Supplier<Tensor> function) {
        requireGradients(what, seed, STEP, parameters, function);
    }

    /** The same with a step: a small one where the function has kinks. */
    public static void requireGradients(String what, long seed, double step, List<Parameter> parameters,
            Supplier<Tensor> function) {
        try (var _ = NativeScope.open()) {
            Gradients.clear(parameters);
            function.get().backward();
            for (Parameter p : parameters) {
                Tensor gradient = p.value().grad();
                assertTrue(gradient.defined(), () -> what + ": " + p.name() + " has no gradient");
                requireDirection(what, seed, step, p, Tensors.doubles(gradient), function);
            }
        }
    }

    private static void requireDirection(String what, long seed, double step, Parameter p, double[] gradient,
            Supplier<Tensor> function) {
        double[] v = direction(p, seed + p.name().hashCode());
        double analytic = 0;
        double norm = 0;
        double length = 0;
        for (int i = 0; i < v.length; i++) {
            analytic += gradient[i] * v[i];
            norm += gradient[i] * gradient[i];
            length += v[i] * v[i] / v.length;
        }
        length = Math.sqrt(length);
        double up = shifted(p, v, step, function);
        double numeric = (8 * (up - shifted(p, v, -step, function))
                - (shifted(p, v, 2 * step, function) - shifted(p, v, -2 * step, function))) / (12 * step);
        double allowed = Tolerances.FINITE_DIFFERENCE * (Math.sqrt(norm) * length + Math.abs(up) * 1e-3);
        if (!(Math.abs(analytic - numeric) <= allowed)) {
            fail("%s, seed %d: gradient of %s along v is %.12g, by differences %.12g; expected within %.3g".formatted(
                    what,
                    seed, p.name(), analytic, numeric, allowed));
        }
    }

    private static double[] direction(Parameter p, long seed) {
        double[] values = Tensors.doubles(p.value());
        double[] v = Cases.noise(values.length, seed);
        for (int i = 0; i < v.length; i++) {
            v[i] *= values[i] == 0 ? 0.01 : Math.min(1, Math.abs(values[i]));
        }
        return v;
    }

    private static double shifted(Parameter p, double[] v, double step, Supplier<Tensor> function) {
        try (var _ = NativeScope.withoutGradients()) {
            Tensor before = p.value().detach().clone();
            p.value().add_(Tensors.of(v, before, Tensors.shape(before)), new Scalar(step));
            double value = function.get().item().toDouble();
            p.value().copy_(before);
            return value;
        }
    }

    private FiniteDifferences() {}
}
