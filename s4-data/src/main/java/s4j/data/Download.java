package s4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * A file from a server, at any speed, but not without progress: a server that sends nothing for a while is left and asked again for
 * the rest, a few times. How long the whole takes has no limit of its own.
 *
 * @param address where it is
 * @param most bytes that are taken
 * @param stall how long nothing may come
 */
record Download(URI address, long most, Duration stall) {
    /** How often a server is asked. */
    private static final int ATTEMPTS = 3;
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int BUFFER = 1 << 16;
    private static final int OK = 200;
    private static final int PART = 206;

    /**
     * Fetches it into a file, which is made or goes on where it ends.
     *
     * @throws IOException when it cannot be had; what came so far stays in the file
     */
    void to(Path file) throws IOException {
        IOException last = null;
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                try {
                    once(out);
                    return;
                } catch (StoppedException e) {
                    throw new IOException(String.valueOf(e.getMessage()), e);
                } catch (IOException e) {
                    last = e;
                }
            }
        }
        throw new IOException("download of " + address + " failed " + ATTEMPTS + " times: " + (last == null
                ? ""
                : last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage()), last);
    }

    /** An answer that asking again does not change. */
    private static final class StoppedException extends IOException {
        private static final long serialVersionUID = 1;

        StoppedException(String message) { super(message); }
    }

    private void once(FileChannel out) throws IOException {
        long have = out.size();
        HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(stall).GET();
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL).build();
        try (ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon()
                .name("s4-download").factory())) {
            HttpResponse<InputStream> response = client.send(request.build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                int status = response.statusCode();
                if (status != OK && status != PART) {
                    throw new StoppedException(address + ": HTTP status " + status + "; expected 200");
                }
                out.position(status == PART ? have : 0);
                if (status == OK) {
                    out.truncate(0); // a server that does not know ranges sends everything
                }
                copy(in, out, watch);
            } finally {
                watch.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException("download interrupted");
        } finally {
            client.shutdownNow(); // closing would wait for a server that never ends its answer
        }
    }

    private void copy(InputStream in, FileChannel out, ScheduledExecutorService watch) throws IOException {
        byte[] buffer = new byte[BUFFER];
        boolean[] stalled = new boolean[1];
        Runnable leave = () -> {
            stalled[0] = true;
            try {
                in.close();
            } catch (IOException e) {
                stalled[0] = true; // it is left all the same
            }
        };
        while (true) {
            ScheduledFuture<?> alarm = watch.schedule(leave, stall.toMillis(), TimeUnit.MILLISECONDS);
            int n;
            try {
                n = in.read(buffer);
            } catch (IOException e) {
                throw stalled[0] ? new IOException("nothing came for " + stall.toMillis() / 1000.0 + " s", e) : e;
            } finally {
                alarm.cancel(false);
            }
            if (n < 0) {
                if (stalled[0]) {
                    throw new IOException("nothing came for " + stall.toMillis() / 1000.0 + " s");
                }
                return;
            }
            if (out.position() + n > most) {
                throw new StoppedException(address + ": more than " + most + " bytes; expected at most so many");
            }
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, n);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
    }
}
