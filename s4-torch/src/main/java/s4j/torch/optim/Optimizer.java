package s4j.torch.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import s4j.io.TensorData;
import s4j.torch.OptimizerConfig;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Tensors;

/**
 * AdamW (decoupled decay), Adam (decay in the gradient) and SGD with momentum, in the order of operations of libtorch.
 * With g the gradient, k the step from 1, η the rate and λ the decay:
 *
 * <pre>
 *   AdamW  p ← p − η λ p                     Adam, SGD  g ← g + λ p
 *   Adam*  m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  p ← p − η m̂ / (√v̂ + ε),  m̂ = m / (1 − β₁ᵏ), v̂ = v / (1 − β₂ᵏ)
 *   SGD    m ← μ m + g (m = g at first),  p ← p − η m
 * </pre>
 *
 * <p>Source: Loshchilov, Hutter, Decoupled Weight Decay Regularization (2019), algorithm 2.
 */
public final class Optimizer implements AutoCloseable {
    private final OptimizerConfig config;
    private final List<ParameterGroup> groups;
    private final Map<String, Tensor> first = new LinkedHashMap<>();
    private final Map<String, Tensor> second = new LinkedHashMap<>();
    private long step;

    /** State of zeros for all members of the groups. */
    public Optimizer(OptimizerConfig config, List<ParameterGroup> groups) {
        this.config = config;
        this.groups = groups;
        try (var _ = NativeScope.withoutGradients()) {
            for (ParameterGroup group : groups) {
                for (Parameter p : group.parameters()) {
                    first.put(p.name(), NativeScope.keep(torch.zeros_like(p.value()).detach()));
                    if (config.name() != OptimizerConfig.Kind.SGD) {
                        second.put(p.name(), NativeScope.keep(torch.zeros_like(p.value()).detach()));
                    }
                }
            }
        }
    }

    /** One update from the parameters' gradients; a parameter without a gradient is left alone. */
    public void step(double lrFactor) {
        step++;
        try (var _ = NativeScope.withoutGradients()) {
            for (ParameterGroup group : groups) {
                for (Parameter p : group.parameters()) {
                    Tensor gradient = p.value().grad();
                    if (gradient.defined()) {
                        update(p, gradient, group.lr() * lrFactor, group.weightDecay());
                    }
                }
            }
        }
    }

    private void update(Parameter p, Tensor gradient, double lr, double decay) {
        Tensor g = gradient;
        if (decay != 0) {
            if (config.name() == OptimizerConfig.Kind.ADAMW) {
                p.value().mul_(new Scalar(1 - lr * decay));
            } else {
                g = g.add(p.value(), new Scalar(decay));
            }
        }
        Tensor m = Objects.requireNonNull(first.get(p.name()));
        if (config.name() == OptimizerConfig.Kind.SGD) {
            m.mul_(new Scalar(config.momentum())).add_(g);
            p.value().add_(m, new Scalar(-lr));
            return;
        }
        double beta1 = config.betas().get(0);
        double beta2 = config.betas().get(1);
        Tensor v = Objects.requireNonNull(second.get(p.name()));
        m.mul_(new Scalar(beta1)).add_(g, new Scalar(1 - beta1));
        v.mul_(new Scalar(beta2)).addcmul_(g, g, new Scalar(1 - beta2));
        Tensor root = torch.sqrt(v).div(new Scalar(Math.sqrt(1 - Math.pow(beta2, (double) step))))
                .add(new Scalar(config.eps()));
        p.value().addcdiv_(m, root, new Scalar(-lr / (1 - Math.pow(beta1, (double) step))));
    }

    /** The state as tensors: {@code optimizer.step}, {@code optimizer.m.<name>}, {@code optimizer.v.<name>}. */
    public Map<String, TensorData> state() {
        try (var _ = NativeScope.withoutGradients()) {
            Map<String, TensorData> state = new LinkedHashMap<>();
            state.put("optimizer.step", TensorData.of(new long[]{step}));
            first.forEach((name, m) -> state.put("optimizer.m." + name, Tensors.data(m)));
            second.forEach((name, v) -> state.put("optimizer.v." + name, Tensors.data(v)));
            return state;
        }
    }

    /** Takes back a {@link #state()}, which must be whole. */
    public void restore(Map<String, TensorData> state) {
        try (var _ = NativeScope.withoutGradients()) {
            first.forEach((name, m) -> m.copy_(Tensors.of(required(state, "optimizer.m." + name), m.device())));
            second.forEach((name, v) -> v.copy_(Tensors.of(required(state, "optimizer.v." + name), v.device())));
        }
        step = required(state, "optimizer.step").toLongs()[0];
    }

    private static TensorData required(Map<String, TensorData> state, String name) {
        TensorData data = state.get(name);
        if (data == null) {
            throw new IllegalArgumentException("training state has no tensor " + name
                    + "; it was saved by another optimizer or another network");
        }
        return data;
    }

    @Override
    public void close() {
        first.values().forEach(NativeScope::release);
        second.values().forEach(NativeScope::release);
    }
}
