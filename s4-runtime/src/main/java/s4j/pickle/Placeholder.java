package s4j.pickle;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands for an object of an unknown class: its name and what the pickle would have given it. It does nothing. Two
 * placeholders are equal only when they are the same one.
 */
public final class Placeholder {
    private final Global type;
    private final @Nullable Object arguments;
    private @Nullable Object state;
    private final Map<Object, @Nullable Object> items = new LinkedHashMap<>(0);

    Placeholder(Global type, @Nullable Object arguments) {
        this.type = type;
        this.arguments = arguments;
    }

    /** The class or function that was named. */
    public Global type() { return type; }

    /** What it would have been called with, a list; null when it was only named. */
    public @Nullable Object arguments() {
        return arguments;
    }

    /** What its state would have been set to; null: nothing. */
    public @Nullable Object state() { return state; }

    /** What would have been put into it, were it a dictionary. */
    public Map<Object, @Nullable Object> items() {
        return items;
    }

    void setState(@Nullable Object state) { this.state = state; }

    @Override
    public String toString() { return "an object of " + type; }
}
