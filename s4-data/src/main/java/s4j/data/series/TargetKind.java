package s4j.data.series;

/** What is predicted of a series. */
public enum TargetKind {
    /** One of some classes. */
    CLASSES,
    /** A number. */
    VALUES
}
