package s4j.train.run;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a JSON object that this package wrote, and says which one is not as it wrote it. */
record JsonFields(Map<?, ?> fields, String source) {
    static JsonFields of(@Nullable Object json, String source) {
        if (json instanceof Map<?, ?> map) {
            return new JsonFields(map, source);
        }
        throw new RunException(source + " is " + json + "; expected a JSON object");
    }

    long whole(String name) {
        if (fields.get(name) instanceof Long v) {
            return v;
        }
        throw wrong(name, "a whole number");
    }

    double real(String name) {
        if (fields.get(name) instanceof Number v) {
            return v.doubleValue();
        }
        throw wrong(name, "a number");
    }

    @Nullable
    Double realOrNull(String name) { return fields.get(name) == null ? null : Double.valueOf(real(name)); }

    String text(String name) {
        if (fields.get(name) instanceof String v) {
            return v;
        }
        throw wrong(name, "a text");
    }

    JsonFields object(String name) { return of(fields.get(name), source + "." + name); }

    private RunException wrong(String name, String expected) {
        return new RunException(source + "." + name + " is " + fields.get(name) + "; expected " + expected);
    }
}
