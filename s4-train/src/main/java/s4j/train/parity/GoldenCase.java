package s4j.train.parity;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.Json;
import s4j.io.MalformedFileException;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.model.S4LayerConfig;

/**
 * One golden file: options, tolerances, inputs and references.
 *
 * @param name the file's name without ending; its kind is what stands before the first {@code _}
 * @param options the case's options
 * @param tolerances the relative error allowed, by reference (or by the part of its name before {@code _})
 * @param tensors inputs, parameters and references by name
 */
record GoldenCase(String name, Map<String, Object> options, Map<String, Double> tolerances,
        Map<String, TensorData> tensors) {
    /** Reads a case; what it lacks is a {@link CaseException}. */
    static GoldenCase read(Path file) throws IOException {
        String name = file.getFileName().toString().replace(".safetensors", "");
        SafeTensors content = SafeTensors.read(file);
        Map<String, Double> tolerances = new LinkedHashMap<>();
        object(content, "tol", file).forEach((key, value) -> {
            if (!(value instanceof Number n)) {
                throw new CaseException("tolerance of " + key + " is " + value + "; expected a number");
            }
            tolerances.put(key, n.doubleValue());
        });
        return new GoldenCase(name, object(content, "case", file), tolerances, content.tensors());
    }

    @SuppressWarnings("unchecked") // a JSON object has text keys
    private static Map<String, Object> object(SafeTensors content, String key, Path file)
            throws MalformedFileException {
        String json = content.metadata().get(key);
        if (json == null) {
            throw new CaseException("metadata has no " + key + "; expected a JSON object");
        }
        if (!(Json.parse(json, file + ", metadata " + key) instanceof Map<?, ?> map)) {
            throw new CaseException("metadata " + key + " is no JSON object");
        }
        return (Map<String, Object>) map;
    }

    /** The part of the name before the first {@code _}. */
    String kind() {
        return name.contains("_") ? name.substring(0, name.indexOf('_')) : name;
    }

    /** The tolerance of a reference: its own, or that of the group before the first {@code _}; null: none. */
    @Nullable
    Double tolerance(String key) {
        Double own = tolerances.get(key);
        return own != null ? own : tolerances.get(key.replaceFirst("_.*", ""));
    }

    /** A whole number among the options. */
    int integer(String key) { return (int) number(key); }

    /** A number among the options. */
    double number(String key) {
        if (!(options.get(key) instanceof Number n)) {
            throw new CaseException("option " + key + " is " + options.get(key) + "; expected a number");
        }
        return n.doubleValue();
    }

    /** A tensor that must be there. */
    TensorData tensor(String key) {
        TensorData data = tensors.get(key);
        if (data == null) {
            throw new CaseException("tensor " + key + " is missing");
        }
        return data;
    }

    /** The tensors below a prefix, without it. */
    Map<String, TensorData> below(String prefix) {
        Map<String, TensorData> found = new LinkedHashMap<>();
        tensors.forEach((key, data) -> {
            if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), data);
            }
        });
        return found;
    }

    /**
     * The layer that the options describe. Where a case is silent the official class defaults hold: dt_transform exp,
     * one system per feature.
     *
     * @param own options that say something else than the layer's
     */
    S4LayerConfig layer(List<String> own) {
        Map<String, @Nullable Object> layer = new LinkedHashMap<>(Map.of("dt_transform", "exp"));
        layer.put("n_ssm", null);
        options.forEach((key, value) -> {
            if (!own.contains(key)) {
                layer.put(key, value);
            }
        });
        return Binder.bind(ConfigTree.of(layer, new Origin("case " + name)), S4LayerConfig.class);
    }

    /** What a case lacks or says wrongly: the case fails with this message. */
    static final class CaseException extends RuntimeException {
        private static final long serialVersionUID = 1;

        CaseException(String message) { super(message); }
    }
}
