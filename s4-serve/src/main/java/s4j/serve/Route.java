package s4j.serve;

import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/**
 * One path of the service.
 *
 * @param method GET, POST or DELETE
 * @param path with {@code {name}} for what varies
 * @param summary for people
 * @param answer what it does
 */
record Route(String method, String path, String summary, Answer answer) {
    /** Answers a request, by sending or by throwing. */
    @FunctionalInterface
    interface Answer {
        void to(ServerRequest request, ServerResponse response) throws Exception;
    }
}
