package s4j.model;

/**
 * A layer of a model ({@code model.layer}): {@code _name_} chooses its kind, S4 where there is none. A new kind is a record
 * here, a class in s4j.torch.nn and one in s4j.stream; the compiler then names the two tables that need its line
 * (docs/decisions/014).
 */
public sealed interface LayerConfig permits S4LayerConfig, FeedForwardConfig, LinearConfig, LstmConfig,
        GruConfig, AttentionConfig, TcnConfig {
    /** The layer's word. */
    String name();

    /** What people call it, e.g. {@code S4D}. */
    String title();
}
