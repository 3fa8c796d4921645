package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.MalformedFileException;
import s4j.model.SequenceBatch;

/** Photographs as sequences, wherever their files lie. */
class CifarTest {
    private static final double FLOAT = 1e-6;

    @TempDir
    Path directory = Path.of("");

    private final List<String> log = new ArrayList<>();

    private static byte[] records(int count, long seed) {
        byte[] out = new byte[count * CifarImages.RECORD];
        SplittableRandom random = new SplittableRandom(seed);
        random.nextBytes(out);
        for (int i = 0; i < count; i++) {
            out[i * CifarImages.RECORD] = (byte) random.nextInt(10);
        }
        return out;
    }

    private static CifarConfig config(boolean grayscale) {
        return new CifarConfig("cifar", grayscale, CifarConfig.DEFAULTS.std(), 0.25, 42, null);
    }

    private CifarFiles places(String md5, URI address) {
        return new CifarFiles(Map.of(directory, "test"),
                new ArchiveSource(address, 1 << 20, md5, Duration.ofSeconds(5)), directory.resolve("cache"));
    }

    private Cifar load(boolean grayscale) throws IOException {
        return Cifar.load(config(grayscale), places("none", URI.create("http://localhost:1/none")), log::add);
    }

    private void write(String name, byte[] content) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.write(file, content);
    }

    @Test
    void someOfTheTrainingFilesAreEnough() throws IOException {
        write("cifar10/cifar-10-batches-bin/data_batch_2.bin.gz", TinyMnist.gzip(records(6, 1)));
        write("cifar10/cifar-10-batches-bin/data_batch_1.bin", records(2, 2));
        write("cifar10/cifar-10-batches-bin/test_batch.bin.gz", TinyMnist.gzip(records(3, 3)));
        Cifar c = load(false);
        assertEquals(List.of("CIFAR-10: 8 training images in 2 files, 3 test images"), log);
        assertEquals(6, c.train().size());
        assertEquals(2, c.validation().size());
        assertEquals(3, c.test().size());
        assertEquals(3, c.dInput());
        assertEquals(1024, c.lMax());
        assertEquals(10, ((s4j.model.TargetSpec.Classes) c.targets()).names().size());
        byte[] second = records(6, 1);
        assertEquals(records(3, 3)[2 * 3073], c.test().label(2));
        int last = c.train().size() - 1;
        assertEquals(second[(Split.of(8, 0.25, 42).train()[last] - 2) * 3073], c.train().label(last));
        assertEquals(c.hash(), load(false).hash());
    }

    @Test
    void stepsAreColoursNormalisedOfficially() throws IOException {
        write("data_batch_1.bin", records(2, 1));
        byte[] raw = records(2, 5);
        write("test_batch.bin", raw);
        SequenceBatch batch = load(false).test().batch(new int[]{1});
        double[] mean = {0.4914, 0.4822, 0.4465};
        double[] std = {0.2023, 0.1994, 0.2010};
        for (int t = 0; t < 1024; t++) {
            for (int c = 0; c < 3; c++) {
                double v = (raw[3073 + 1 + c * 1024 + t] & 0xff) / 255.0;
                assertEquals((v - mean[c]) / std[c], batch.x()[3 * t + c], FLOAT, "step " + t + ", colour " + c);
            }
        }
    }

    @Test
    void grayscaleIsTheRoundedLuminance() throws IOException {
        write("data_batch_1.bin", records(2, 1));
        byte[] raw = records(1, 5);
        Arrays.fill(raw, 1, 1025, (byte) 200);
        Arrays.fill(raw, 1025, 2049, (byte) 100);
        Arrays.fill(raw, 2049, 3073, (byte) 50);
        write("test_batch.bin", raw);
        Cifar c = load(true);
        // 0.299 · 200 + 0.587 · 100 + 0.114 · 50 = 124.2
        assertEquals((124 - 122.6) / 61.0, c.test().batch(new int[]{0}).x()[77], FLOAT);
        assertEquals(1, c.dInput());
        SequenceSet.Picture picture = c.test().picture(0);
        assertNotNull(picture);
        assertEquals(124, picture.pixels()[3]);
    }

    private static byte[] archive() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(out))) {
            put(tar, "cifar-10-batches-bin/readme.html", new byte[7]);
            put(tar, "cifar-10-batches-bin/test_batch.bin", records(3, 3));
            put(tar, "cifar-10-batches-bin/data_batch_1.bin", records(4, 4));
        }
        return out.toByteArray();
    }

    private static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    @Test
    void theArchiveIsReadWhereItLies() throws IOException {
        write("cifar-10-binary.tar.gz", archive());
        assertEquals(3, load(false).train().size());
        write("cifar-10-binary.tar.gz", Arrays.copyOf(archive(), 500));
        assertFails(MalformedFileException.class, () -> load(false), "The file is cut or damaged");
    }

    @Test
    void downloadsCountOnlyWithTheRightSum() throws IOException, GeneralSecurityException {
        byte[] body = archive();
        String md5 = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(body));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/c.tgz", exchange -> {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        URI address = URI.create("http://localhost:" + server.getAddress().getPort() + "/c.tgz");
        assertFails(MalformedFileException.class,
                () -> Cifar.load(config(false), places("0".repeat(32), address), log::add),
                "CIFAR-10 is nowhere to be found", "MD5 of the", md5, "dataset.data_dir");
        assertFalse(Files.exists(directory.resolve("cache/cifar-10-binary.tar.gz")), "nothing is kept");
        assertEquals(3, Cifar.load(config(false), places(md5, address), log::add).train().size());
        assertArrayEquals(body, Files.readAllBytes(directory.resolve("cache/cifar-10-binary.tar.gz")));
        server.stop(0);
    }

    @Test
    void damagedFilesAreRefusedWithTheirReason() throws IOException {
        write("test_batch.bin", records(1, 1));
        assertFails(MalformedFileException.class, () -> load(false), "has only [test_batch.bin]");
        write("data_batch_1.bin", new byte[3072]);
        assertFails(MalformedFileException.class, () -> load(false), "data_batch_1.bin: got 3072 bytes");
        byte[] label = records(2, 1);
        label[3073] = 10;
        write("data_batch_1.bin", label);
        assertFails(MalformedFileException.class, () -> load(false), "label of image 1: got 10; expected 0 to 9");
        Files.delete(directory.resolve("data_batch_1.bin"));
        write("data_batch_1.bin.gz", Arrays.copyOf(TinyMnist.gzip(records(2, 1)), 2000));
        assertFails(MalformedFileException.class, () -> load(false), "The file is cut or damaged");
    }

    @Test
    void theCanonicalArchiveIsKnownByItsSum() {
        CifarFiles usual = CifarFiles.usual("/my", Map.of("S4_DATA", "/env", "XDG_CACHE_HOME", "/cache"));
        assertEquals(List.of("dataset.data_dir", "S4_DATA", "cache"), List.copyOf(usual.directories().values()));
        assertEquals("c32a1d4ab5d03f1284b67883e8d87530", usual.download().md5());
        assertTrue(usual.cache().endsWith(Path.of("s4j", "cifar")), usual.cache().toString());
    }
}
