package s4j.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.model.NetworkConfig;
import s4j.train.config.TrainConfig;

/**
 * The resolved configuration, as values and as the tree that is printed and stored. The two say the same.
 *
 * @param values bound to records
 * @param tree every key, in official words
 */
public record RunConfig(TrainConfig values, ConfigTree tree) {
    /** The tree follows from the values. */
    public static RunConfig of(TrainConfig values) {
        return new RunConfig(values, Binder.tree(values));
    }

    /** As plain JSON values. */
    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        if (tree.toValue() instanceof Map<?, ?> map) {
            map.forEach((k, v) -> out.put(String.valueOf(k), v));
        }
        return Collections.unmodifiableMap(out);
    }

    /** With the network as the data set completes it: what a model file holds. */
    Map<String, @Nullable Object> withNetwork(NetworkConfig network) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("network", Binder.tree(network).toValue());
        out.putAll(json());
        return out;
    }
}
