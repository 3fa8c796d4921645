package s4j.data.lra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.io.MalformedFileException;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/** Archives of images, reviews and pairs as they come. */
final class ArchivesTest {
    @TempDir
    Path dir = Path.of("");

    private final List<String> log = new ArrayList<>();

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
        Map<String, Object> keys = Map.of("path", folder.toString(), "resolution", (long) side);
        return Binder.bind(ConfigTree.of(keys, new Origin("test")), PathfinderConfig.DEFAULTS).load(log::add);
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

    private Dataset imdb() throws IOException {
        return new ImdbConfig("imdb", 4096, ImdbConfig.Part.FIRST, 0.5, 1, dir.toString()).load(log::add);
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

    /** A review of the limit's own length is whole either way. */
    @Test
    void theBeginningOrTheEndOfALongReviewStays() throws IOException {
        String rows = "label\ttext\n1\tit is good\n0\tbad\n1\t1234\n";
        Files.writeString(dir.resolve("imdb-train.tsv"), rows);
        Files.writeString(dir.resolve("imdb-test.tsv"), rows);
        for (ImdbConfig.Part part : ImdbConfig.Part.values()) {
            Dataset data = new ImdbConfig("imdb", 4, part, 0.34, 1, dir.toString()).load(log::add);
            SequenceBatch batch = data.test().batch(new int[]{0, 1, 2});
            StringBuilder text = new StringBuilder();
            for (float v : batch.x()) {
                text.append(v == 0 ? '.' : (char) v);
            }
            assertEquals((part == ImdbConfig.Part.FIRST ? "it i" : "good") + "bad.1234", text.toString());
        }
        assertTrue(log.getLast().endsWith("of up to 4 bytes, their last ones"), log.getLast());
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
