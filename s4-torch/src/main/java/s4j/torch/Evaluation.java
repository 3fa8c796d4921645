package s4j.torch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import s4j.io.TensorData;
import s4j.model.S4LayerConfig;
import s4j.torch.nn.Layer;
import s4j.torch.nn.S4Block;
import s4j.torch.ssm.DiagonalKernel;
import s4j.torch.ssm.DplrKernel;
import s4j.torch.ssm.Kernels;
import s4j.torch.ssm.SsmKernel;
import s4j.torch.ssm.SsmParameters;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/**
 * What kernels and blocks compute for given parameters, as values: outputs and gradients under the names of the golden
 * files. Parameters are float32 as in training.
 */
public final class Evaluation {
    private Evaluation() {}

    /**
     * {@code K [c, h, l]}, {@code grad.<parameter>} for the given gradient of K, and for rate 1 the recurrent system
     * {@code dA}, {@code dB}, {@code dC} where the discretisation has one.
     *
     * @param config the layer's options; l_max is the length of the parameters (S4: the l_kernel among them counts)
     * @param h features
     * @param parameters by official name (C, inv_dt, …)
     * @param rate relative sampling rate
     * @param gradient of K
     */
    public static Map<String, TensorData> kernel(S4LayerConfig config, int h, Map<String, TensorData> parameters,
            double rate, TensorData gradient) {
        Device device = new Device("cpu");
        try (var _ = NativeScope.open();
                var store = new ParameterStore(0, device, ScalarType.Float);
                var kernels = Kernels.of("auto", true, 1)) {
            SsmParameters ssm = SsmParameters.create(config, h, config.channels(), "", store);
            SsmKernel kernel = config.mode().diagonal()
                    ? new DiagonalKernel(ssm)
                    : DplrKernel.create(ssm, "", 1, store);
            store.load(parameters);
            Tensor grad = Tensors.of(gradient, device);
            Map<String, TensorData> results = new LinkedHashMap<>();
            Tensor k = kernel.kernel(kernels, grad.size(-1), rate);
            backward(k, grad);
            results.put("K", Tensors.data(k));
            gradients(store, results);
            if (rate == 1.0 && config.disc() != S4LayerConfig.Disc.DSS) {
                Tensor[] system = kernel.recurrence(1.0).system();
                results.put("dA", Tensors.data(system[0]));
                results.put("dB", Tensors.data(system[1]));
                results.put("dC", Tensors.data(system[2]));
            }
            return results;
        }
    }

    /**
     * {@code y [b, l, h]}, {@code grad.u} and {@code grad.<parameter>} for the given gradient of y, and for causal blocks
     * {@code y_step}, the same outputs through the recurrent step. All in evaluation mode: no dropout.
     *
     * @param config the block's options
     * @param parameters by official name (layer.kernel.C, output_linear.0.weight, …)
     * @param u the input {@code [b, l, h]}
     * @param gradient of y
     */
    public static Map<String, TensorData> block(S4LayerConfig config, Map<String, TensorData> parameters, TensorData u,
            TensorData gradient) {
        Device device = new Device("cpu");
        try (var _ = NativeScope.open();
                var store = new ParameterStore(0, device, ScalarType.Float);
                var kernels = Kernels.of("auto", true, 1)) {
            Tensor input = Tensors.of(u, device).to(ScalarType.Float).requires_grad_(true);
            S4Block block = new S4Block(config, Math.toIntExact(input.size(2)), Math.toIntExact(input.size(1)), 0, "",
                    store, kernels);
            store.load(parameters);
            Map<String, TensorData> results = new LinkedHashMap<>();
            Tensor y = block.forward(input, null, 1.0, null, false).y();
            backward(y, Tensors.of(gradient, device));
            results.put("y", Tensors.data(y));
            results.put("grad.u", Tensors.data(input.grad()));
            gradients(store, results);
            if (!config.bidirectional() && config.disc() != S4LayerConfig.Disc.DSS) {
                results.put("y_step", Tensors.data(steps(block, input.detach())));
            }
            return results;
        }
    }

    private static Tensor steps(S4Block block, Tensor u) {
        try (var _ = new org.bytedeco.pytorch.NoGradGuard()) {
            Layer.Stepper stepper = block.stepper(1.0);
            Tensor state = block.zeroState(u.size(0));
            TensorVector outputs = new TensorVector();
            for (long t = 0; t < u.size(1); t++) {
                Layer.Output out = stepper.step(u.select(1, t), state);
                outputs.push_back(out.y());
                state = java.util.Objects.requireNonNull(out.state());
            }
            return torch.stack(outputs, 1);
        }
    }

    private static void backward(Tensor y, Tensor gradient) {
        y.backward(gradient.to(y.scalar_type()), new BoolOptional(), false, new TensorArrayRefOptional());
    }

    private static void gradients(ParameterStore store, Map<String, TensorData> results) {
        for (Parameter p : store.trained()) {
            if (p.value().grad().defined()) {
                results.put("grad." + p.name(), Tensors.data(p.value().grad()));
            }
        }
    }
}
