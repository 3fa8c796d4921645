package s4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
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
 * @param timeout of the connection and of each wait for data
 */
record ArchiveSource(URI address, long bytes, String md5, Duration timeout) {
    /** The binary version of CIFAR-10 (Krizhevsky 2009). */
    static final ArchiveSource CIFAR = new ArchiveSource(
            URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), 170_052_171L,
            "c32a1d4ab5d03f1284b67883e8d87530", Duration.ofSeconds(30));

    private static final int BUFFER = 1 << 16;

    /** Downloads to a file, which appears only when its sum is right. */
    void fetch(Path file) throws IOException {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NORMAL).build()) {
            HttpRequest request = HttpRequest.newBuilder(address).timeout(timeout).GET().build();
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException("HTTP status " + response.statusCode() + "; expected 200");
                }
                AtomicFile.write(file, out -> copy(in, out));
            } finally {
                client.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("download interrupted").initCause(e);
        }
    }

    private void copy(InputStream in, java.nio.channels.WritableByteChannel out) throws IOException {
        MessageDigest sum = digest();
        byte[] buffer = new byte[BUFFER];
        long got = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            got += n;
            if (got > 2 * bytes) {
                throw new MalformedFileException("got more than " + 2 * bytes + " bytes; expected " + bytes);
            }
            sum.update(buffer, 0, n);
            ByteBuffer part = ByteBuffer.wrap(buffer, 0, n);
            while (part.hasRemaining()) {
                out.write(part);
            }
        }
        String found = HexFormat.of().formatHex(sum.digest());
        if (!found.equals(md5)) {
            throw new MalformedFileException("MD5 of the " + got + " bytes: got " + found + "; expected " + md5);
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has MD5", e);
        }
    }
}
