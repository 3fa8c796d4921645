package s4j.data.lra;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/**
 * Pathfinder's images of the Long Range Arena's archive, read when they are asked for. Each file of {@code metadata}, in the order of its
 * number, has a line for each image: folder, file, number, label, and settings. Empty image files are left out.
 */
record PathfinderArchive(int side, List<Image> images) implements Dataset {
    private static final int LABEL = 3;

    /** An image's file and label. */
    record Image(Path file, int label) {}

    static PathfinderArchive read(Path folder, int side, Consumer<String> log) throws IOException {
        Path metadata = folder.resolve("metadata");
        if (!Files.isDirectory(metadata)) {
            throw new MalformedFileException(
                    "dataset.path: no folder %s; expected one of the archive, e.g. curv_contour_length_14"
                            .formatted(metadata));
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(metadata)) {
            files = all.filter(f -> f.getFileName().toString().matches("\\d+\\.(npy|txt)")).sorted(Comparator.comparing(
                    f -> Integer.parseInt(f.getFileName().toString().replaceFirst("\\..*", "")))).toList();
        }
        List<Image> images = new ArrayList<>();
        int empty = 0;
        for (Path file : files) {
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                String[] cells = line.strip().split("\\s+", -1);
                if (cells.length <= LABEL || !cells[LABEL].matches("[01]")) {
                    throw new MalformedFileException(
                            "%s, line %d: got '%s'; expected a folder, a file, a number and a label 0 or 1"
                                    .formatted(file, number, line.length() > 60 ? line.substring(0, 60) + "…" : line));
                }
                Path image = folder.resolve(cells[0]).resolve(cells[1]);
                if (!Files.isRegularFile(image)) {
                    throw new MalformedFileException(
                            "%s, line %d: no file %s; expected the image".formatted(file, number,
                                    image));
                }
                if (Files.size(image) == 0) {
                    empty++;
                } else {
                    images.add(new Image(image, cells[LABEL].charAt(0) - '0'));
                }
            }
        }
        if (images.size() < 10) {
            throw new MalformedFileException("%s: %d images; expected at least ten".formatted(folder, images.size()));
        }
        PathfinderArchive out = new PathfinderArchive(side, List.copyOf(images));
        log.accept("Pathfinder: %,d training, %,d validation, %,d test images of %d × %d from %s%s".formatted(
                out.train()
                        .size(),
                out.validation().size(), out.test().size(), side, side, folder,
                empty == 0 ? "" : "; %,d empty files left out".formatted(empty)));
        return out;
    }

    @Override
    public String name() { return "pathfinder"; }

    @Override
    public int dInput() { return 1; }

    @Override
    public int lMax() { return side * side; }

    @Override
    public TargetSpec targets() { return TargetSpec.Classes.of(List.of("apart", "joined")); }

    private Part part(double from, double to) {
        return new Part(side, images.subList((int) (images.size() * from), (int) (images.size() * to)));
    }

    @Override
    public SequenceSet train() { return part(0, 0.8); }

    @Override
    public SequenceSet validation() { return part(0.8, 0.9); }

    @Override
    public SequenceSet test() { return part(0.9, 1); }

    @Override
    public Map<String, TensorData> transform() {
        return Map.of("data.mean", TensorData.of(new double[]{0.5}, 1), "data.std",
                TensorData.of(new double[]{0.5}, 1));
    }

    /** Of names and labels: the images themselves are read as they are asked for. */
    @Override
    public String hash() {
        return Hashes.of(images.stream().map(i -> (i.file.getFileName() + " " + i.label + "\n").getBytes(
                StandardCharsets.UTF_8)).toList());
    }

    /** Some of the images. */
    private record Part(int side, List<Image> images) implements SequenceSet {
        @Override
        public int size() { return images.size(); }

        @Override
        public int label(int i) { return images.get(i).label; }

        @Override
        public SequenceBatch batch(int[] indices) {
            int l = side * side;
            float[] x = new float[Math.multiplyExact(indices.length, l)];
            for (int b = 0; b < indices.length; b++) {
                byte[] pixels = pixels(indices[b]);
                for (int t = 0; t < l; t++) {
                    x[b * l + t] = ((pixels[t] & 0xff) / 255f - 0.5f) / 0.5f;
                }
            }
            return new SequenceBatch(indices.length, l, 1, x, IntStream.of(indices).map(this::label).toArray());
        }

        @Override
        public Picture picture(int i) { return new Picture(side, side, pixels(i)); }

        private byte[] pixels(int i) {
            Path file = images.get(i).file;
            try {
                @Nullable
                BufferedImage image = ImageIO.read(file.toFile());
                if (image == null || image.getWidth() != side || image.getHeight() != side) {
                    throw new MalformedFileException(
                            "%s: %s; expected an image of %d × %d pixels. Write dataset.resolution"
                                    .formatted(file, image == null
                                            ? "no image"
                                            : image.getWidth() + " × " + image.getHeight() + " pixels", side, side));
                }
                byte[] out = new byte[side * side];
                for (int t = 0; t < out.length; t++) {
                    out[t] = (byte) image.getRaster().getSample(t % side, t / side, 0);
                }
                return out;
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
    }
}
