package s4j.data.table;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import s4j.io.MalformedFileException;

/** A stream's content, unpacked where it is gzipped, whatever the file is called. */
public final class Unpacked {
    private static final int BUFFER = 1 << 16;

    /**
     * The content, buffered; closing it closes the stream.
     *
     * @param name what to call it in messages: reading throws {@link MalformedFileException} where its compression is damaged
     */
    public static BufferedInputStream of(InputStream in, String name) throws IOException {
        BufferedInputStream packed = new BufferedInputStream(in, BUFFER);
        packed.mark(2);
        boolean gzip = packed.read() == 0x1f && packed.read() == 0x8b;
        packed.reset();
        return gzip ? new BufferedInputStream(gzip(packed, name), BUFFER) : packed;
    }

    /** The content of a stream that must be gzipped. */
    public static InputStream gzip(InputStream in, String name) throws IOException {
        try {
            return new Checked(new GZIPInputStream(in, BUFFER), name);
        } catch (ZipException | EOFException e) {
            throw damaged(name, e);
        }
    }

    private static MalformedFileException damaged(String name, IOException e) {
        return new MalformedFileException(
                "%s: its compression is damaged: %s. Copy the file again".formatted(name, e.getMessage()), e);
    }

    /** Says which file it was. */
    private static final class Checked extends FilterInputStream {
        private final String name;

        Checked(InputStream in, String name) {
            super(in);
            this.name = name;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] b, int from, int n) throws IOException {
            try {
                return in.read(b, from, n);
            } catch (ZipException | EOFException e) {
                throw damaged(name, e);
            }
        }
    }

    private Unpacked() {}
}
