package s4j.train.fake;

import java.util.Map;
import java.util.SplittableRandom;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/**
 * Sequences of 5 to 24 levels out of eight: the next is the last plus 0 or 1, each as likely as the other, so that one bit is
 * the best there is; made from a seed, no files.
 */
public record FakeSteps() implements Dataset {
    private static final int LEVELS = 8;
    private static final int LONGEST = 24;

    @Override
    public String name() { return "walk"; }

    @Override
    public int dInput() { return LEVELS; }

    @Override
    public boolean tokens() { return true; }

    @Override
    public int lMax() { return LONGEST; }

    @Override
    public TargetSpec targets() { return TargetSpec.StepClasses.of(LEVELS); }

    @Override
    public SequenceSet train() { return new Walks(1, 210); }

    @Override
    public SequenceSet validation() { return new Walks(2, 40); }

    @Override
    public SequenceSet test() { return new Walks(3, 60); }

    @Override
    public Map<String, TensorData> transform() {
        return Map.of("data.levels", TensorData.of(new float[LEVELS], LEVELS), "data.sample_rate",
                TensorData.of(new long[]{8000}, 1));
    }

    @Override
    public String hash() { return "walk-1"; }

    private record Walks(long seed, int size) implements SequenceSet {
        @Override
        public int label(int i) { return -1; }

        @Override
        public SequenceBatch batch(int[] indices) {
            int[] lengths = new int[indices.length];
            float[] x = new float[indices.length * LONGEST];
            int[] targets = new int[x.length];
            for (int b = 0; b < indices.length; b++) {
                SplittableRandom random = new SplittableRandom(1000 * seed + indices[b]);
                lengths[b] = random.nextInt(5, LONGEST + 1);
                int level = LEVELS / 2;
                for (int t = 0; t < lengths[b]; t++) {
                    x[b * LONGEST + t] = level;
                    level = (level + random.nextInt(2)) % LEVELS;
                    targets[b * LONGEST + t] = level;
                }
            }
            return SequenceBatch.ofSteps(indices.length, LONGEST, x, lengths, targets);
        }
    }
}
