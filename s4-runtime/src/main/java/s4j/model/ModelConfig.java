package s4j.model;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** The body of a network ({@code model.*}): {@code _name_} chooses the isotropic backbone or SaShiMi. */
public sealed interface ModelConfig permits BackboneConfig, SashimiConfig {
    /** The model's word. */
    String name();

    /** Features H of the input and the output. */
    int dModel();

    /** How often {@link #layers} are repeated; in SaShiMi within one stage. */
    int nLayers();

    /** The layers that are repeated, each in a residual block of its own. */
    List<LayerConfig> layers();

    /** What people call it, e.g. {@code S4D}, {@code S4 + FF}, {@code SaShiMi of S4}. */
    String title();

    /** The same in names of files, e.g. {@code s4-ff}. */
    String word();

    /** The first S4 layer, where there is one. */
    default Optional<S4LayerConfig> s4() {
        return layers().stream().map(l -> l instanceof S4LayerConfig s ? s : null).filter(Objects::nonNull).findFirst();
    }

    /** For people, e.g. {@code d_model 64, 4 layers, d_state 64}. */
    default String size() {
        String repeated = this instanceof BackboneConfig b && b.layer().size() > 1 ? " × " + b.layer().size() : "";
        return String.format(Locale.ROOT, "d_model %d, %d%s layers%s", dModel(), nLayers(), repeated,
                s4().map(s -> ", d_state " + s.dState()).orElse(""));
    }

    /** Titles one after the other. */
    static String join(List<LayerConfig> layers, String between) {
        return layers.stream().map(LayerConfig::title).collect(Collectors.joining(between));
    }
}
