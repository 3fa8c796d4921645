package s4j.serve;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;

/**
 * What a server tells of itself: in words for people, who are told of models and failures alone, or as a JSON object a line for machines,
 * who are told of every request, stream and connection. It never holds a token, a value that was sent or said, a path as it was asked for,
 * or a whole id of a stream.
 */
public final class ServerLog {
    private static final int SHOWN = 8;

    private final Consumer<String> to;
    private final boolean json;

    private ServerLog(Consumer<String> to, boolean json) {
        this.to = to;
        this.json = json;
    }

    /** In words. */
    public static ServerLog words(Consumer<String> to) { return new ServerLog(to, false); }

    /** As JSON lines: {@code {"time": …, "event": "request", …}}. */
    public static ServerLog json(Consumer<String> to) {
        return new ServerLog(to, true);
    }

    /**
     * Tells of something.
     *
     * @param event what kind of thing
     * @param words the same for people; empty: they are not told
     * @param facts names and values by turns
     */
    public void tell(String event, String words, @Nullable Object... facts) {
        if (!json) {
            if (!words.isEmpty()) {
                to.accept(words);
            }
            return;
        }
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("time", Instant.now().toString());
        line.put("event", event);
        for (int i = 0; i + 1 < facts.length; i += 2) {
            line.put(String.valueOf(facts[i]), facts[i + 1]);
        }
        if (!words.isEmpty()) {
            line.put("message", words);
        }
        to.accept(Json.print(line));
    }

    /** As much of a stream's id as tells it from others, and lets nobody step it. */
    static String shown(String id) {
        return id.substring(0, Math.min(SHOWN, id.length()));
    }
}
