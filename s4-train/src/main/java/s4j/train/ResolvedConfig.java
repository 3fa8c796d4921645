package s4j.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.audio.SoundInput;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.generate.Vocabulary;
import s4j.model.NetworkConfig;
import s4j.model.TargetSpec;
import s4j.train.config.TrainConfig;

/**
 * The resolved configuration, as values and as the tree that is printed and stored. The two say the same.
 *
 * @param values bound to records
 * @param tree every key, in official words
 */
public record ResolvedConfig(TrainConfig values, ConfigTree tree) {
    /** The tree follows from the values. */
    public static ResolvedConfig of(TrainConfig values) {
        return new ResolvedConfig(values, Binder.tree(values));
    }

    /**
     * As plain JSON values, for checkpoints and model files: without the paths of this machine, so that equal runs in
     * two directories write equal files.
     */
    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        if (portable().toValue() instanceof Map<?, ?> map) {
            map.forEach((k, v) -> out.put(String.valueOf(k), v));
        }
        return Collections.unmodifiableMap(out);
    }

    private ConfigTree portable() { return tree.without("run").without("train.ckpt").without("dataset.data_dir"); }

    /** With the network as the data set completes it, what is predicted, what sound goes through, how tokens are text: a model file. */
    Map<String, @Nullable Object> withNetwork(NetworkConfig network, TargetSpec targets, @Nullable SoundInput sound,
            @Nullable Vocabulary vocabulary) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("network", Binder.tree(network).toValue());
        out.put(TargetSpec.KEY, Binder.tree((Record) targets).toValue());
        if (sound != null) {
            out.put(SoundInput.KEY, Binder.tree(sound).toValue());
        }
        out.putAll(json());
        if (vocabulary != null) {
            out.put(Vocabulary.KEY, vocabulary.toJson());
        }
        return out;
    }
}
