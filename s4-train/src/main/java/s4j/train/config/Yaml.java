package s4j.train.config;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;

/**
 * YAML 1.2 (core schema) as configuration trees that know their lines. Built from the parser's events, without objects:
 * there are no tags, no anchors and no aliases, depth and size are limited, keys are not given twice.
 */
public final class Yaml {
    /** Characters; the largest configuration is a thousandth of it. */
    static final int MAX_SIZE = 1 << 20;

    private static final int MAX_DEPTH = 32;
    /** An address such as {@code jdbc:duckdb:}: to YAML a key without a value, which no single value is. */
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][^\\s\\[\\]{}\"',]*:");
    private static final ScalarResolver CORE = new CoreSchema().getScalarResolver();

    private final Iterator<Event> events;
    private final IntFunction<Origin> origins;
    private int depth;

    private Yaml(Iterator<Event> events, IntFunction<Origin> origins) {
        this.events = events;
        this.origins = origins;
    }

    /**
     * The tree of a file's text; an empty one is an empty map.
     *
     * @param file its name in messages
     * @throws ConfigException with file and line when the text is not YAML, or not of the plain kind described above
     */
    public static ConfigTree read(String text, String file) {
        ConfigTree tree = read(text, line -> Origin.file(file, line));
        return tree instanceof ConfigTree.Null n ? ConfigTree.empty(n.origin()) : tree;
    }

    /** A single value, e.g. of a {@code key=value} word: a scalar, {@code [1, 2]}, <code>{a: 1}</code>. */
    public static ConfigTree value(String text, Origin origin) {
        if (ADDRESS.matcher(text).matches()) {
            return new ConfigTree.Scalar(text, origin);
        }
        return read(text, line -> origin);
    }

    private static ConfigTree read(String text, IntFunction<Origin> origins) {
        LoadSettings settings = LoadSettings.builder().setCodePointLimit(MAX_SIZE).setSchema(new CoreSchema()).build();
        try {
            return new Yaml(new Parse(settings).parseString(text).iterator(), origins).document();
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(1);
            throw new ConfigException(origins.apply(line) + ": not valid YAML: " + e.getProblem(), e);
        } catch (YamlEngineException e) {
            throw new ConfigException(origins.apply(1) + ": not valid YAML: " + e.getMessage(), e);
        }
    }

    private ConfigTree document() {
        events.next(); // stream start
        Event event = events.next();
        if (event.getEventId() == Event.ID.StreamEnd) {
            return new ConfigTree.Null(origin(event));
        }
        ConfigTree tree = node(events.next());
        events.next(); // document end
        Event end = events.next();
        if (end.getEventId() != Event.ID.StreamEnd) {
            throw refused(end, "a second document", "one");
        }
        return tree;
    }

    private ConfigTree node(Event event) {
        if (event instanceof AliasEvent) {
            throw refused(event, "an alias", "the value itself");
        }
        if (!(event instanceof NodeEvent node) || node.getAnchor().isPresent()) {
            throw refused(event, "an anchor", "plain values");
        }
        return switch (event.getEventId()) {
            case MappingStart -> mapping((MappingStartEvent) event);
            case SequenceStart -> sequence((SequenceStartEvent) event);
            default -> scalar((ScalarEvent) event);
        };
    }

    private void enter(Event event) {
        if (++depth > MAX_DEPTH) {
            throw refused(event, "nesting deeper than " + MAX_DEPTH, "less");
        }
    }

    private ConfigTree mapping(MappingStartEvent start) {
        enter(start);
        untagged(start, start.getTag().isPresent());
        Map<String, ConfigTree> entries = new LinkedHashMap<>();
        for (Event e = events.next(); e.getEventId() != Event.ID.MappingEnd; e = events.next()) {
            if (!(e instanceof ScalarEvent key)) {
                throw refused(e, "a key that is no word", "key: value");
            }
            scalar(key);
            if (entries.containsKey(key.getValue())) {
                throw refused(e, "the key " + key.getValue() + " a second time", "each key once");
            }
            entries.put(key.getValue(), node(events.next()));
        }
        depth--;
        return new ConfigTree.Mapping(entries, origin(start));
    }

    private ConfigTree sequence(SequenceStartEvent start) {
        enter(start);
        untagged(start, start.getTag().isPresent());
        List<ConfigTree> items = new ArrayList<>();
        for (Event e = events.next(); e.getEventId() != Event.ID.SequenceEnd; e = events.next()) {
            items.add(node(e));
        }
        depth--;
        return new ConfigTree.Sequence(items, origin(start));
    }

    private ConfigTree scalar(ScalarEvent event) {
        untagged(event, event.getTag().isPresent() || event.getAnchor().isPresent());
        String text = event.getValue();
        Tag tag = event.isPlain() ? CORE.resolve(text, true) : Tag.STR;
        Origin origin = origin(event);
        if (tag.equals(Tag.NULL)) {
            return new ConfigTree.Null(origin);
        }
        if (tag.equals(Tag.BOOL)) {
            return new ConfigTree.Scalar(text.equalsIgnoreCase("true"), origin);
        }
        if (tag.equals(Tag.INT)) {
            return new ConfigTree.Scalar(whole(event, text), origin);
        }
        return new ConfigTree.Scalar(tag.equals(Tag.FLOAT) ? (Object) real(text) : text, origin);
    }

    private long whole(Event event, String text) {
        try {
            if (text.startsWith("0o")) {
                return Long.parseLong(text.substring(2), 8);
            }
            return text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw refused(event, text, "a whole number of at most 63 bits");
        }
    }

    private static double real(String text) {
        String word = text.toLowerCase(Locale.ROOT);
        if (word.endsWith(".inf")) {
            return word.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return word.equals(".nan") ? Double.NaN : Double.parseDouble(text);
    }

    private void untagged(Event event, boolean tagged) {
        if (tagged) {
            throw refused(event, "a tag or an anchor", "plain values");
        }
    }

    private Origin origin(Event event) {
        return origins.apply(event.getStartMark().map(m -> m.getLine() + 1).orElse(1));
    }

    private ConfigException refused(Event event, String got, String expected) {
        return new ConfigException(origin(event) + ": got " + got + "; expected " + expected);
    }
}
