package s4j.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import s4j.io.MalformedFileException;
import s4j.kernel.state.StateTiles;

/**
 * The bytes of a stream's state, little-endian: magic, version, fingerprint of the model, steps, number of float32 values,
 * number of float64 sums, both, the keys and values of attention over all those steps, CRC-32C of all before.
 */
final class Snapshot {
    private static final int MAGIC = 0x53344a53;
    private static final int VERSION = 1;
    private static final int FINGERPRINT = 32;
    private static final int HEADER = 4 + 4 + FINGERPRINT + 8 + 4 + 4;
    private static final int CHECKSUM = 4;
    private static final int FIRST = StateTiles.FIRST;

    static byte[] write(StreamState state) {
        long size = size(state, state.steps);
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(size)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putInt(VERSION).put(HexFormat.of().parseHex(state.model)).putLong(state.steps)
                .putInt(size(state)).putInt(state.sums.length);
        for (int i = FIRST; i < state.values.length; i++) {
            out.putFloat(state.values[i]);
        }
        for (double v : state.sums) {
            out.putDouble(v);
        }
        for (Cache cache : state.caches) {
            int used = Math.toIntExact(cache.size(state.steps));
            out.asFloatBuffer().put(cache.until(state.steps), 0, used);
            out.position(out.position() + 4 * used);
        }
        return out.putInt(checksum(out.array(), out.position())).array();
    }

    /** Into a fresh state of the model. */
    static StreamState read(byte[] bytes, StreamState fresh) throws MalformedFileException {
        if (bytes.length < HEADER + CHECKSUM) {
            throw bad("got " + bytes.length + " bytes", "at least " + (HEADER + CHECKSUM) + "; was it cut?");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int magic = in.getInt();
        int version = in.getInt();
        if (magic != MAGIC || version != VERSION) {
            throw magic != MAGIC
                    ? bad("begins with " + Integer.toHexString(magic), "the snapshot of a stream")
                    : bad("version " + version, "version " + VERSION + "; use the s4j that wrote it, or a newer one");
        }
        byte[] fingerprint = new byte[FINGERPRINT];
        in.get(fingerprint);
        String model = HexFormat.of().formatHex(fingerprint);
        long steps = in.getLong();
        int values = in.getInt();
        int sums = in.getInt();
        if (!model.equals(fresh.model)) {
            throw bad("it belongs to another model, whose fingerprint is " + model, "that of this model, "
                    + fresh.model + ". Load the model file (and sampling rate) that it was taken with");
        }
        boolean counted = steps >= 0 && (fresh.caches.length == 0 || steps <= bytes.length);
        long size = size(fresh, counted ? steps : 0);
        if (values != size(fresh) || sums != fresh.sums.length || bytes.length != size || !counted) {
            throw bad(
                    "got %d bytes with %d values, %d sums after %d steps".formatted(bytes.length, values, sums, steps),
                    size + " bytes with " + size(fresh) + " values and " + fresh.sums.length
                            + " sums; was it cut or changed?");
        }
        if (checksum(bytes, bytes.length - CHECKSUM) != in.getInt(bytes.length - CHECKSUM)) {
            throw bad("its checksum does not fit", "bytes as they were written; were they changed?");
        }
        for (int i = 0; i < values; i++) {
            fresh.values[FIRST + i] = in.getFloat();
        }
        for (int i = 0; i < sums; i++) {
            fresh.sums[i] = in.getDouble();
        }
        for (Cache cache : fresh.caches) {
            int used = Math.toIntExact(cache.size(steps));
            in.asFloatBuffer().get(cache.until(steps), 0, used);
            in.position(in.position() + 4 * used);
        }
        fresh.steps = steps;
        return fresh;
    }

    private static int size(StreamState state) { return state.values.length - FIRST; }

    /** Bytes of a snapshot after so many steps. */
    private static long size(StreamState state, long steps) {
        long size = HEADER + 4L * size(state) + 8L * state.sums.length + CHECKSUM;
        for (Cache cache : state.caches) {
            size += 4L * cache.size(steps);
        }
        return size;
    }

    private static int checksum(byte[] bytes, int size) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, size);
        return (int) crc.getValue();
    }

    private static MalformedFileException bad(String got, String expected) {
        return new MalformedFileException("stream snapshot: " + got + "; expected " + expected);
    }

    private Snapshot() {}
}
