package s4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import s4j.io.AtomicFile;
import s4j.io.MalformedFileException;

/**
 * An archive on a server, known by its published MD5 sum (a check against damage; nothing better was published).
 *
 * @param address where it is
 * @param bytes its size
 * @param md5 of it, hexadecimal
 * @param timeout how long nothing may come
 */
record ArchiveSource(URI address, long bytes, String md5, Duration timeout) {
    /** The binary version of CIFAR-10 (Krizhevsky 2009). */
    static final ArchiveSource CIFAR = new ArchiveSource(
            URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), 170_052_171L,
            "c32a1d4ab5d03f1284b67883e8d87530", Duration.ofSeconds(60));

    private static final int BUFFER = 1 << 16;

    /** Downloads to a file, which appears only when its sum is right. */
    void fetch(Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            new Download(address, 2 * bytes, timeout).to(part);
            String found = sum(part);
            if (!found.equals(md5)) {
                throw new MalformedFileException(
                        "MD5 of the " + Files.size(part) + " bytes: got " + found + "; expected "
                                + md5);
            }
            AtomicFile.move(part, file);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static String sum(Path file) throws IOException {
        MessageDigest sum = digest();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sum.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(sum.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has MD5", e);
        }
    }
}
