package s4j.data.table;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** A stream's content, unpacked where it is gzipped, whatever the file is called. */
public final class Unpacked {
    private static final int BUFFER = 1 << 16;

    /** The content, buffered; closing it closes the stream. */
    public static BufferedInputStream of(InputStream in) throws IOException {
        BufferedInputStream packed = new BufferedInputStream(in, BUFFER);
        packed.mark(2);
        boolean gzip = packed.read() == 0x1f && packed.read() == 0x8b;
        packed.reset();
        return gzip ? new BufferedInputStream(new GZIPInputStream(packed, BUFFER), BUFFER) : packed;
    }

    private Unpacked() {}
}
