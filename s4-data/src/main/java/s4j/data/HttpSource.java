package s4j.data;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A mirror that serves {@code base/FILE.gz}.
 *
 * @param base address that ends with a slash
 * @param timeout of a whole download
 */
record HttpSource(URI base, Duration timeout) implements DataSource {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    @Override
    public String name() { return base.toString(); }

    @Override
    public boolean remote() { return true; }

    @Override
    public byte[] content(DataFile file) throws IOException {
        URI address = base.resolve(file.name() + ".gz");
        // gzip never makes these files longer; what is longer is something else, e.g. a login page's video
        var body = HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), file.bytes() + 1024);
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL).build()) {
            CompletableFuture<HttpResponse<byte[]>> sent = client
                    .sendAsync(HttpRequest.newBuilder(address).timeout(timeout).GET().build(), body);
            HttpResponse<byte[]> response = await(sent, client, timeout);
            if (response.statusCode() != 200) {
                throw new IOException(address + ": HTTP status " + response.statusCode() + "; expected 200");
            }
            return LocalSource.unzipped(new ByteArrayInputStream(response.body()), file, address.toString());
        }
    }

    /** Waits for a whole download, at most so long. */
    static <T> HttpResponse<T> await(CompletableFuture<HttpResponse<T>> sent, HttpClient client, Duration timeout)
            throws IOException {
        try {
            return sent.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String reason = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
            throw new IOException("download failed: " + reason, cause);
        } catch (TimeoutException e) {
            throw new IOException("download took longer than " + timeout.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("download interrupted").initCause(e);
        } finally {
            sent.cancel(true);
            client.shutdownNow(); // closing would wait for a server that never ends its answer
        }
    }
}
