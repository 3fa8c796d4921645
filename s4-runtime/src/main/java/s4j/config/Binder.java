package s4j.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Binds trees to configuration records and back.
 *
 * <p>A missing key takes the value of the defaults; null is allowed where the component is {@link Nullable}; an unknown
 * key, a wrong type or a number out of its {@link Range} is refused with path, value and place. Shorthands: a plain word
 * for a record with {@code _name_}, a number for a record with a static {@code of(double)}, one value for a list. Of a
 * sealed interface of records, or one with {@link OneOf}, {@code _name_} chooses the record.
 */
public final class Binder {
    private static final int LONGEST_SHOWN = 400;

    /** Binds a tree over the type's {@code DEFAULTS}. */
    public static <T> T bind(ConfigTree tree, Class<T> type) {
        return type.cast(new Binder().record(tree, "", type, Shape.defaults(type)));
    }

    /** Binds a tree over {@code defaults}. */
    @SuppressWarnings("unchecked") // the record made has the class of the defaults
    public static <T extends Record> T bind(ConfigTree tree, T defaults) {
        return (T) new Binder().record(tree, "", defaults.getClass(), defaults);
    }

    /** A record of which the tree has every component that is neither nullable nor a record with defaults of its own. */
    static Object complete(ConfigTree.Mapping tree, Class<?> type) {
        Shape shape = Shape.of(type);
        @Nullable
        Object[] values = new Object[shape.components().size()];
        for (int i = 0; i < values.length; i++) {
            Shape.Component c = shape.components().get(i);
            ConfigTree given = tree.entries().get(c.key());
            if (given != null) {
                values[i] = new Binder().component(given, c.key(), c, null);
            } else if (!c.nullable()) {
                Object own = Shape.defaults(c.element());
                values[i] = c.type() == List.class ? List.of(own) : own;
            }
        }
        return shape.create(values);
    }

    /** Binds a tree to one of an interface's records, over {@code defaults} where it is the record that was chosen. */
    public static <T> T bind(ConfigTree tree, Class<T> type, T defaults) {
        return type.cast(new Binder().record(tree, "", type, defaults));
    }

    /** The tree of a record: all keys in the official words. */
    public static ConfigTree tree(Record record) {
        return treeOf(record);
    }

    private static ConfigTree treeOf(@Nullable Object value) {
        return switch (value) {
            case null -> new ConfigTree.Null(Origin.DEFAULTS);
            case Enum<?> e -> new ConfigTree.Scalar(Words.of(e), Origin.DEFAULTS);
            case List<?> list when list.size() == 1 && list.getFirst() instanceof Record one -> treeOf(one);
            case List<?> list ->
                new ConfigTree.Sequence(list.stream().map(Binder::treeOf).toList(), Origin.DEFAULTS);
            case Record record -> {
                Map<String, ConfigTree> entries = new LinkedHashMap<>();
                for (Shape.Component c : Shape.of(record.getClass()).components()) {
                    entries.put(c.key(), treeOf(c.of(record)));
                }
                yield new ConfigTree.Mapping(entries, Origin.DEFAULTS);
            }
            default -> ConfigTree.of(value, Origin.DEFAULTS);
        };
    }

    private Object record(ConfigTree tree, String path, Class<?> type, Object defaults) {
        if (tree instanceof ConfigTree.Scalar s && s.value() instanceof Number n && numberFactory(type) != null) {
            return fromNumber(n.doubleValue(), s, path, type);
        }
        if (!(longForm(tree, type) instanceof ConfigTree.Mapping map)) {
            throw wrong(path, tree,
                    "a map of "
                            + String.join(", ", Shape.of(choices(type).isEmpty() ? type : defaults.getClass()).keys()));
        }
        if (!choices(type).isEmpty()) {
            Class<?> chosen = chosen(map, path, type, defaults);
            return record(map, path, chosen, chosen.isInstance(defaults) ? defaults : Shape.defaults(chosen));
        }
        Shape shape = Shape.of(type);
        map.entries().forEach((key, value) -> {
            if (!shape.keys().contains(key)) {
                throw new ConfigException("unknown key %s (%s); %s".formatted(join(path, key), value.origin(),
                        Words.suggestion(key, shape.keys())));
            }
        });
        @Nullable
        Object[] values = new Object[shape.components().size()];
        for (int i = 0; i < values.length; i++) {
            Shape.Component c = shape.components().get(i);
            ConfigTree given = map.entries().get(c.key());
            values[i] = given == null ? c.of(defaults) : component(given, join(path, c.key()), c, c.of(defaults));
        }
        try {
            return shape.create(values);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("%s%s (%s)".formatted(path.isEmpty() ? "" : path + ": ", e.getMessage(),
                    culprit(map, String.valueOf(e.getMessage()))), e);
        }
    }

    /** A plain word as the map it stands for. */
    private static ConfigTree longForm(ConfigTree tree, Class<?> type) {
        boolean named = !choices(type).isEmpty() || Shape.of(type).keys().contains(ConfigTree.NAME);
        return named && tree instanceof ConfigTree.Scalar s && s.value() instanceof String
                ? new ConfigTree.Mapping(Map.of(ConfigTree.NAME, s), s.origin())
                : tree;
    }

    /** The records of a sealed interface, or of one that says who knows them; none of a record. */
    private static List<Class<?>> choices(Class<?> type) {
        if (type.isSealed()) {
            return List.of(type.getPermittedSubclasses());
        }
        OneOf open = type.getAnnotation(OneOf.class);
        if (open == null) {
            return List.of();
        }
        try {
            return open.value().getConstructor().newInstance().records();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(open.value() + " needs a public constructor without parameters", e);
        }
    }

    /** Of an interface's records the one whose default {@code _name_} was written; else the defaults' own. */
    private static Class<?> chosen(ConfigTree.Mapping map, String path, Class<?> type, Object defaults) {
        ConfigTree name = map.entries().get(ConfigTree.NAME);
        if (name == null) {
            return defaults.getClass();
        }
        Map<String, Class<?>> known = new LinkedHashMap<>();
        for (Class<?> permitted : choices(type)) {
            ConfigTree own = treeOf(Shape.defaults(permitted)).find(ConfigTree.NAME);
            known.put(own instanceof ConfigTree.Scalar s ? s.value().toString() : "", permitted);
        }
        Class<?> found = name instanceof ConfigTree.Scalar s ? known.get(s.value().toString()) : null;
        if (found == null) {
            throw wrong(join(path, ConfigTree.NAME), name, "one of " + String.join(", ", known.keySet()));
        }
        return found;
    }

    /** The place of what a constructor complains about: the key that its message names, else the map. */
    private static Origin culprit(ConfigTree.Mapping map, String message) {
        List<String> words = List.of(message.split("[^A-Za-z0-9_]+"));
        return map.entries().entrySet().stream().filter(e -> words.contains(e.getKey()))
                .map(e -> e.getValue().origin()).findFirst().orElse(map.origin());
    }

    private @Nullable Object component(ConfigTree tree, String path, Shape.Component c, @Nullable Object defaults) {
        if (tree instanceof ConfigTree.Null) {
            if (!c.nullable()) {
                throw wrong(path, tree, ScalarType.expected(null, c.type()));
            }
            return null;
        }
        if (c.type() == List.class) {
            return list(tree, path, c, defaults instanceof List<?> l && l.size() == 1 ? l.getFirst() : null);
        }
        Object value = value(tree, path, c.type(), defaults);
        check(value, tree, path, c.range());
        return value;
    }

    /** A list, or one value for it, which is laid over the only one that stands there. */
    private Object list(ConfigTree tree, String path, Shape.Component c, @Nullable Object only) {
        Class<?> element = c.element();
        List<ConfigTree> items = tree instanceof ConfigTree.Sequence s ? s.items() : List.of(tree);
        List<Object> out = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String here = items.size() == 1 ? path : path + "[" + i + "]";
            Object value = value(items.get(i), here, element, tree instanceof ConfigTree.Sequence ? null : only);
            check(value, items.get(i), here, c.range());
            out.add(value);
        }
        return List.copyOf(out);
    }

    private Object value(ConfigTree tree, String path, Class<?> type, @Nullable Object defaults) {
        if (type.isRecord() || !choices(type).isEmpty()) {
            return record(tree, path, type, defaults == null ? Shape.defaults(type) : defaults);
        }
        Object got = tree instanceof ConfigTree.Scalar s ? s.value() : null;
        Object value = ScalarType.read(got, type);
        if (value == null) {
            throw wrong(path, tree, ScalarType.expected(got, type));
        }
        return value;
    }

    private static void check(Object value, ConfigTree tree, String path, @Nullable Range range) {
        if (range != null && value instanceof Number n
                && !(n.doubleValue() >= range.min() && n.doubleValue() <= range.max())) {
            boolean above = range.max() == Double.POSITIVE_INFINITY;
            boolean below = range.min() == Double.NEGATIVE_INFINITY;
            String allowed = above
                    ? "at least " + plain(range.min())
                    : below ? "at most " + plain(range.max()) : plain(range.min()) + " to " + plain(range.max());
            throw wrong(path, tree, allowed);
        }
    }

    private static String plain(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e9 ? Long.toString((long) v) : Double.toString(v);
    }

    private static @Nullable Method numberFactory(Class<?> type) {
        try {
            return type.getMethod("of", double.class);
        } catch (NoSuchMethodException e) {
            return null;
        }
    }

    private static Object fromNumber(double number, ConfigTree tree, String path, Class<?> type) {
        try {
            Object made = type.getMethod("of", double.class).invoke(null, number);
            // the record's own ranges hold for what the shorthand made, too
            return new Binder().record(replaceOrigin(treeOf(made), tree.origin()), path, type, made);
        } catch (InvocationTargetException e) {
            throw new ConfigException("%s: got %s (%s); %s".formatted(path, shown(tree), tree.origin(),
                    e.getCause() == null ? e : e.getCause().getMessage()), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("configuration records are public: " + type, e);
        }
    }

    private static ConfigTree replaceOrigin(ConfigTree tree, Origin origin) {
        return ConfigTree.of(tree.toValue(), origin);
    }

    /** A value for a message, however long it is. */
    private static String shown(ConfigTree got) {
        String json = got.toJson();
        return json.length() <= LONGEST_SHOWN ? json : json.substring(0, LONGEST_SHOWN) + "…";
    }

    private static ConfigException wrong(String path, ConfigTree got, String expected) {
        return new ConfigException("%s: got %s (%s); expected %s".formatted(path.isEmpty() ? "configuration" : path,
                shown(got).replaceFirst("^\"(NaN|-?Infinity)\"$", "$1"), got.origin(),
                expected));
    }

    private static String join(String path, String key) { return path.isEmpty() ? key : path + "." + key; }

    private Binder() {}
}
