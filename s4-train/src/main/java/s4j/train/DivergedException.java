package s4j.train;

/** Training left the finite numbers; the message names the parameter, the step and the last good checkpoint. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With a message for the user and what led to it. */
    public DivergedException(String message, Throwable cause) {
        super(message, cause);
    }
}
