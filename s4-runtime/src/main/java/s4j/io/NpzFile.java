package s4j.io;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes tensors as NumPy's {@code .npz}: a zip archive with one {@code NAME.npy} each, uncompressed; {@code
 * numpy.load(file)} reads it. NumPy has no bfloat16, so such tensors become float32. Equal tensors give equal bytes.
 *
 * <p>Source: numpy.lib.format, version 1.0.
 */
public final class NpzFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    private static final int ALIGNMENT = 64;
    private static final int BUFFER = 1 << 16;
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    /** Writes the file atomically, tensors in the map's order. */
    public static void write(Path file, Map<String, TensorData> tensors) throws IOException {
        AtomicFile.write(file, channel -> {
            try (ZipOutputStream zip = new ZipOutputStream(new Unclosed(Channels.newOutputStream(channel)))) {
                for (Map.Entry<String, TensorData> e : tensors.entrySet()) {
                    write(zip, e.getKey(), numpy(e.getValue()));
                }
            }
        });
    }

    private static TensorData numpy(TensorData t) {
        return t.dtype() == DType.BF16 ? TensorData.of(t.toFloats(), t.shape()) : t;
    }

    private static void write(ZipOutputStream zip, String name, TensorData t) throws IOException {
        byte[] header = header(t);
        CRC32 sum = new CRC32();
        sum.update(header);
        parts(t, (part, n) -> sum.update(part, 0, n));
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setTimeLocal(NO_TIME);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(header.length + t.byteSize());
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(header);
        parts(t, (part, n) -> zip.write(part, 0, n));
        zip.closeEntry();
    }

    /** Takes the first n bytes. */
    private interface Sink {
        void take(byte[] part, int n) throws IOException;
    }

    private static void parts(TensorData t, Sink sink) throws IOException {
        byte[] buffer = new byte[BUFFER];
        MemorySegment data = t.data();
        for (long at = 0; at < data.byteSize(); at += BUFFER) {
            int n = (int) Math.min(BUFFER, data.byteSize() - at);
            MemorySegment.copy(data, at, MemorySegment.ofArray(buffer), 0, n);
            sink.take(buffer, n);
        }
    }

    /** Magic, length, a Python dictionary, blanks up to a multiple of 64 bytes. */
    private static byte[] header(TensorData t) {
        String sizes = LongStream.of(t.shape()).mapToObj(Long::toString).collect(Collectors.joining(", "));
        String shape = t.shape().length == 1 ? sizes + "," : sizes;
        String text = "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type(t.dtype()), shape);
        int before = MAGIC.length + 2;
        int padded = Math.ceilDiv(before + text.length() + 1, ALIGNMENT) * ALIGNMENT - before;
        byte[] out = new byte[before + padded];
        java.util.Arrays.fill(out, (byte) ' ');
        System.arraycopy(MAGIC, 0, out, 0, MAGIC.length);
        out[MAGIC.length] = (byte) padded;
        out[MAGIC.length + 1] = (byte) (padded >> 8);
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, out, before, ascii.length);
        out[out.length - 1] = '\n';
        return out;
    }

    private static String type(DType dtype) {
        return switch (dtype) {
            case F64 -> "<f8";
            case F32 -> "<f4";
            case F16 -> "<f2";
            case I64 -> "<i8";
            case I32 -> "<i4";
            case I16 -> "<i2";
            case I8 -> "|i1";
            case U8 -> "|u1";
            case BOOL -> "|b1";
            case BF16 -> throw new IllegalStateException("bfloat16 was widened before");
        };
    }

    /** Closing the archive ends it; the channel below is forced and closed by its owner. */
    private static final class Unclosed extends java.io.FilterOutputStream {
        Unclosed(OutputStream out) { super(out); }

        @Override
        public void write(byte[] b, int off, int len) throws IOException { out.write(b, off, len); }

        @Override
        public void close() throws IOException { flush(); }
    }

    private NpzFile() {}
}
