package s4j.serve;

/** What is wrong with a request, or why it cannot be answered now; the answer is {@code {"error": message}} with the status. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final boolean ends;

    private Problem(int status, String message) { this(status, message, false); }

    private Problem(int status, String message, boolean ends) {
        super(message);
        this.status = status;
        this.ends = ends;
    }

    static Problem badRequest(String message) { return new Problem(400, message); }

    static Problem unauthorized() {
        return new Problem(401, "no valid token; expected the header Authorization: Bearer TOKEN");
    }

    static Problem forbidden(String message) { return new Problem(403, message); }

    static Problem notFound(String message) { return new Problem(404, message); }

    static Problem conflict(String message) { return new Problem(409, message); }

    static Problem tooLarge(String message) { return new Problem(413, message); }

    static Problem tooMany(String message) { return new Problem(429, message); }

    static Problem unavailable(String message) { return new Problem(503, message); }

    static Problem tooSlow(String message) { return new Problem(504, message); }

    /** The same, which also ended the stream that was asked. */
    Problem ending(String more) {
        return new Problem(status, reason() + "; " + more, true);
    }

    /** Whether the stream is no more. */
    boolean ends() { return ends || status == 404; }

    int status() { return status; }

    /** Its message; never null. */
    String reason() { return String.valueOf(getMessage()); }
}
