package s4j.stream;

/** A network's output that is not finite; the message names the step. The state it left is neither stepped nor saved. */
public final class NotFiniteException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotFiniteException(String message) { super(message); }
}
