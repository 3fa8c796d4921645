package s4j.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A mirror that serves {@code base/FILE.gz}, at any speed, but not without progress ({@link Download}).
 *
 * @param base address that ends with a slash
 * @param stall how long nothing may come
 */
record HttpSource(URI base, Duration stall) implements DataSource {
    @Override
    public String name() { return base.toString(); }

    @Override
    public boolean remote() { return true; }

    @Override
    public byte[] content(DataFile file) throws IOException {
        URI address = base.resolve(file.name() + ".gz");
        Path half = Files.createTempFile("s4j-download", ".gz");
        try {
            // gzip never makes these files longer; what is longer is something else, e.g. a login page's video
            new Download(address, file.bytes() + 1024, stall).to(half);
            try (InputStream in = Files.newInputStream(half)) {
                return LocalSource.unzipped(in, file, address.toString());
            }
        } finally {
            Files.deleteIfExists(half);
        }
    }
}
