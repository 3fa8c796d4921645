package s4j.train;

import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.data.SequenceSet.Picture;

/**
 * What a network does on a split.
 *
 * @param size sequences
 * @param correct of them classified rightly
 * @param loss mean cross entropy
 * @param confusion counts {@code [true][predicted]}
 * @param mistakes the wrong answers it was surest of, surest first
 */
public record Evaluation(int size, int correct, double loss, int[][] confusion, List<Mistake> mistakes) {
    /** Share classified rightly. */
    public double accuracy() { return (double) correct / size; }

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
