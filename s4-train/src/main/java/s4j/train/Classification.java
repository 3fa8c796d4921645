package s4j.train;

import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.data.SequenceSet.Picture;

/**
 * Sequences with a class each.
 *
 * @param size sequences
 * @param correct of them classified rightly
 * @param loss mean cross entropy
 * @param confusion counts {@code [true][predicted]}
 * @param mistakes the wrong answers it was surest of, surest first
 */
public record Classification(long size, long correct, double loss, int[][] confusion, List<Mistake> mistakes)
        implements
            Evaluation {
    @Override
    public boolean betterThan(Position.Best best) { return accuracy() > best.accuracy(); }

    /**
     * One wrong answer.
     *
     * @param index of the sequence in its split
     * @param label its class
     * @param predicted the network's
     * @param probability that the network gives its answer
     * @param picture of it; null where it is none
     */
    public record Mistake(int index, int label, int predicted, double probability, @Nullable Picture picture) {}
}
