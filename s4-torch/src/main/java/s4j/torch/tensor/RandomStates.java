package s4j.torch.tensor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.global.torch;
import s4j.io.TensorData;

/** The states of the random number generators that dropout draws from, those of libtorch on the CPU and on a device. */
public record RandomStates(Device device) {
    private Map<String, Generator> generators() {
        Map<String, Generator> generators = new LinkedHashMap<>();
        generators.put("random.cpu", torch.getDefaultCPUGenerator());
        if (device.is_cuda()) {
            generators.put("random.cuda", torch.globalContext().defaultGenerator(device));
        }
        return generators;
    }

    /** As they are now, for a checkpoint or a pass that is made again. */
    public Map<String, TensorData> data() {
        Map<String, TensorData> out = new LinkedHashMap<>();
        try (var _ = NativeScope.withoutGradients()) {
            generators().forEach((name, generator) -> out.put(name, Tensors.data(generator.get_state())));
        }
        return out;
    }

    /** As they were. */
    public void restore(Map<String, TensorData> state) {
        try (var _ = NativeScope.withoutGradients()) {
            generators().forEach((name, generator) -> generator
                    .set_state(Tensors.of(Objects.requireNonNull(state.get(name)), new Device("cpu"))));
        }
    }
}
