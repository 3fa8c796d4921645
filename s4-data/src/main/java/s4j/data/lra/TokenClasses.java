package s4j.data.lra;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.generate.Vocabulary;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/**
 * Sequences of at most 256 different tokens with a class each.
 *
 * @param name of the data set
 * @param dInput tokens
 * @param vocabulary how they are text
 * @param lMax longest sequence
 * @param classes names
 * @param train to train on
 * @param validation to choose by
 * @param test to report on
 * @param hash of what it was made from
 * @param facts for people
 */
record TokenClasses(String name, int dInput, Vocabulary vocabulary, int lMax, List<String> classes, SequenceSet train,
        SequenceSet validation, SequenceSet test, String hash, Map<String, String> facts) implements Dataset {
    @Override
    public boolean tokens() { return true; }

    @Override
    public boolean equalLengths() { return false; }

    @Override
    public TargetSpec targets() { return TargetSpec.Classes.of(classes); }

    @Override
    public Map<String, TensorData> transform() { return Map.of(); }

    /** A sequence and its class. */
    @SuppressWarnings("ArrayRecordComponent") // filled once, then read
    record Example(byte[] tokens, int label) {
        /** For hashes. */
        byte[] bytes() {
            return ByteBuffer.allocate(tokens.length + 1).put(tokens).put((byte) label).array();
        }
    }

    /** Some of them. */
    record Examples(List<Example> all) implements SequenceSet {
        int longest() { return all.stream().mapToInt(e -> e.tokens.length).max().orElse(0); }

        @Override
        public int size() { return all.size(); }

        @Override
        public int label(int i) { return all.get(i).label; }

        @Override
        public SequenceBatch batch(int[] indices) {
            int[] lengths = Arrays.stream(indices).map(i -> all.get(i).tokens.length).toArray();
            int longest = Arrays.stream(lengths).max().orElseThrow();
            float[] x = new float[Math.multiplyExact(indices.length, longest)];
            int[] labels = new int[indices.length];
            for (int b = 0; b < indices.length; b++) {
                Example example = all.get(indices[b]);
                labels[b] = example.label;
                for (int t = 0; t < lengths[b]; t++) {
                    x[b * longest + t] = example.tokens[t] & 0xff;
                }
            }
            return new SequenceBatch(indices.length, longest, 1, x, lengths, labels);
        }
    }
}
