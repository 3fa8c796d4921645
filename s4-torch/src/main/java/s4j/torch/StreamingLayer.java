package s4j.torch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.BackboneConfig;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.NetworkConfig;
import s4j.model.S4LayerConfig;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;

/** One S4 layer as a whole model: no encoder, no norm, no residual, an output of d_model features for every step. */
final class StreamingLayer {
    private static final String PREFIX = "model.layers.0.layer.";
    /** Kernels of what is no recurrence are as long as the sequence, up to here. */
    private static final int LONGEST = 1 << 20;

    static ModelFile file(S4LayerConfig config, int features, Map<String, TensorData> tensors) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("network", Binder.tree(network(config, features)).toValue());
        return new ModelFile(named(tensors), root, Map.of());
    }

    static S4Model model(S4LayerConfig config, int features, Map<String, TensorData> tensors) {
        return new S4Model(network(config, features), named(tensors), ModelOptions.standard());
    }

    private static NetworkConfig network(S4LayerConfig config, int features) {
        BackboneConfig alone = new BackboneConfig("model", features, 1, true, null, false, 0, false, 0, null, 1, null,
                List.of(config));
        return new NetworkConfig(features, features, LONGEST, new EncoderConfig(EncoderConfig.Kind.ID), alone,
                new DecoderConfig(DecoderConfig.Kind.ID, DecoderConfig.Mode.STEP));
    }

    private static Map<String, TensorData> named(Map<String, TensorData> tensors) {
        Map<String, TensorData> out = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> out.put(PREFIX + name, tensor));
        return out;
    }

    private StreamingLayer() {}
}
