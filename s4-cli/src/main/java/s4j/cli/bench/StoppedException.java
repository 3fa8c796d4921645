package s4j.cli.bench;

/** A child process could not do a work: out of memory, out of time, or it failed; the message says which. */
public final class StoppedException extends Exception {
    private static final long serialVersionUID = 1;

    /** With the reason for tables. */
    public StoppedException(String reason) { super(reason); }

    /** The reason. */
    String reason() { return String.valueOf(getMessage()); }
}
