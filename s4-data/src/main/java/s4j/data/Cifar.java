package s4j.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/**
 * CIFAR-10 as sequences of 1,024 pixels, row by row: {@code x = (v / 255 - mean) / std} of red, green and blue, or of the
 * luminance. Mean and std are the official ones, not those of the data. Images stay bytes until they are asked for.
 */
final class Cifar implements Dataset {
    private static final double[] MEAN = {0.4914, 0.4822, 0.4465};
    private static final double GREY_MEAN = 122.6 / 255;
    private static final double GREY_STD = 61.0 / 255;
    private static final List<String> CLASSES = List.of("airplane", "automobile", "bird", "cat", "deer", "dog", "frog",
            "horse", "ship", "truck");

    private final Set train;
    private final Set validation;
    private final Set test;
    private final Values values;
    private final String hash;

    private Cifar(Set train, Set validation, Set test, Values values, String hash) {
        this.train = train;
        this.validation = validation;
        this.test = test;
        this.values = values;
        this.hash = hash;
    }

    static Cifar load(CifarConfig config, CifarFiles files, Consumer<String> log) throws IOException {
        Map<String, byte[]> found = files.load(log);
        List<String> trainNames = found.keySet().stream().filter(n -> !n.equals(CifarFiles.TEST)).toList();
        List<byte[]> trainFiles = new ArrayList<>();
        found.forEach((name, bytes) -> {
            if (!name.equals(CifarFiles.TEST)) {
                trainFiles.add(bytes);
            }
        });
        CifarImages train = CifarImages.of(trainFiles, trainNames);
        byte[] testFile = found.getOrDefault(CifarFiles.TEST, new byte[0]);
        CifarImages test = CifarImages.of(List.of(testFile), List.of(CifarFiles.TEST));
        log.accept("CIFAR-10: %,d training images in %d file%s, %,d test images".formatted(train.count(),
                trainNames.size(), trainNames.size() == 1 ? "" : "s", test.count()));
        Values values = Values.of(config);
        Split split = Split.of(train.count(), config.valSplit(), config.seed());
        return new Cifar(new Set(train, split.train(), values), new Set(train, split.validation(), values),
                new Set(test, IntStream.range(0, test.count()).toArray(), values), values, hash(found));
    }

    private static String hash(Map<String, byte[]> files) {
        List<byte[]> parts = new ArrayList<>();
        files.forEach((name, bytes) -> {
            parts.add(name.getBytes(StandardCharsets.UTF_8));
            parts.add(bytes);
        });
        return Sha256.hex(parts.toArray(new byte[0][]));
    }

    @Override
    public String name() { return "cifar"; }

    @Override
    public int dInput() { return values.tables().length; }

    @Override
    public int lMax() { return CifarImages.PIXELS; }

    @Override
    public TargetSpec targets() { return TargetSpec.Classes.of(CLASSES); }

    @Override
    public SequenceSet train() { return train; }

    @Override
    public SequenceSet validation() { return validation; }

    @Override
    public SequenceSet test() { return test; }

    @Override
    public Map<String, TensorData> transform() {
        int n = values.mean().length;
        return Map.of("data.mean", TensorData.of(values.mean(), n), "data.std", TensorData.of(values.std(), n));
    }

    @Override
    public String hash() { return hash; }

    /** From bytes to network input: one table over the 256 values for each value of a step. */
    private record Values(double[] mean, double[] std, float[][] tables) {
        static Values of(CifarConfig config) {
            double[] mean = config.grayscale() ? new double[]{GREY_MEAN} : MEAN.clone();
            double[] std = config.grayscale()
                    ? new double[]{GREY_STD}
                    : config.std().stream().mapToDouble(Double::doubleValue).toArray();
            float[][] tables = new float[mean.length][256];
            for (int c = 0; c < mean.length; c++) {
                for (int v = 0; v < 256; v++) {
                    tables[c][v] = (float) ((v / 255.0 - mean[c]) / std[c]);
                }
            }
            return new Values(mean, std, tables);
        }
    }

    /** Some of the images. */
    private record Set(CifarImages images, int[] indices, Values values) implements SequenceSet {
        @Override
        public int size() { return indices.length; }

        @Override
        public SequenceBatch batch(int[] wanted) {
            float[][] tables = values.tables;
            int d = tables.length;
            float[] x = new float[wanted.length * CifarImages.PIXELS * d];
            int[] labels = new int[wanted.length];
            int at = 0;
            for (int b = 0; b < wanted.length; b++) {
                CifarImages.Image image = images.image(indices[wanted[b]]);
                labels[b] = image.label();
                for (int t = 0; t < CifarImages.PIXELS; t++) {
                    for (int c = 0; c < d; c++) {
                        x[at++] = tables[c][d == 1 ? image.grey(t) : image.colour(c, t)];
                    }
                }
            }
            return new SequenceBatch(wanted.length, CifarImages.PIXELS, d, x, labels);
        }

        @Override
        public int label(int i) { return images.image(indices[i]).label(); }

        @Override
        public Picture picture(int i) {
            CifarImages.Image image = images.image(indices[i]);
            byte[] grey = new byte[CifarImages.PIXELS];
            for (int t = 0; t < grey.length; t++) {
                grey[t] = (byte) image.grey(t);
            }
            return new Picture(CifarImages.SIDE, CifarImages.SIDE, grey);
        }
    }
}
