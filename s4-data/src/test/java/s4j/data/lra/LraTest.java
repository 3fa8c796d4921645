package s4j.data.lra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.data.Dataset;
import s4j.io.MalformedFileException;
import s4j.math.SplitMix64;
import s4j.model.SequenceBatch;

/** Reviews, dashed paths, and what a memory must keep. */
final class LraTest {
    private static final int SEED = 7;

    @TempDir
    Path dir = Path.of("");

    private Dataset imdb(int lMax) throws IOException {
        return new ImdbConfig("imdb", lMax, ImdbConfig.Part.FIRST, 0.25, SEED, dir.toString()).load(s -> {});
    }

    @Test
    void reviewsAreTheirBytes() throws IOException {
        Files.writeString(dir.resolve("imdb-train.tsv"),
                "label\tid\trating\ttext\nneg\t0\t3\tbäd\npos\t1\t9\tgood\nneg\t2\t1\tpoor\npos\t3\t8\tfine\n");
        Files.writeString(dir.resolve("imdb-test.tsv"), "text\tlabel\nso so\t1\n");
        Dataset data = imdb(4);
        assertEquals(3, data.train().size());
        assertEquals(1, data.validation().size());
        SequenceBatch test = data.test().batch(new int[]{0});
        assertArrayEquals(new float[]{'s', 'o', ' ', 's'}, test.x(), "cut");
        assertEquals(1, test.classes()[0]);
        assertEquals(256, data.dInput());
        Files.writeString(dir.resolve("imdb-test.tsv"), "text\tlabel\nso so\t7\n");
        assertFails(MalformedFileException.class, () -> imdb(4), "imdb-test.tsv, line 2");
        Files.writeString(dir.resolve("imdb-test.tsv"), "words\tlabel\n");
        assertFails(MalformedFileException.class, () -> imdb(4), "expected label and text");
        Files.delete(dir.resolve("imdb-test.tsv"));
        assertFails(ConfigException.class, () -> imdb(4), "no file imdb-test.tsv", dir.toString());
    }

    /** Published: two paths of 14 paddles, distractors of 4, markers at ends. */
    @Test
    void imagesHaveTheirPathsAndMarkers() {
        Pathfinder.Form form = PathfinderConfig.DEFAULTS.form();
        assertEquals(4, form.distractorLength(), "14 // 3");
        assertEquals(5, form.distractors(), "20 // 4");
        int joined = 0;
        int distractors = 0;
        int n = 40;
        for (int i = 0; i < n; i++) {
            Pathfinder.Image image = Pathfinder.draw(form, SplitMix64.of(SEED, "test", i));
            assertEquals(2 * 14, image.paddles());
            assertEquals(32 * 32, image.pixels().length);
            joined += image.label();
            distractors += image.distractors();
            int bright = 0;
            int border = 0;
            for (int p = 0; p < image.pixels().length; p++) {
                int v = image.pixels()[p] & 0xff;
                bright += v > 100 ? 1 : 0;
                boolean edge = p < 32 || p >= 31 * 32;
                border += edge && v > 0 ? 1 : 0;
            }
            assertTrue(bright > 40 && bright < 400, "strokes: " + bright);
            assertTrue(border < 20, "the border stays nearly free: " + border);
        }
        assertTrue(joined > n / 4 && joined < 3 * n / 4, "a fair coin: " + joined);
        assertTrue(distractors > n, "distractors find places: " + distractors);
    }

    @Test
    void anImageIsTheSameWhateverWasDrawnBefore() throws IOException {
        Dataset a = new PathfinderConfig("pathfinder", null, 16, 5, 20, 4, 4, SEED, null).load(s -> {});
        Dataset b = new PathfinderConfig("pathfinder", null, 16, 5, 20, 4, 4, SEED, null).load(s -> {});
        float[] late = a.train().batch(new int[]{19, 3}).x();
        assertArrayEquals(Arrays.copyOf(b.train().batch(new int[]{19}).x(), 256), Arrays.copyOf(late, 256));
        assertEquals(a.hash(), b.hash());
        assertTrue(a.train().batch(new int[]{0}).x()[0] >= -1);
        assertFails(IllegalArgumentException.class,
                () -> new PathfinderConfig("pathfinder", null, 40, 5, 20, 4, 4, SEED, null), "resolution: got 40");
    }

    private static SequenceBatch synthetic(SyntheticConfig.Kind kind, int length, int lag) {
        return new SyntheticConfig("synthetic", kind, length, 3, 8, lag, 50, 5, 5, SEED, null).load(s -> {}).train()
                .batch(new int[]{0, 7});
    }

    @Test
    void copyingAsksForItsSymbolsAgain() {
        SequenceBatch batch = synthetic(SyntheticConfig.Kind.COPYING, 20, 5);
        assertEquals(23, batch.length());
        assertEquals(6, batch.predictedSteps());
        for (int b = 0; b < 2; b++) {
            for (int k = 0; k < 3; k++) {
                assertEquals((int) batch.x()[b * 23 + k], batch.classes()[b * 23 + 20 + k]);
                assertEquals(0f, batch.x()[b * 23 + 20 + k], "and shows nothing");
            }
            assertEquals(9f, batch.x()[b * 23 + 19], "the sign");
        }
    }

    @Test
    void addingIsTheSumOfWhatIsMarked() {
        SequenceBatch batch = synthetic(SyntheticConfig.Kind.ADDING, 20, 5);
        double sum = 0;
        int marks = 0;
        for (int t = 0; t < 20; t++) {
            sum += batch.x()[2 * t] * batch.x()[2 * t + 1];
            marks += (int) batch.x()[2 * t + 1];
        }
        assertEquals(2, marks);
        assertEquals(sum, batch.values().values()[0] * Math.sqrt(1 / 6.0) + 1, 1e-6);
    }

    @Test
    void delayIsWhatWasHeardBefore() {
        SequenceBatch batch = synthetic(SyntheticConfig.Kind.DELAY, 20, 5);
        for (int b = 0; b < 2; b++) {
            for (int t = 5; t < 20; t++) {
                assertEquals(batch.x()[20 * b + t - 5], batch.values().values()[15 * b + t - 5]);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30})
    void mackeyGlassStaysInItsBand(int lag) {
        SequenceBatch batch = synthetic(SyntheticConfig.Kind.MACKEY, 500, lag);
        double mean = 0;
        for (float v : batch.x()) {
            assertTrue(Math.abs(v) < 4, "value " + v);
            mean += v / batch.x().length;
        }
        assertEquals(0, mean, 0.3);
        assertTrue(Math.abs(batch.values().values()[0]) < 4);
    }

    @Test
    void reconstructionAsksForTheLastValues() {
        SequenceBatch batch = synthetic(SyntheticConfig.Kind.RECONSTRUCT, 20, 5);
        assertEquals(5, batch.values().steps());
        assertArrayEquals(Arrays.copyOfRange(batch.x(), 35, 40), Arrays.copyOfRange(batch.values().values(), 5, 10));
        double power = 0;
        SequenceBatch many = new SyntheticConfig("synthetic", SyntheticConfig.Kind.RECONSTRUCT, 64, 10, 8, 5, 400, 5, 5,
                SEED,
                null).load(s -> {}).train().batch(java.util.stream.IntStream.range(0, 400).toArray());
        for (float v : many.x()) {
            power += v * v / many.x().length;
        }
        assertEquals(1, power, 0.1, "variance");
        assertFails(IllegalArgumentException.class, () -> synthetic(SyntheticConfig.Kind.RECONSTRUCT, 20, 21),
                "lag 21");
    }

    @Test
    void pairsAreBothTextsPaddedAndCut() throws IOException {
        for (String split : new String[]{"train", "eval", "test"}) {
            Files.writeString(dir.resolve("new_aan_pairs." + split + ".tsv"),
                    "0.0\ta\tb\tshort\tmuch too long\n1.0\tc\td\tone\ttwo");
        }
        Dataset data = new AanConfig("aan", 8, dir.toString()).load(s -> {});
        assertEquals(2, data.train().size(), "the last row need not end");
        SequenceBatch batch = data.train().batch(new int[]{1, 0});
        assertArrayEquals(new int[]{1, 0}, batch.classes());
        assertEquals(16, batch.length());
        assertEquals("one\0\0\0\0\0two\0\0\0\0\0short\0\0\0much too", text(batch.x()));
        assertEquals(1, data.train().label(1));
        Files.writeString(dir.resolve("new_aan_pairs.test.tsv"), "0\ta\tb\tx\ty\n2\ta\tb\tx\ty\n");
        assertFails(MalformedFileException.class, () -> new AanConfig("aan", 8, dir.toString()).load(s -> {}),
                "new_aan_pairs.test.tsv, line 2: got 5 cells, the first '2'");
        Files.delete(dir.resolve("new_aan_pairs.test.tsv"));
        assertFails(ConfigException.class, () -> new AanConfig("aan", 8, dir.toString()).load(s -> {}),
                "no file new_aan_pairs.test.tsv", "tsv_data");
    }

    private static String text(float[] x) {
        StringBuilder out = new StringBuilder();
        for (float v : x) {
            out.append((char) v);
        }
        return out.toString();
    }

    @Test
    void archiveOfImagesNamesWhatIsWrong() throws IOException {
        Path folder = dir.resolve("curv");
        PathfinderConfig config = new PathfinderConfig("pathfinder", folder.toString(), 32, 14, 1, 1, 1, 0, null);
        assertFails(MalformedFileException.class, () -> config.load(s -> {}), "no folder", "metadata");
        Files.createDirectories(folder.resolve("metadata"));
        Files.writeString(folder.resolve("metadata/0.npy"), "imgs/0 sample_0.png 0 7\n");
        assertFails(MalformedFileException.class, () -> config.load(s -> {}), "0.npy, line 1", "label 0 or 1");
        Files.writeString(folder.resolve("metadata/0.npy"), "imgs/0 sample_0.png 0 1\n");
        assertFails(MalformedFileException.class, () -> config.load(s -> {}), "no file", "sample_0.png");
        Files.createDirectories(folder.resolve("imgs/0"));
        Files.write(folder.resolve("imgs/0/sample_0.png"), new byte[0]);
        assertFails(MalformedFileException.class, () -> config.load(s -> {}), "0 images; expected at least ten");
    }
}
