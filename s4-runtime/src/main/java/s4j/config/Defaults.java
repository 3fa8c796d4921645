package s4j.config;

import java.util.LinkedHashMap;
import java.util.Map;
import s4j.io.Json;
import s4j.io.MalformedFileException;

/** The defaults of configuration records, which stand beside their components as {@link Default}. */
public final class Defaults {
    /** The record of all defaults, for its constant {@code DEFAULTS}. */
    public static <T extends Record> T of(Class<T> type) {
        Map<String, ConfigTree> written = new LinkedHashMap<>();
        for (Shape.Component c : Shape.of(type).components()) {
            Default value = c.reflected().getAnnotation(Default.class);
            if (value != null) {
                written.put(c.key(), ConfigTree.of(value(value.value()), Origin.DEFAULTS));
            }
        }
        return type.cast(Binder.complete(new ConfigTree.Mapping(written, Origin.DEFAULTS), type));
    }

    /** JSON where it is some; any other text is a word. */
    private static Object value(String text) {
        try {
            Object json = Json.parse(text, Origin.DEFAULTS.place());
            return json == null ? text : json;
        } catch (MalformedFileException e) {
            return text;
        }
    }

    private Defaults() {}
}
