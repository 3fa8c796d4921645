package s4j.pickle;

/**
 * A name in a pickle, {@code module.name}: never looked up, only compared with the few that are known.
 *
 * @param module e.g. {@code torch._utils}
 * @param name e.g. {@code _rebuild_tensor_v2}
 */
public record Global(String module, String name) {
    @Override
    public String toString() { return Texts.shortened(module + "." + name); }
}
