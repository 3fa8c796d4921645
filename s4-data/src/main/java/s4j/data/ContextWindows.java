package s4j.data;

import java.util.Arrays;
import s4j.model.SequenceBatch;
import s4j.model.Targets;

/**
 * A row of tokens as windows that together predict every token once, each after so many tokens before it that are only read
 * (where there are as many). Windows know nothing of each other: what is in a batch together does not matter.
 *
 * @param tokens all of them
 * @param first what is taken to stand before them
 * @param length tokens that a window predicts; the last one's are fewer
 * @param context tokens that are only read
 */
public record ContextWindows(Tokens tokens, int first, int length, int context) implements SequenceSet {
    @Override
    public int size() { return Math.toIntExact(Math.ceilDiv(tokens.size(), length)); }

    /** Steps of the longest window. */
    int longest() { return (int) Math.min(tokens.size(), (long) length + context); }

    private long begin(int i) { return Math.max(0, (long) i * length - context); }

    private int steps(int i) { return (int) (Math.min(tokens.size(), (i + 1L) * length) - begin(i)); }

    @Override
    @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
    public SequenceBatch batch(int[] indices) {
        int[] lengths = Arrays.stream(indices).map(this::steps).toArray();
        int longest = Arrays.stream(lengths).max().orElseThrow();
        float[] x = new float[Math.multiplyExact(indices.length, longest)];
        int[] targets = new int[x.length];
        Arrays.fill(x, first);
        Arrays.fill(targets, first);
        for (int b = 0; b < indices.length; b++) {
            long begin = begin(indices[b]);
            long predicted = (long) indices[b] * length - begin;
            for (int t = 0; t < lengths[b]; t++) {
                x[b * longest + t] = begin + t == 0 ? first : tokens.at(begin + t - 1);
                targets[b * longest + t] = t < predicted ? Targets.NONE : tokens.at(begin + t);
            }
        }
        boolean same = Arrays.stream(lengths).allMatch(n -> n == longest);
        return SequenceBatch.ofSteps(indices.length, longest, x, same ? null : lengths, targets);
    }

    @Override
    public int label(int i) { return Targets.NONE; }
}
