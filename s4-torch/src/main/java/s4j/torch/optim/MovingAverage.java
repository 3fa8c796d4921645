package s4j.torch.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import s4j.io.TensorData;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Tensors;

/** Exponential moving average of weights, a ← d a + (1 − d) p, that evaluation uses in place of the weights. */
public final class MovingAverage implements AutoCloseable {
    private final double decay;
    private final List<Parameter> parameters;
    private final Map<String, Tensor> averages = new LinkedHashMap<>();

    /** Starts from the present weights; {@code decay} in (0, 1). */
    public MovingAverage(double decay, List<Parameter> parameters) {
        this.decay = decay;
        this.parameters = parameters;
        try (var _ = NativeScope.withoutGradients()) {
            parameters.forEach(p -> averages.put(p.name(), NativeScope.keep(p.value().detach().clone())));
        }
    }

    /** After each update. */
    public void update() {
        try (var _ = NativeScope.withoutGradients()) {
            parameters.forEach(p -> average(p).lerp_(p.value().detach(), new Scalar(1 - decay)));
        }
    }

    /** Exchanges weights and averages; twice is the identity. */
    public void swap() {
        try (var _ = NativeScope.withoutGradients()) {
            for (Parameter p : parameters) {
                Tensor weight = p.value().detach().clone();
                p.value().copy_(average(p));
                average(p).copy_(weight);
            }
        }
    }

    private Tensor average(Parameter p) { return Objects.requireNonNull(averages.get(p.name())); }

    /** The averages as {@code ema.<name>}. */
    public Map<String, TensorData> state() {
        try (var _ = NativeScope.withoutGradients()) {
            Map<String, TensorData> state = new LinkedHashMap<>();
            averages.forEach((name, a) -> state.put("ema." + name, Tensors.data(a)));
            return state;
        }
    }

    /** Takes back a {@link #state()}. */
    public void restore(Map<String, TensorData> state) {
        try (var _ = NativeScope.withoutGradients()) {
            averages.forEach((name, a) -> {
                TensorData data = state.get("ema." + name);
                if (data == null) {
                    throw new IllegalArgumentException("training state has no tensor ema." + name
                            + "; it was saved without train.ema");
                }
                a.copy_(Tensors.of(data, a.device()));
            });
        }
    }

    @Override
    public void close() { averages.values().forEach(NativeScope::release); }
}
