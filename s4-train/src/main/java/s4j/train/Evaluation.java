package s4j.train;

/** What a network does on a split. */
public sealed interface Evaluation permits Classification, StepPrediction {
    /** Predictions: sequences, or steps. */
    long size();

    /** Of them right. */
    long correct();

    /** Mean cross entropy, natural logarithm. */
    double loss();

    /** Share that is right. */
    default double accuracy() { return (double) correct() / size(); }

    /** Whether this is better than the best so far: by the measure that chooses checkpoints. */
    boolean betterThan(Position.Best best);
}
