package s4j.torch.distributed;

/** Workers do not come together, or do not agree, for a reason the user can mend; the message says what to do. */
public final class WorldException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With a message for the user. */
    public WorldException(String message) { super(message); }

    /** With a message for the user and what led to it. */
    public WorldException(String message, Throwable cause) {
        super(message, cause);
    }
}
