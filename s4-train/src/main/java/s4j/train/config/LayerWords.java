package s4j.train.config;

import org.jspecify.annotations.Nullable;
import s4j.config.ConfigTree;

/**
 * The words of {@code model.layer}: a name, alone or in a list, stands for its file {@code model/layer/NAME.yaml}; a map whose
 * {@code _name_} is a file's but no layer's own, e.g. {@code s4d}, is laid over that file.
 */
record LayerWords(ConfigFiles files) {
    static final String PATH = "model.layer";
    static final String GROUP = "model/layer";
    /** What a map without {@code _name_} is. */
    private static final String USUAL = "s4";

    /** The tree with the names of its layers replaced by their files. */
    ConfigTree expand(ConfigTree tree) {
        ConfigTree layer = tree.find(PATH);
        ConfigTree whole = layer == null ? null : value(layer);
        return whole == null || whole.equals(layer) ? tree : tree.without(PATH).with(PATH, whole);
    }

    /** The tree with other layers: those of the same kind are changed, else replaced. */
    ConfigTree set(ConfigTree tree, ConfigTree layer) {
        ConfigTree whole = value(layer);
        boolean changes = layer instanceof ConfigTree.Mapping && kind(tree.find(PATH)).equals(kind(whole));
        return (changes ? tree : tree.without(PATH)).with(PATH, whole);
    }

    /** The tree with a file of the group laid over it: one with a {@code _name_} is a whole layer, others change what is there. */
    ConfigTree choose(ConfigTree tree, ConfigTree file) {
        return (file.find(ConfigTree.NAME) == null ? tree : tree.without(PATH)).with(PATH, file);
    }

    /** The kind of a layer; of lists none. */
    private static String kind(@Nullable ConfigTree layer) {
        return switch (layer) {
            case ConfigTree.Mapping m ->
                m.find(ConfigTree.NAME) instanceof ConfigTree.Scalar s ? s.value().toString() : USUAL;
            case ConfigTree.Scalar s -> s.value().toString();
            case null, default -> "";
        };
    }

    private ConfigTree value(ConfigTree layer) {
        return switch (layer) {
            case ConfigTree.Sequence s -> new ConfigTree.Sequence(s.items().stream().map(this::value).toList(),
                    s.origin());
            case ConfigTree.Scalar s when s.value() instanceof String name -> files.read(GROUP, name, s.origin());
            case ConfigTree.Mapping m -> overItsFile(m);
            case ConfigTree.Scalar s -> s;
            case ConfigTree.Null n -> n;
        };
    }

    private ConfigTree overItsFile(ConfigTree.Mapping layer) {
        String name = kind(layer);
        if (!files.choices(GROUP).contains(name)) {
            return layer;
        }
        ConfigTree file = files.read(GROUP, name, layer.origin());
        return kind(file).equals(name) ? layer : file.merge(layer.without(ConfigTree.NAME));
    }
}
