package s4j.torch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import s4j.io.TensorData;

/** The carried states of training, one for each part of a batch: its rows go on from those of the same part of the batch before. */
final class PartStates {
    private final List<CarriedStates> parts = new ArrayList<>();

    /** Those of part {@code i}. */
    CarriedStates of(int i) {
        while (parts.size() <= i) {
            parts.add(new CarriedStates(parts.size()));
        }
        return parts.get(i);
    }

    void clear() { parts.forEach(CarriedStates::clear); }

    Map<String, TensorData> data() {
        Map<String, TensorData> out = new LinkedHashMap<>();
        parts.forEach(part -> out.putAll(part.data()));
        return out;
    }

    void restore(Map<String, TensorData> state, Device device) {
        clear();
        for (int i = 0; i < parts.size() || state.containsKey(CarriedStates.prefix(i) + 0); i++) {
            of(i).restore(state, device);
        }
    }
}
