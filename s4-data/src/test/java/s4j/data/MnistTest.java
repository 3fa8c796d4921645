package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;

/** Digits as sequences: reading, splitting, normalising, permuting. */
class MnistTest {
    /** Sums of some 28,000 float32 values that are normalised to about one: measured 2e-7. */
    private static final double FLOAT_MEAN = 2e-6;

    @TempDir
    Path directory = Path.of("");

    private static MnistConfig config(boolean permute, double valSplit, long seed) {
        return new MnistConfig("mnist", permute, valSplit, seed, null);
    }

    @Test
    void splitIsAPartitionDecidedBySeedAlone() {
        Split split = Split.of(60_000, 0.1, 42);
        assertEquals(54_000, split.train().length);
        assertEquals(6_000, split.validation().length);
        Set<Integer> all = new HashSet<>();
        IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.validation())).forEach(all::add);
        assertEquals(60_000, all.size());
        assertArrayEquals(split.train(), Split.of(60_000, 0.1, 42).train());
        assertFalse(Arrays.equals(split.train(), Split.of(60_000, 0.1, 43).train()));
        assertEquals(0, Split.of(5, 0, 1).validation().length);
    }

    @Test
    void trainingPixelsHaveMeanZeroAndDeviationOne() throws IOException {
        Mnist m = TinyMnist.load(directory, config(false, 0.1, 42));
        assertEquals(36, m.train().size());
        assertEquals(4, m.validation().size());
        assertEquals(6, m.test().size());
        float[] x = m.train().batch(IntStream.range(0, 36).toArray()).x();
        double mean = 0;
        double squares = 0;
        for (float v : x) {
            mean += v / x.length;
            squares += (double) v * v / x.length;
        }
        assertEquals(0, mean, FLOAT_MEAN);
        assertEquals(1, squares, FLOAT_MEAN);
    }

    @Test
    void sequencesAreTheFilesPixelsNormalised() throws IOException {
        Mnist m = TinyMnist.load(directory, config(false, 0, 42));
        byte[] images = TinyMnist.content("t10k-images-idx3-ubyte");
        byte[] labels = TinyMnist.content("t10k-labels-idx1-ubyte");
        double mean = tensor(m, "data.mean").get(0);
        double std = tensor(m, "data.std").get(0);
        SequenceBatch batch = m.test().batch(new int[]{4, 1});
        assertEquals(784, batch.length());
        assertEquals(1, batch.features());
        for (int t = 0; t < 784; t++) {
            double pixel = (images[16 + 4 * 784 + t] & 0xff) / 255.0;
            assertEquals((pixel - mean) / std, batch.x()[t], FLOAT_MEAN, "pixel " + t);
        }
        assertArrayEquals(new int[]{labels[8 + 4], labels[8 + 1]}, batch.classes());
        SequenceSet.Picture picture = m.test().picture(4);
        assertNotNull(picture);
        assertArrayEquals(Arrays.copyOfRange(images, 16 + 4 * 784, 16 + 5 * 784), picture.pixels());
    }

    private static TensorData tensor(Mnist m, String name) {
        TensorData t = m.transform().get(name);
        assertNotNull(t, name);
        return t;
    }

    @Test
    void permutationIsSeededStoredAndAppliedToEverySequence() throws IOException {
        Mnist plain = TinyMnist.load(directory, config(false, 0.1, 42));
        Mnist permuted = TinyMnist.load(directory, config(true, 0.1, 42));
        assertFalse(plain.transform().containsKey("data.permutation"));
        int[] order = tensor(permuted, "data.permutation").toInts();
        assertEquals(784, Arrays.stream(order).distinct().count());
        float[] straight = plain.validation().batch(new int[]{2}).x();
        float[] mixed = permuted.validation().batch(new int[]{2}).x();
        for (int t = 0; t < 784; t++) {
            assertEquals(straight[order[t]], mixed[t], "step " + t);
        }
        Mnist other = TinyMnist.load(directory, config(true, 0.1, 7));
        assertNotEquals(tensor(permuted, "data.permutation"), tensor(other, "data.permutation"));
        assertEquals(plain.hash(), permuted.hash());
    }

    @Test
    void damagedIdxFilesAreRefusedWithTheirReason() {
        byte[] good = TinyMnist.images(3, 1);
        refused(Arrays.copyOf(good, 10), "x: IDX header: got 10 bytes; expected 16");
        refused(Arrays.copyOf(good, good.length - 1), "got 2351 bytes; expected 2352. The file is cut");
        refused(Arrays.copyOf(good, good.length + 1), "2353 bytes; expected 2352. The file has bytes after its end");
        byte[] magic = good.clone();
        magic[2] = 9;
        refused(magic, "x: IDX magic number: got 0x00000903; expected 0x00000803");
        byte[] sizes = good.clone();
        sizes[11] = 27;
        refused(sizes, "x: IDX sizes: got [3, 27, 28]; expected [3, 28, 28]");
        refused(TinyMnist.labels(5, 1), "IDX header: got 13 bytes");
    }

    private static void refused(byte[] content, String reason) {
        assertFails(MalformedFileException.class, () -> IdxFile.parse(content, "x", 3, 28, 28), reason);
    }

    @Test
    void labelsBeyondNineAreRefused() throws IOException {
        byte[] labels = TinyMnist.content("t10k-labels-idx1-ubyte");
        labels[8 + 3] = 10;
        MnistFiles f = TinyMnist.files();
        MnistFiles wrong = new MnistFiles(f.trainImages(), f.trainLabels(), f.testImages(),
                TinyMnist.of(f.testLabels().name(), labels), TinyMnist.TRAIN, TinyMnist.TEST);
        TinyMnist.write(directory, false);
        Files.write(directory.resolve(f.testLabels().name()), labels);
        assertFails(MalformedFileException.class,
                () -> Mnist.load(MnistConfig.DEFAULTS, wrong, TinyMnist.in(directory), TinyMnist.QUIET),
                "t10k-labels-idx1-ubyte: label 3: got 10; expected 0 to 9");
    }
}
