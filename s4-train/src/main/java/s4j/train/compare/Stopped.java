package s4j.train.compare;

/** Ends everything after a run has saved. */
final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
}
