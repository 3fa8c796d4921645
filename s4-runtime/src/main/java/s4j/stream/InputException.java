package s4j.stream;

/** An input that a network cannot take: not finite, or beyond what float32 carries. The message names the step; no state has moved. */
public final class InputException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    InputException(String message) { super(message); }
}
