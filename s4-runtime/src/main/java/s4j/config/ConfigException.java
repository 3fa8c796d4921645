package s4j.config;

/** A configuration cannot be used. The message has path, value, place and what was expected; it is meant for the user. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With a message for the user. */
    public ConfigException(String message) { super(message); }

    /** With a message for the user and what led to it. */
    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
