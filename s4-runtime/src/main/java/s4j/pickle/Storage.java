package s4j.pickle;

/**
 * Memory that tensors look at: an entry of the archive.
 *
 * @param type of its elements
 * @param key name of the entry below {@code data/}
 * @param elements how many there are
 */
public record Storage(ElementType type, String key, long elements) {}
