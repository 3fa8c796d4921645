package s4j.torch.ssm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.model.S4LayerConfig;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;
import s4j.torch.Cases;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** The scan, which long sequences take, and the convolution with K, which shorter ones take, are one function. */
final class ConvolutionFormsTest {
    private static final int SEED = 11;

    @ParameterizedTest
    @CsvSource({"1, false, 1", "33, false, 1", "200, false, 2", "130, true, 1", "64, true, 2"})
    void scanEqualsConvolutionWithTheKernel(int length, boolean bidirectional, int channels) {
        int h = 18;
        S4LayerConfig config = Binder.bind(ConfigTree.of(Map.of("mode", "diag", "init", "diag-lin", "d_state", 8,
                "n_ssm", 3, "channels", channels), new Origin("test")), S4LayerConfig.class);
        try (var _ = NativeScope.open(); var store = new ParameterStore(SEED, new Device("cpu"), ScalarType.Float)) {
            var ssm = SsmParameters.create(config, h, bidirectional ? 2 * channels : channels, "", store);
            var kernel = new DiagonalKernel(ssm);
            Parameter d = store.add("D", Role.WEIGHT, store.random("D").doubles((long) channels * h).toArray(),
                    channels,
                    h);
            Tensor u = Cases.input(SEED, 3, length, h).to(ScalarType.Float);
            List<double[]> scanned = run(store, u, x -> kernel.convolve(Cases.KERNELS, x, d.value(), bidirectional, 1));
            List<double[]> convolved = run(store, u, x -> KernelConvolution.apply(Cases.KERNELS, x,
                    kernel.kernel(Cases.KERNELS, length, 1), d.value(), bidirectional));
            for (int i = 0; i < scanned.size(); i++) {
                Comparison.requireClose("tensor " + i + " at length " + length, SEED, scanned.get(i), convolved.get(i),
                        Tolerances.BACKEND_FLOAT32);
            }
        }
    }

    private interface Form {
        Tensor of(Tensor u);
    }

    /** The output, then the gradients of the input and of every parameter. */
    private static List<double[]> run(ParameterStore store, Tensor u, Form form) {
        Tensor x = u.clone().requires_grad_(true);
        Tensor y = form.of(x);
        Tensor gradient = Cases.input(SEED + 1, 3, y.size(1), y.size(2)).to(ScalarType.Float);
        y.backward(gradient, new BoolOptional(), false, new TensorArrayRefOptional());
        List<double[]> all = new ArrayList<>(List.of(Tensors.doubles(y), Tensors.doubles(x.grad())));
        for (Parameter p : store.trained()) {
            all.add(Tensors.doubles(p.value().grad()));
            p.value().grad().zero_();
        }
        return all;
    }
}
