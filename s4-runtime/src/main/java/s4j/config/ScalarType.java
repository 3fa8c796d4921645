package s4j.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a text, number or boolean of a tree becomes a component of a simple type. */
final class ScalarType {
    /** Doubles beyond this are no exact count of anything. */
    private static final double EXACT = 1e15;

    /** The value as the type, or null when it is none: 1.5 is no whole number, a quoted number is a text. */
    static @Nullable Object read(@Nullable Object got, Class<?> type) {
        if (type.isEnum()) {
            return got instanceof String s ? constant(s, type) : null;
        }
        if (type == String.class) {
            return got == null ? null : got.toString();
        }
        if (type == boolean.class || type == Boolean.class) {
            return got instanceof Boolean ? got : null;
        }
        return got instanceof Number n ? number(n, type) : null;
    }

    private static @Nullable Object number(Number n, Class<?> type) {
        double real = n.doubleValue();
        boolean whole = n instanceof Long || (real == Math.rint(real) && Math.abs(real) < EXACT);
        boolean small = whole && n.longValue() == n.intValue();
        if (type == int.class || type == Integer.class) {
            return small ? n.intValue() : null;
        }
        if (type == long.class || type == Long.class) {
            return whole ? n.longValue() : null;
        }
        if (!Double.isFinite(real)) {
            return null;
        }
        if (type == Number.class) { // 1 and 1.0 mean different things here, e.g. one batch and all batches
            return n instanceof Long ? (small ? Integer.valueOf(n.intValue()) : null) : n;
        }
        return type == double.class || type == Double.class ? real : null;
    }

    /** The constant of a word in lower case, with - or _. */
    private static @Nullable Object constant(String word, Class<?> type) {
        List<String> words = words(type);
        int i = words.contains(word) ? words.indexOf(word) : words.indexOf(word.replace('-', '_'));
        return i < 0 ? null : type.getEnumConstants()[i];
    }

    private static List<String> words(Class<?> type) {
        List<String> out = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            out.add(Words.of((Enum<?>) constant));
        }
        return out;
    }

    /** What should have been there, for messages. */
    static String expected(@Nullable Object got, Class<?> type) {
        if (type.isEnum()) {
            String near = got instanceof String s ? Words.nearest(s, words(type)) : null;
            return "one of " + String.join(", ", words(type)) + (near == null ? "" : "; did you mean " + near + "?");
        }
        if (type.isRecord() || type.isInterface()) {
            return "a map";
        }
        return switch (type.getSimpleName()) {
            case "int", "Integer", "long", "Long" -> "a whole number";
            case "double", "Double", "Number" -> "a number";
            case "boolean", "Boolean" -> "true or false";
            case "List" -> "a list";
            default -> "a word";
        };
    }

    private ScalarType() {}
}
