package s4j.serve;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.io.MalformedFileException;

/** How bodies are read and answers written. */
final class Answers {
    private static final String JSON = "application/json";

    /** What writes an answer bit by bit. */
    interface Writer {
        void to(OutputStream out) throws IOException;
    }

    /** The whole body of a request; from then on the connection waits for the server. */
    static byte[] body(ServerRequest q, long most) throws IOException {
        if (!q.content().hasEntity()) {
            return new byte[0];
        }
        byte[] body;
        try (InputStream in = q.content().inputStream()) {
            body = in.readNBytes(Math.toIntExact(most + 1));
        } catch (RuntimeException e) { // the server's own when the line ends within the body
            throw Problem.badRequest("the body ended before its length, or is no chunked one");
        }
        if (body.length > most) {
            throw Problem.tooLarge("a body of more than %,d bytes".formatted(most));
        }
        Line.current().working();
        return body;
    }

    /** A body as a JSON object. */
    static Map<?, ?> object(byte[] body) {
        try {
            Object json = Json.parse(new String(body, StandardCharsets.UTF_8), "body");
            if (json instanceof Map<?, ?> map) {
                return map;
            }
            throw Problem.badRequest("body: expected a JSON object");
        } catch (MalformedFileException | StackOverflowError e) {
            throw Problem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    static void json(ServerResponse r, Object value) { json(r, Json.print(value).getBytes(StandardCharsets.UTF_8)); }

    static void json(ServerResponse r, byte[] utf8) {
        r.header("Content-Type", JSON);
        r.send(utf8);
    }

    /** An answer that is sent while it is made; what fails before its first byte has a status of its own. */
    static void stream(ServerResponse r, String type, Writer writer) throws IOException {
        r.header("Content-Type", type);
        r.header("Cache-Control", "no-store");
        OutputStream[] out = new OutputStream[1];
        writer.to(new LazyOutput(() -> out[0] = r.outputStream()));
        if (out[0] != null) {
            out[0].close();
        } else {
            r.send();
        }
    }

    static void fail(ServerResponse r, Problem e) {
        if (!r.isSent()) {
            try {
                r.status(e.status());
                json(r, Map.of("error", e.reason()));
            } catch (IllegalStateException begun) {
                // the answer had begun: it ends here
            }
        }
    }

    /** For messages that have no response of their own. */
    static Map<String, @Nullable Object> error(Problem e) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("error", e.reason());
        out.put("status", e.status());
        return out;
    }

    private Answers() {}
}
