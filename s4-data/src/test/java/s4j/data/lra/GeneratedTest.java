package s4j.data.lra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.io.MalformedFileException;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/** Bounds of what is generated, and archives of images, reviews and pairs as they come. */
final class GeneratedTest {
    @TempDir
    Path dir = Path.of("");

    private final List<String> log = new ArrayList<>();

    private static <T extends Record> T bound(T defaults, Object... keys) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keys.length; i += 2) {
            map.put(keys[i].toString(), keys[i + 1]);
        }
        return Binder.bind(ConfigTree.of(map, new Origin("test")), defaults);
    }

    private Dataset listops(Object... keys) throws IOException {
        return bound(ListOpsConfig.DEFAULTS, keys).load(log::add);
    }

    private static Dataset synthetic(Object... keys) { return bound(SyntheticConfig.DEFAULTS, keys).load(s -> {}); }

    /** Trees of one level, or of few tokens, are few: more of them than there are must not be searched for for ever. */
    @ParameterizedTest
    @CsvSource({"1,1,5,10", "2,3,5,3000", "2,500,2000,1"})
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void moreTreesThanThereAreAreRefused(int depth, int shortest, int longest, int size) {
        assertFails(ConfigException.class,
                () -> listops("max_depth", depth, "min_length", shortest, "max_length", longest, "train_size", size,
                        "val_size", 1, "test_size", 1),
                "dataset.max_length", "none of " + (shortest + 1) + " to " + (longest - 1) + " tokens",
                "Raise max_length");
    }

    @Test
    void longerTreesAreCutAtTheirLimit() throws IOException {
        Dataset data = listops("min_length", 20, "max_length", 60, "train_size", 30, "val_size", 5, "test_size", 5,
                "l_max",
                25);
        assertEquals(25, data.lMax());
        assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
                ((TargetSpec.Classes) data.targets()).names());
        assertTrue(
                log.getFirst().startsWith("ListOps: 30 training, 5 validation, 5 test expressions of up to 25 tokens"),
                log.getFirst());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"kind=copying,length=10,symbols=10 | symbols: got 10; expected fewer than length 10",
                    "kind=reconstruct,length=10,lag=11,symbols=2 | lag 11, symbols 2; expected at most length 10",
                    "kind=reconstruct,length=10,lag=5,symbols=6 | lag 5, symbols 6",
                    "kind=delay,length=10,lag=10 | lag: got 10",
                    "kind=copying,length=3 | length: got 3", "alphabet=201 | alphabet: got 201",
                    "kind=sorting | kind: got"})
    void whatDoesNotFitIntoItsLengthIsRefused(String keys, String message) {
        List<Object> all = new ArrayList<>();
        for (String key : keys.split(",", -1)) {
            String[] parts = key.split("=", -1);
            all.add(parts[0]);
            all.add(parts[1].matches("[0-9]+") ? (Object) Long.valueOf(parts[1]) : parts[1]);
        }
        assertFails(ConfigException.class, () -> bound(SyntheticConfig.DEFAULTS, all.toArray()), message);
    }

    /** Of every kind: a sequence depends on seed, split and number alone, and other seeds and splits are others. */
    @ParameterizedTest
    @EnumSource(SyntheticConfig.Kind.class)
    void aSequenceIsTheSameWhateverElseIsMade(SyntheticConfig.Kind kind) {
        Object[] keys = {"kind", kind.name().toLowerCase(Locale.ROOT), "length", 24L, "symbols", 3L, "lag", 5L,
                "train_size", 9L, "val_size", 4L,
                "test_size", 4L};
        Dataset a = synthetic(keys);
        Dataset b = synthetic(keys);
        float[] batch = a.train().batch(new int[]{7, 2}).x();
        float[] alone = b.train().batch(new int[]{2}).x();
        assertArrayEquals(alone, Arrays.copyOfRange(batch, batch.length / 2, batch.length));
        assertEquals(a.hash(), b.hash());
        Object[] other = Arrays.copyOf(keys, keys.length + 2);
        other[keys.length] = "seed";
        other[keys.length + 1] = 1L;
        assertNotEquals(a.hash(), synthetic(other).hash());
        assertNotEquals(Arrays.toString(alone), Arrays.toString(synthetic(other).train().batch(new int[]{2}).x()));
        assertNotEquals(Arrays.toString(alone), Arrays.toString(a.test().batch(new int[]{2}).x()));
        assertEquals(9, a.train().size());
        assertEquals(kind == SyntheticConfig.Kind.COPYING ? 27 : 24, a.lMax());
        assertEquals(a.lMax() * (a.tokens() ? 1 : a.dInput()), alone.length);
    }

    private Path archive(int side, int n, boolean emptyOnes) throws IOException {
        Path folder = dir.resolve("curv");
        Files.createDirectories(folder.resolve("metadata"));
        Files.createDirectories(folder.resolve("imgs/1"));
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < n; i++) {
            BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_BYTE_GRAY);
            image.getRaster().setSample(i % side, 0, 0, 255);
            Path file = folder.resolve("imgs/1/sample_" + i + ".png");
            ImageIO.write(image, "png", file.toFile());
            if (emptyOnes && i == 3) {
                Files.write(file, new byte[0]);
            }
            lines.append("imgs/1 sample_").append(i).append(".png ").append(i).append(' ').append(i % 2)
                    .append(" 1.8 6 14\n\n");
        }
        Files.writeString(folder.resolve("metadata/1.npy"), lines);
        Files.writeString(folder.resolve("metadata/notes.md"), "not this");
        return folder;
    }

    private Dataset pathfinder(Path folder, int side) throws IOException {
        return bound(PathfinderConfig.DEFAULTS, "path", folder.toString(), "resolution", (long) side).load(log::add);
    }

    @Test
    void imagesOfTheArchiveAreTheirPixelsInStoredOrder() throws IOException {
        Dataset data = pathfinder(archive(16, 21, true), 16);
        assertEquals(List.of(16, 2, 2), List.of(data.train().size(), data.validation().size(), data.test().size()),
                "the first 80 %, then 10 %, of those that are not empty");
        assertTrue(log.getFirst().contains("; 1 empty files left out"), log.getFirst());
        SequenceBatch first = data.train().batch(new int[]{0, 5});
        assertEquals(1f, first.x()[0], "white");
        assertEquals(-1f, first.x()[1], "black");
        assertEquals(1f, first.x()[256 + 6], "image 5 is sample 6, as sample 3 is empty");
        assertArrayEquals(new int[]{0, 0}, first.classes());
        SequenceSet.Picture picture = data.train().picture(1);
        assertNotNull(picture);
        assertEquals((byte) 255, picture.pixels()[1]);
        assertEquals(256, data.lMax());
        assertEquals(data.hash(), pathfinder(dir.resolve("curv"), 16).hash());
        assertEquals(List.of("apart", "joined"), ((TargetSpec.Classes) data.targets()).names());
    }

    @Test
    void imagesOfAnotherSizeAndDamagedOnesAreNamedWhenTheyAreAskedFor() throws IOException {
        Path folder = archive(16, 20, false);
        Dataset wrong = pathfinder(folder, 32);
        assertFails(UncheckedIOException.class, () -> wrong.train().batch(new int[]{0}), "sample_0.png: 16 × 16 pixels",
                "expected an image of 32 × 32 pixels. Write dataset.resolution");
        Files.writeString(folder.resolve("imgs/1/sample_0.png"), "no image");
        Dataset damaged = pathfinder(folder, 16);
        assertFails(UncheckedIOException.class, () -> damaged.train().batch(new int[]{0}), "sample_0.png: no image");
        Files.delete(folder.resolve("imgs/1/sample_1.png"));
        assertFails(MalformedFileException.class, () -> pathfinder(folder, 16), "1.npy, line 3: no file");
    }

    @Test
    void everyResolutionDrawsImages() throws IOException {
        for (long side : new long[]{16, 32, 64, 128}) {
            Dataset data = bound(PathfinderConfig.DEFAULTS, "resolution", side, "train_size", 2L, "val_size", 1L,
                    "test_size", 1L, "contour_length", 4L).load(log::add);
            float[] x = data.train().batch(new int[]{1}).x();
            assertEquals(side * side, x.length);
            long bright = IntStream.range(0, x.length).filter(i -> x[i] > 0).count();
            assertTrue(bright > side / 2 && bright < x.length / 2, side + ": " + bright + " bright pixels");
            assertEquals(data.train().label(1), data.train().batch(new int[]{1}).classes()[0]);
            assertNotNull(data.test().picture(0));
        }
        for (long side : new long[]{17, 8, 512}) {
            assertFails(ConfigException.class, () -> bound(PathfinderConfig.DEFAULTS, "resolution", side),
                    "resolution: got " + side);
        }
    }

    /** A stroke's ink is what its length and thickness say, wherever it lies. */
    @Test
    void inkDoesNotDependOnThePlace() {
        Canvas canvas = new Canvas(32, 2);
        double first = sum(canvas.disc(10, 10, 3));
        assertEquals(Math.PI * 9, first, 2);
        for (int y = 8; y < 24; y += 5) {
            for (int x = 8; x < 24; x += 3) {
                assertEquals(first, sum(canvas.disc(y, x, 3)), 0.1, "disc at " + y + ", " + x);
                assertEquals(sum(canvas.stroke(10, 10, 10, 16, 2)), sum(canvas.stroke(y, x, y, x + 6, 2)), 0.1);
            }
        }
        boolean[] near = canvas.dilated(canvas.disc(16, 16, 1), 2);
        assertTrue(near[16 * 32 + 16] && near[16 * 32 + 18] && !near[16 * 32 + 25], "within two pixels");
        assertEquals(0, count(canvas.dilated(new float[32 * 32], 5)), "nothing is near nothing");
    }

    private static double sum(float[] x) {
        double out = 0;
        for (float v : x) {
            out += v;
        }
        return out;
    }

    private static int count(boolean[] x) {
        int n = 0;
        for (boolean v : x) {
            n += v ? 1 : 0;
        }
        return n;
    }

    private Dataset imdb() throws IOException {
        return new ImdbConfig("imdb", 4096, 0.5, 1, dir.toString()).load(log::add);
    }

    @Test
    void reviewsMayBeGzippedInTheirOwnFolder() throws IOException {
        byte[] rows = "label\ttext\npos\tgood\nnegative\tbad\n1\tfine\n0\tpoor\n".getBytes(StandardCharsets.UTF_8);
        Path folder = Files.createDirectories(dir.resolve("imdb"));
        byte[] packed = packed(rows);
        Files.write(folder.resolve("imdb-train.tsv.gz"), packed);
        Files.write(folder.resolve("imdb-test.tsv"), rows);
        Dataset data = imdb();
        assertEquals(List.of(2, 2, 4), List.of(data.train().size(), data.validation().size(), data.test().size()));
        assertArrayEquals(new int[]{1, 0, 1, 0}, data.test().batch(new int[]{0, 1, 2, 3}).classes());
        Files.write(folder.resolve("imdb-train.tsv.gz"), Arrays.copyOf(packed, packed.length - 5));
        assertFails(MalformedFileException.class, this::imdb, "imdb-train.tsv.gz: its compression is damaged");
        Files.writeString(folder.resolve("imdb-test.tsv"), "");
        Files.write(folder.resolve("imdb-train.tsv.gz"), packed);
        assertFails(MalformedFileException.class, this::imdb, "imdb-test.tsv, line 1: got the columns []");
        Files.writeString(folder.resolve("imdb-test.tsv"), "label\ttext\n1\t\n");
        assertFails(MalformedFileException.class, this::imdb, "line 2: got 2 cells; expected 2 with a label");
        Files.writeString(folder.resolve("imdb-test.tsv"), "label\ttext\n1\ta\tb\n");
        assertFails(MalformedFileException.class, this::imdb, "line 2: got 3 cells; expected 2");
    }

    private static byte[] packed(byte[] content) throws IOException {
        var out = new java.io.ByteArrayOutputStream();
        try (var gzip = new java.util.zip.GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private static final String PAIRS = "1.0\ta\tb\tone\ttwo\n";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'' | no rows; expected label", "'\\n' | line 1: got 1 cells, the first ''",
            "1.0\\ta\\tb\\tx\\ty\\n\\n | line 2: got 1 cells", "1\\ta\\tb\\tx\\n | line 1: got 4 cells, the first '1'",
            "1.5\\ta\\tb\\tx\\ty\\n | the first '1.5'", "yes\\ta\\tb\\tx\\ty\\n | the first 'yes'",
            "1\\ta\\tb\\tx\\ty\\tz\\n | got 6 cells"})
    void aBrokenFileOfPairsIsRefusedWithItsLine(String text, String message) throws IOException {
        Path file = Files.writeString(dir.resolve("p.tsv"), text.replace("\\n", "\n").replace("\\t", "\t"));
        assertFails(MalformedFileException.class, () -> TextPairs.of(file, 8), "p.tsv", message);
    }

    @Test
    void manyPairsAreFoundWhereTheyBegin() throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            rows.append(i % 3 == 0 ? "0.0" : "1").append("\ta\tb\t").append(i).append('\t').append(i * 7)
                    .append("\r\n");
        }
        Path file = Files.writeString(dir.resolve("p.tsv"), rows);
        TextPairs pairs = TextPairs.of(file, 6);
        assertEquals(3000, pairs.size());
        for (int i : new int[]{0, 1023, 1024, 2047, 2999}) {
            SequenceBatch b = pairs.batch(new int[]{i});
            StringBuilder text = new StringBuilder();
            for (float v : b.x()) {
                text.append(v == 0 ? ' ' : (char) v);
            }
            assertEquals(String.format("%-6s%-6s", i, i * 7), text.toString(), "row " + i);
            assertEquals(i % 3 == 0 ? 0 : 1, b.classes()[0]);
        }
        Files.writeString(file, PAIRS);
        assertFails(UncheckedIOException.class, () -> pairs.batch(new int[]{2999}), "it has become shorter");
    }
}
