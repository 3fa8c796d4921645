package s4j.train.run;

/** A run cannot start or go on for a reason the user can mend; the message says what failed and what to do next. */
public final class RunException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With a message for the user. */
    public RunException(String message) { super(message); }

    /** With a message for the user and what led to it. */
    public RunException(String message, Throwable cause) {
        super(message, cause);
    }
}
