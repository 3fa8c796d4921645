package s4j.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.math.SplitMix64;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/**
 * MNIST as sequences of 784 pixels, {@code x = (pixel / 255 − mean) / std}, with mean and std (over all pixels) of the
 * training split; with {@code permute}, step t shows pixel {@code permutation[t]}.
 */
final class Mnist implements Dataset {
    private static final int CLASSES = 10;

    private final Names names;
    private final Set train;
    private final Set validation;
    private final Set test;
    private final Map<String, TensorData> transform;
    private final String hash;

    /** What the data set is called, and its classes. */
    record Names(String dataset, List<String> classes) {
        static final Names DIGITS = new Names("mnist",
                IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList());
    }

    private Mnist(Names names, Set train, Set validation, Set test, Map<String, TensorData> transform, String hash) {
        this.names = names;
        this.train = train;
        this.validation = validation;
        this.test = test;
        this.transform = transform;
        this.hash = hash;
    }

    static Mnist load(MnistConfig config, MnistFiles files, DataFiles places, Consumer<String> log)
            throws IOException {
        return load(Names.DIGITS, config, files, places, log);
    }

    static Mnist load(Names names, MnistConfig config, MnistFiles files, DataFiles places, Consumer<String> log)
            throws IOException {
        Map<DataFile, byte[]> content = places.load(files.all(), log);
        Digits train = Digits.parse(content, files.trainImages(), files.trainLabels(), files.trainCount());
        Digits test = Digits.parse(content, files.testImages(), files.testLabels(), files.testCount());
        Split split = Split.of(train.count(), config.valSplit(), config.seed());
        Pixels pixels = Pixels.of(train, split.train(),
                config.permute()
                        ? SplitMix64.of(config.seed(), "permutation", 0).permutation(MnistFiles.PIXELS)
                        : null);
        List<byte[]> all = new ArrayList<>();
        files.all().forEach(f -> all.add(f.sha256().getBytes(StandardCharsets.US_ASCII)));
        return new Mnist(names, new Set(train, split.train(), pixels), new Set(train, split.validation(), pixels),
                new Set(test, IntStream.range(0, test.count()).toArray(), pixels), pixels.tensors(),
                Sha256.hex(all.toArray(new byte[0][])));
    }

    @Override
    public String name() { return names.dataset; }

    @Override
    public int dInput() { return 1; }

    @Override
    public int lMax() { return MnistFiles.PIXELS; }

    @Override
    public TargetSpec targets() { return TargetSpec.Classes.of(names.classes); }

    @Override
    public SequenceSet train() { return train; }

    @Override
    public SequenceSet validation() { return validation; }

    @Override
    public SequenceSet test() { return test; }

    @Override
    public Map<String, TensorData> transform() { return transform; }

    @Override
    public String hash() { return hash; }

    /** Images and labels as they are in the files. */
    private record Digits(byte[] images, byte[] labels) {
        static Digits parse(Map<DataFile, byte[]> content, DataFile images, DataFile labels, int count)
                throws MalformedFileException {
            byte[] pixels = IdxFile.parse(bytes(content, images), images.name(), count, MnistFiles.SIDE,
                    MnistFiles.SIDE).values();
            byte[] classes = IdxFile.parse(bytes(content, labels), labels.name(), count).values();
            for (int i = 0; i < count; i++) {
                if (classes[i] < 0 || classes[i] >= CLASSES) {
                    throw new MalformedFileException(labels.name() + ": label " + i + ": got " + (classes[i] & 0xff)
                            + "; expected 0 to 9");
                }
            }
            return new Digits(pixels, classes);
        }

        private static byte[] bytes(Map<DataFile, byte[]> content, DataFile file) {
            byte[] bytes = content.get(file);
            if (bytes == null) {
                throw new IllegalStateException("not loaded: " + file.name());
            }
            return bytes;
        }

        int count() { return labels.length; }
    }

    /** From bytes to network input: a table over the 256 values, and the order of the pixels. */
    private record Pixels(float[] table, double mean, double std, int @Nullable [] permutation) {
        /** Sums are whole numbers below 2^53, so mean and std are exact to float64 rounding and order-independent. */
        static Pixels of(Digits digits, int[] indices, int @Nullable [] permutation) {
            long sum = 0;
            long squares = 0;
            for (int i : indices) {
                for (int p = i * MnistFiles.PIXELS; p < (i + 1) * MnistFiles.PIXELS; p++) {
                    int v = digits.images[p] & 0xff;
                    sum += v;
                    squares += (long) v * v;
                }
            }
            double n = (double) indices.length * MnistFiles.PIXELS;
            double mean = sum / n;
            double variance = squares / n - mean * mean;
            // images without any contrast stay what they are
            double std = variance > 0 ? Math.sqrt(variance) : 255;
            float[] table = new float[256];
            for (int v = 0; v < table.length; v++) {
                table[v] = (float) ((v - mean) / std);
            }
            return new Pixels(table, mean / 255, std / 255, permutation);
        }

        Map<String, TensorData> tensors() {
            Map<String, TensorData> out = new LinkedHashMap<>();
            out.put("data.mean", TensorData.of(new double[]{mean}, 1));
            out.put("data.std", TensorData.of(new double[]{std}, 1));
            if (permutation != null) {
                out.put("data.permutation", TensorData.of(permutation, permutation.length));
            }
            return Collections.unmodifiableMap(out);
        }
    }

    /** Some of the digits. */
    private record Set(Digits digits, int[] indices, Pixels pixels) implements SequenceSet {
        @Override
        public int size() { return indices.length; }

        @Override
        @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
        public SequenceBatch batch(int[] wanted) {
            float[] x = new float[wanted.length * MnistFiles.PIXELS];
            int[] labels = new int[wanted.length];
            int[] order = pixels.permutation;
            for (int b = 0; b < wanted.length; b++) {
                int from = indices[wanted[b]] * MnistFiles.PIXELS;
                for (int t = 0; t < MnistFiles.PIXELS; t++) {
                    int pixel = digits.images[from + (order == null ? t : order[t])] & 0xff;
                    x[b * MnistFiles.PIXELS + t] = pixels.table[pixel];
                }
                labels[b] = label(wanted[b]);
            }
            return new SequenceBatch(wanted.length, MnistFiles.PIXELS, 1, x, null, labels);
        }

        @Override
        public int label(int i) { return digits.labels[indices[i]]; }

        @Override
        public Picture picture(int i) {
            int from = indices[i] * MnistFiles.PIXELS;
            return new Picture(MnistFiles.SIDE, MnistFiles.SIDE,
                    Arrays.copyOfRange(digits.images, from, from + MnistFiles.PIXELS));
        }
    }
}
