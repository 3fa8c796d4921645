package s4j.serve;

import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may ask: who bears a token, where tokens are set; else who asks this machine by its own name, and no page of another site. */
record Guard(List<String> tokens) {
    private static final String BEARER = "Bearer ";

    /**
     * Refuses everybody else.
     *
     * @param asked a token of the query: browsers cannot give headers to a WebSocket or a sound; null: none
     */
    void check(Headers headers, @Nullable String asked) {
        String host = headers.first(HeaderNames.HOST).orElse("");
        headers.first(HeaderNames.ORIGIN).ifPresent(origin -> {
            if (!origin.replaceFirst("^https?://", "").equals(host)) {
                throw Problem
                        .forbidden("a page of " + s4j.io.Shown.text(origin) + " asked; expected one of this server");
            }
        });
        if (tokens.isEmpty()) {
            if (!loopback(host)) { // another site's name that was made to point here
                throw Problem.forbidden(
                        "asked as host " + s4j.io.Shown.text(host) + "; expected localhost, or a server with tokens");
            }
            return;
        }
        String given = headers.first(HeaderNames.AUTHORIZATION).filter(h -> h.startsWith(BEARER))
                .map(h -> h.substring(BEARER.length())).orElse(asked == null ? "" : asked);
        boolean right = false;
        for (String token : tokens) { // all of them, so that the time tells nothing
            right |= MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8),
                    given.getBytes(StandardCharsets.UTF_8));
        }
        if (!right) {
            throw Problem.unauthorized();
        }
    }

    private static boolean loopback(String host) {
        String name = host.startsWith("[") ? host.replaceFirst("\\].*$", "]") : host.replaceFirst(":.*$", "");
        return name.equals("localhost") || name.matches("127\\.\\d+\\.\\d+\\.\\d+") || name.equals("[::1]")
                || name.isEmpty();
    }
}
