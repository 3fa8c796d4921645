package s4j.torch.distributed;

/** Another worker died, failed or stalled; the message names it. */
public final class PeerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With a message for the user and what this worker noticed. */
    public PeerException(String message, Throwable cause) {
        super(message, cause);
    }
}
