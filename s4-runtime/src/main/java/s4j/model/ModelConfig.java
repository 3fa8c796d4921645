package s4j.model;

/** The body of a network ({@code model.*}): {@code _name_} chooses the isotropic backbone or SaShiMi. */
public sealed interface ModelConfig permits BackboneConfig, SashimiConfig {
    /** The model's word. */
    String name();

    /** Features H of the input and the output. */
    int dModel();

    /** Residual blocks; of SaShiMi those of one stage. */
    int nLayers();

    /** The S4 layer in each block. */
    S4LayerConfig layer();
}
