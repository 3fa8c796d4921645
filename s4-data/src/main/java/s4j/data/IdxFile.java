package s4j.data;

import java.nio.ByteBuffer;
import java.util.Arrays;
import s4j.io.MalformedFileException;

/**
 * An IDX file of unsigned bytes: magic {@code 0 0 8 k}, k sizes (32 bits, big-endian), the values, nothing after.
 *
 * @param sizes of the k axes
 * @param values row-major
 */
record IdxFile(int[] sizes, byte[] values) {
    private static final int UNSIGNED_BYTES = 8;

    /**
     * Reads and checks uncompressed content.
     *
     * @param name what to call it in messages
     * @param expected sizes of the axes
     */
    static IdxFile parse(byte[] content, String name, int... expected) throws MalformedFileException {
        int header = 4 + 4 * expected.length;
        if (content.length < header) {
            throw new MalformedFileException(name + ": IDX header: got " + content.length + " bytes; expected "
                    + header + ". The file is cut");
        }
        ByteBuffer in = ByteBuffer.wrap(content);
        int magic = in.getInt();
        int wanted = UNSIGNED_BYTES << 8 | expected.length;
        if (magic != wanted) {
            throw new MalformedFileException(
                    name + ": IDX magic number: got 0x%08x; expected 0x%08x (unsigned bytes, %d axes)"
                            .formatted(magic, wanted, expected.length));
        }
        int[] sizes = new int[expected.length];
        long count = 1;
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = in.getInt();
            count *= expected[i];
        }
        if (!Arrays.equals(sizes, expected)) {
            throw new MalformedFileException(name + ": IDX sizes: got " + Arrays.toString(sizes) + "; expected "
                    + Arrays.toString(expected));
        }
        if (in.remaining() != count) {
            throw new MalformedFileException(name + ": IDX values: got " + in.remaining() + " bytes; expected " + count
                    + ". The file " + (in.remaining() < count ? "is cut" : "has bytes after its end"));
        }
        return new IdxFile(sizes, Arrays.copyOfRange(content, header, content.length));
    }
}
