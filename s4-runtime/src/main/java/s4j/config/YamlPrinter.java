package s4j.config;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import s4j.io.Json;

/** Writes a tree as YAML 1.2 (core schema) that reads back as the same values: maps in blocks, lists in one line. */
final class YamlPrinter {
    /** Texts that need no quotes: they begin like a word and hold nothing that means something to YAML. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./@+-]*");
    /** Words that YAML would read as something else than a text; capitals too, and YAML 1.1's to be kind to others. */
    private static final Pattern RESERVED = Pattern.compile("null|true|false|yes|no|on|off|y|n");

    static String print(ConfigTree tree) {
        if (tree instanceof ConfigTree.Mapping m && !m.entries().isEmpty()) {
            StringBuilder out = new StringBuilder();
            block(m, 0, out);
            return out.toString();
        }
        return inline(tree) + "\n";
    }

    private static void block(ConfigTree.Mapping map, int depth, StringBuilder out) {
        for (Map.Entry<String, ConfigTree> e : map.entries().entrySet()) {
            out.append("  ".repeat(depth)).append(text(e.getKey())).append(':');
            if (e.getValue() instanceof ConfigTree.Mapping m && !m.entries().isEmpty()) {
                out.append('\n');
                block(m, depth + 1, out);
            } else {
                out.append(' ').append(inline(e.getValue())).append('\n');
            }
        }
    }

    private static String inline(ConfigTree tree) {
        return switch (tree) {
            case ConfigTree.Null n -> "null";
            case ConfigTree.Scalar s -> scalar(s.value());
            case ConfigTree.Sequence s ->
                s.items().stream().map(YamlPrinter::inline).collect(Collectors.joining(", ", "[", "]"));
            case ConfigTree.Mapping m -> m.entries().entrySet().stream()
                    .map(e -> text(e.getKey()) + ": " + inline(e.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        };
    }

    private static String scalar(Object value) {
        return switch (value) {
            case String s -> text(s);
            // Java's 1.0E-8 in the usual spelling; still a float to YAML because of the e
            case Double d -> Double.toString(d).replace(".0E", "e").replace('E', 'e');
            default -> value.toString();
        };
    }

    private static String text(String s) {
        boolean plain = PLAIN.matcher(s).matches() && !RESERVED.matcher(s.toLowerCase(Locale.ROOT)).matches();
        return plain ? s : Json.print(s);
    }

    private YamlPrinter() {}
}
