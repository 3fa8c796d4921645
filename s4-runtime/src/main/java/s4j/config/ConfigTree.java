package s4j.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.io.MalformedFileException;

/**
 * A configuration as an immutable tree whose every node knows where it was written. Layers are merged in order, later
 * ones win; paths are dotted, {@code model.layer.d_state}.
 */
public sealed interface ConfigTree {
    /** The key that names the kind of a thing; a plain word stands for a map of this key alone. */
    String NAME = "_name_";
    /** Characters of a dotted path; every part is one level of the tree. */
    int LONGEST_PATH = 500;

    /** Where this node was written. */
    Origin origin();

    /** A map in the order of its keys. */
    record Mapping(Map<String, ConfigTree> entries, Origin origin) implements ConfigTree {
        /** Copies the entries. */
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }

        private Mapping put(String key, ConfigTree value) {
            Map<String, ConfigTree> copy = new LinkedHashMap<>(entries);
            copy.put(key, value);
            return new Mapping(copy, origin);
        }
    }

    /** A list. */
    record Sequence(List<ConfigTree> items, Origin origin) implements ConfigTree {
        /** Copies the items. */
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** A text, Long, Double or Boolean. */
    record Scalar(Object value, Origin origin) implements ConfigTree {
        /** Checks the type of the value. */
        public Scalar {
            if (!(value instanceof String || value instanceof Long || value instanceof Double
                    || value instanceof Boolean)) {
                throw new IllegalArgumentException("a scalar is a text, Long, Double or Boolean; got "
                        + value.getClass().getName());
            }
        }
    }

    /** Null: the value is deliberately absent. */
    record Null(Origin origin) implements ConfigTree {}

    /** A map without entries. */
    static Mapping empty(Origin origin) { return new Mapping(Map.of(), origin); }

    /** A tree of plain values (Map, List, String, Number, Boolean, null), all written at {@code origin}. */
    static ConfigTree of(@Nullable Object value, Origin origin) {
        return switch (value) {
            case null -> new Null(origin);
            case Map<?, ?> map -> {
                Map<String, ConfigTree> entries = new LinkedHashMap<>();
                map.forEach((k, v) -> entries.put(String.valueOf(k), of(v, origin)));
                yield new Mapping(entries, origin);
            }
            case List<?> list -> new Sequence(list.stream().map(v -> of(v, origin)).toList(), origin);
            case Integer i -> new Scalar(i.longValue(), origin);
            case Float f -> new Scalar(f.doubleValue(), origin);
            default -> new Scalar(value, origin);
        };
    }

    /**
     * The tree of a JSON text.
     *
     * @throws MalformedFileException when it is not JSON
     */
    static ConfigTree fromJson(String json, Origin origin) throws MalformedFileException {
        return of(Json.parse(json, origin.place()), origin);
    }

    /** Plain values: what {@link #of} takes. */
    default @Nullable Object toValue() {
        return switch (this) {
            case Null n -> null;
            case Scalar s -> s.value;
            case Sequence s -> values(s.items);
            case Mapping m -> {
                Map<String, @Nullable Object> out = new LinkedHashMap<>();
                m.entries.forEach((k, v) -> out.put(k, v.toValue()));
                yield out;
            }
        };
    }

    private static List<@Nullable Object> values(List<ConfigTree> items) {
        List<@Nullable Object> out = new ArrayList<>();
        items.forEach(i -> out.add(i.toValue()));
        return out;
    }

    /** One line of JSON, for people: numbers that are not finite stand as texts. */
    default String toJson() {
        return Json.print(finite(toValue()));
    }

    private static @Nullable Object finite(@Nullable Object value) {
        return switch (value) {
            case Double d when !Double.isFinite(d) -> d.toString();
            case List<?> list -> list.stream().map(ConfigTree::finite).map(o -> o == null ? "null" : o).toList();
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> out = new LinkedHashMap<>();
                map.forEach((k, v) -> out.put(String.valueOf(k), finite(v)));
                yield out;
            }
            case null, default -> value;
        };
    }

    /** YAML that reads back as the same tree. */
    default String toYaml() { return YamlPrinter.print(this); }

    /** This tree with {@code later} laid over it: maps merge key by key, everything else is replaced. */
    default ConfigTree merge(ConfigTree later) {
        if (!(later instanceof Mapping over) || !(named() instanceof Mapping base)) {
            return later;
        }
        Map<String, ConfigTree> out = new LinkedHashMap<>(base.entries);
        over.entries.forEach((k, v) -> out.merge(k, v, ConfigTree::merge));
        return new Mapping(out, over.origin);
    }

    /** A plain word as the map it stands for; anything else as it is. */
    private ConfigTree named() {
        return this instanceof Scalar s && s.value instanceof String ? new Mapping(Map.of(NAME, s), s.origin) : this;
    }

    /** The node at a dotted path; null where there is none. */
    default @Nullable ConfigTree find(String path) {
        ConfigTree at = this;
        for (String key : path.split("\\.", -1)) {
            at = at instanceof Mapping m ? m.entries.get(key) : null;
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    /** This tree with {@code value} laid over the node at a dotted path; maps on the way are made where missing. */
    default ConfigTree with(String path, ConfigTree value) {
        return with(path, path, value);
    }

    private ConfigTree with(String rest, String path, ConfigTree value) {
        if (path.length() > LONGEST_PATH) {
            throw new ConfigException("key %s… of %,d characters (%s); expected at most %,d, e.g. model.layer.d_state"
                    .formatted(path.substring(0, 40), path.length(), value.origin(), LONGEST_PATH));
        }
        int dot = rest.indexOf('.');
        String key = dot < 0 ? rest : rest.substring(0, dot);
        if (key.isEmpty()) {
            throw new ConfigException("path '%s' (%s) has an empty part; expected e.g. model.layer.d_state"
                    .formatted(path, value.origin()));
        }
        Mapping map = switch (named()) {
            case Mapping m -> m;
            case Null n -> empty(value.origin());
            case Sequence s -> throw notAMap(rest, path, value);
            case Scalar s -> throw notAMap(rest, path, value);
        };
        ConfigTree old = map.entries.get(key);
        if (dot < 0) {
            return map.put(key, old == null ? value : old.merge(value));
        }
        ConfigTree inner = old == null ? empty(value.origin()) : old;
        return map.put(key, inner.with(rest.substring(dot + 1), path, value));
    }

    private ConfigException notAMap(String rest, String path, ConfigTree value) {
        String here = path.substring(0, path.length() - rest.length() - 1);
        return new ConfigException("cannot set %s (%s): %s is %s (%s), not a map. Give the whole %s".formatted(path,
                value.origin(), here, toJson(), origin(), here));
    }

    /** This tree without the node at a dotted path; the same tree where there is none. */
    default ConfigTree without(String path) {
        if (!(this instanceof Mapping m)) {
            return this;
        }
        int dot = path.indexOf('.');
        String key = dot < 0 ? path : path.substring(0, dot);
        ConfigTree old = m.entries.get(key);
        if (old == null) {
            return this;
        }
        Map<String, ConfigTree> copy = new LinkedHashMap<>(m.entries);
        if (dot < 0) {
            copy.remove(key);
        } else {
            copy.put(key, old.without(path.substring(dot + 1)));
        }
        return new Mapping(copy, m.origin);
    }
}
