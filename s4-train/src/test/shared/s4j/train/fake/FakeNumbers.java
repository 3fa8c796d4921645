package s4j.train.fake;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.model.Targets;

/** Sequences of 6 to 20 steps of noise around a level; to predict are the level and minus the level, in units of their own. */
public record FakeNumbers() implements Dataset {
    private static final int LONGEST = 20;

    @Override
    public String name() { return "levels"; }

    @Override
    public int dInput() { return 1; }

    @Override
    public int lMax() { return LONGEST; }

    @Override
    public boolean equalLengths() { return false; }

    @Override
    public TargetSpec targets() {
        return TargetSpec.Values.of(1, List.of("up", "down"), List.of(100.0, -7.0), List.of(20.0, 3.0));
    }

    @Override
    public SequenceSet train() { return new Levels(1, 210); }

    @Override
    public SequenceSet validation() { return new Levels(2, 40); }

    @Override
    public SequenceSet test() { return new Levels(3, 60); }

    @Override
    public Map<String, TensorData> transform() { return Map.of(); }

    @Override
    public String hash() { return "levels-1"; }

    private record Levels(long seed, int size) implements SequenceSet {
        @Override
        public SequenceBatch batch(int[] indices) {
            int[] lengths = new int[indices.length];
            float[] x = new float[indices.length * LONGEST];
            float[] y = new float[2 * indices.length];
            float @Nullable [] mask = new float[y.length];
            for (int b = 0; b < indices.length; b++) {
                SplittableRandom random = new SplittableRandom(1000 * seed + indices[b]);
                lengths[b] = random.nextInt(6, LONGEST + 1);
                double level = random.nextGaussian();
                for (int t = 0; t < lengths[b]; t++) {
                    x[b * LONGEST + t] = (float) (level + 0.3 * random.nextGaussian());
                }
                y[2 * b] = (float) level;
                y[2 * b + 1] = (float) -level;
                mask[2 * b] = 1;
                mask[2 * b + 1] = indices[b] % 5 == 0 ? 0 : 1; // some are not known
            }
            return new SequenceBatch(indices.length, LONGEST, 1, x, lengths, new Targets.Values(1, 2, y, mask));
        }
    }
}
