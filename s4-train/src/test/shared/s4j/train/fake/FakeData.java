package s4j.train.fake;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/** Four kinds of noisy stripes on 8 × 8 pixels, as sequences of 64 steps; made from a seed, no files. */
public record FakeData(String hash) implements Dataset {
    private static final int SIDE = 8;
    private static final int CLASSES = 4;
    private static final double NOISE = 4;

    /** The usual one. */
    public FakeData() { this("stripes-1"); }

    @Override
    public String name() { return "stripes"; }

    @Override
    public int dInput() { return 1; }

    @Override
    public int lMax() { return SIDE * SIDE; }

    @Override
    public TargetSpec targets() { return TargetSpec.Classes.of(List.of("across", "down", "rising", "falling")); }

    @Override
    public SequenceSet train() { return new Stripes(1, 210); }

    @Override
    public SequenceSet validation() { return new Stripes(2, 60); }

    @Override
    public SequenceSet test() { return new Stripes(3, 80); }

    @Override
    public Map<String, TensorData> transform() { return Map.of("data.mean", TensorData.of(new double[]{0})); }

    private record Stripes(long seed, int size) implements SequenceSet {
        @Override
        public int label(int i) { return i % CLASSES; }

        @Override
        @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
        public SequenceBatch batch(int[] indices) {
            float[] x = new float[indices.length * SIDE * SIDE];
            int[] labels = new int[indices.length];
            for (int b = 0; b < indices.length; b++) {
                System.arraycopy(values(indices[b]), 0, x, b * SIDE * SIDE, SIDE * SIDE);
                labels[b] = label(indices[b]);
            }
            return new SequenceBatch(indices.length, SIDE * SIDE, 1, x, null, labels);
        }

        private float[] values(int i) {
            SplittableRandom random = new SplittableRandom(1000 * seed + i);
            float[] v = new float[SIDE * SIDE];
            for (int t = 0; t < v.length; t++) {
                int row = t / SIDE;
                int column = t % SIDE;
                int stripe = switch (label(i)) {
                    case 0 -> row;
                    case 1 -> column;
                    case 2 -> row + column;
                    default -> row - column + SIDE;
                };
                v[t] = (float) ((stripe % 4 < 2 ? 1 : -1) + NOISE * (random.nextDouble() - 0.5));
            }
            return v;
        }

        @Override
        public Picture picture(int i) {
            byte[] pixels = new byte[SIDE * SIDE];
            float[] v = values(i);
            for (int t = 0; t < v.length; t++) {
                pixels[t] = (byte) Math.clamp(Math.round(128 + 40 * v[t]), 0, 255);
            }
            return new Picture(SIDE, SIDE, pixels);
        }
    }
}
