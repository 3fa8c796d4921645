package s4j.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/** A small data set in MNIST's format, seeded: 40 training and 6 test images of random pixels. */
final class TinyMnist {
    static final int TRAIN = 40;
    static final int TEST = 6;
    static final Consumer<String> QUIET = line -> {};

    static byte[] images(int count, long seed) {
        ByteBuffer out = ByteBuffer.allocate(16 + count * 784).putInt(0x803).putInt(count).putInt(28).putInt(28);
        byte[] pixels = new byte[count * 784];
        new SplittableRandom(seed).nextBytes(pixels);
        return out.put(pixels).array();
    }

    static byte[] labels(int count, long seed) {
        ByteBuffer out = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
        SplittableRandom random = new SplittableRandom(seed);
        while (out.hasRemaining()) {
            out.put((byte) random.nextInt(10));
        }
        return out.array();
    }

    static byte[] content(String name) {
        return switch (name) {
            case "train-images-idx3-ubyte" -> images(TRAIN, 1);
            case "train-labels-idx1-ubyte" -> labels(TRAIN, 2);
            case "t10k-images-idx3-ubyte" -> images(TEST, 3);
            default -> labels(TEST, 4);
        };
    }

    static MnistFiles files() {
        List<DataFile> f = MnistFiles.ORIGINAL.all().stream().map(d -> of(d.name(), content(d.name()))).toList();
        return new MnistFiles(f.get(0), f.get(1), f.get(2), f.get(3), TRAIN, TEST);
    }

    static DataFile of(String name, byte[] content) { return new DataFile(name, content.length, Sha256.hex(content)); }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static void write(Path directory, boolean zipped) throws IOException {
        Files.createDirectories(directory);
        for (DataFile f : files().all()) {
            byte[] content = content(f.name());
            Files.write(directory.resolve(f.name() + (zipped ? ".gz" : "")), zipped ? gzip(content) : content);
        }
    }

    /** One local source and nothing else. */
    static DataFiles in(Path directory) {
        return new DataFiles(List.of(new LocalSource(directory, "mnist", "test")), directory.resolve("cache"));
    }

    static Mnist load(Path directory, MnistConfig config) throws IOException {
        write(directory, false);
        return Mnist.load(config, files(), in(directory), QUIET);
    }

    private TinyMnist() {}
}
