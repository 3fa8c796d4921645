package s4j.data.lra;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;
import s4j.data.Dataset;
import s4j.data.DatasetConfig;
import s4j.data.SequenceSet;
import s4j.io.TensorData;
import s4j.math.SplitMix64;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/**
 * Pathfinder ({@code dataset._name_: pathfinder}): are two discs joined by a dashed path? Images by the rules and the hard settings
 * of the Long Range Arena, as sequences of pixels in −1 … 1, drawn when they are first asked for. 128 and 256 are Path-X.
 *
 * @param name {@code pathfinder}
 * @param path a folder of the archive with {@code metadata} and {@code imgs}, e.g. {@code pathfinder32/curv_contour_length_14}:
 *     the first 80 % of its images in stored order are for training, the next 10 % for validation; null: drawn
 * @param resolution pixels of a side: 16, 32, 64, 128 or 256
 * @param contourLength paddles of a path; 14 is the hard setting
 * @param trainSize images
 * @param valSize images
 * @param testSize images
 * @param seed of the generator
 * @param dataDir not used
 */
public record PathfinderConfig(@Key("_name_") @Default("pathfinder") String name, @Nullable String path,
        @Default("32") @Range(min = 16, max = 256) int resolution,
        @Default("14") @Range(min = 2, max = 50) int contourLength, @Default("160000") @Range(min = 1) int trainSize,
        @Default("20000") @Range(min = 1) int valSize, @Default("20000") @Range(min = 1) int testSize,
        @Default("0") long seed, @Nullable String dataDir) implements DatasetConfig {
    public static final PathfinderConfig DEFAULTS = Defaults.of(PathfinderConfig.class);

    /** Refuses other sizes. */
    public PathfinderConfig {
        if (Integer.bitCount(resolution) != 1) {
            throw new IllegalArgumentException(
                    "resolution: got " + resolution + "; expected 16, 32, 64, 128 or 256");
        }
    }

    @Override
    public boolean oneLength() { return true; }

    /** The published settings of 32 and 128; sizes between and beyond are scaled. */
    Pathfinder.Form form() {
        int third = Math.max(1, contourLength / 3);
        if (resolution >= 128) {
            int k = resolution / 128;
            return new Pathfinder.Form(resolution, contourLength, 35 / third, third, 5 * k, 1.5 * k, 2 * k, 3.0 * k,
                    20 * k, 1.8, 0.9, 2);
        }
        int k = Math.max(1, resolution / 32);
        return new Pathfinder.Form(resolution, contourLength, resolution < 32 ? 1 : 20 / third, third, 2 * k, 0.5 * k,
                k, 1.5 * k, resolution < 32 ? 3 : 7 * k, 1.0, 1.0, 2);
    }

    @Override
    public Dataset load(Consumer<String> log) throws IOException {
        if (path != null) {
            return PathfinderArchive.read(Path.of(path), resolution, log);
        }
        log.accept("Pathfinder: %,d training, %,d validation, %,d test images of %d × %d, drawn with seed %d".formatted(
                trainSize, valSize, testSize, resolution, resolution, seed));
        return new Images(this, new Drawn(this, "train", trainSize), new Drawn(this, "val", valSize),
                new Drawn(this, "test", testSize));
    }

    /** The data set. */
    private record Images(PathfinderConfig config, Drawn train, Drawn validation, Drawn test) implements Dataset {
        @Override
        public String name() { return "pathfinder"; }

        @Override
        public int dInput() { return 1; }

        @Override
        public int lMax() { return config.resolution * config.resolution; }

        @Override
        public TargetSpec targets() { return TargetSpec.Classes.of(List.of("apart", "joined")); }

        @Override
        public Map<String, TensorData> transform() {
            return Map.of("data.mean", TensorData.of(new double[]{0.5}, 1), "data.std",
                    TensorData.of(new double[]{0.5}, 1));
        }

        /** Of what decides every image. */
        @Override
        public String hash() {
            return Hashes.of(List.of(("pathfinder-1 " + config.form() + " " + config.seed + " " + config.trainSize + " "
                    + config.valSize + " " + config.testSize).getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Images of a split, each kept once it was drawn. */
    private static final class Drawn implements SequenceSet {
        private final Pathfinder.Form form;
        private final long seed;
        private final String split;
        private final Pathfinder.Image[] images;

        Drawn(PathfinderConfig config, String split, int size) {
            this.form = config.form();
            this.seed = config.seed;
            this.split = split;
            this.images = new Pathfinder.Image[size];
        }

        private synchronized Pathfinder.Image image(int i) {
            Pathfinder.Image image = images[i];
            if (image == null) {
                image = Pathfinder.draw(form, SplitMix64.of(seed, "pathfinder " + split, i));
                images[i] = image;
            }
            return image;
        }

        @Override
        public int size() { return images.length; }

        @Override
        public SequenceBatch batch(int[] indices) {
            int length = form.side() * form.side();
            float[] x = new float[Math.multiplyExact(indices.length, length)];
            int[] labels = new int[indices.length];
            for (int b = 0; b < indices.length; b++) {
                Pathfinder.Image image = image(indices[b]);
                labels[b] = image.label();
                for (int t = 0; t < length; t++) {
                    x[b * length + t] = ((image.pixels()[t] & 0xff) / 255f - 0.5f) / 0.5f;
                }
            }
            return new SequenceBatch(indices.length, length, 1, x, labels);
        }

        @Override
        public int label(int i) { return image(i).label(); }

        @Override
        public Picture picture(int i) { return new Picture(form.side(), form.side(), image(i).pixels()); }
    }
}
