package s4j.train.run;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32C;
import s4j.io.ProtoMessage;

/**
 * Records of TensorBoard's event files. Each is its length, a masked CRC of that, an {@code Event} of Protocol Buffers, a masked CRC
 * of it, all little-endian; the mask of a CRC c is {@code ((c >>> 15) | (c << 17)) + 0xa282ead8}.
 *
 * <p>Fields: Event 1 wall_time, 2 step, 3 file_version, 5 summary; Summary 1 value; Value 1 tag, 2 simple_value.
 */
final class TfEvents {
    private static final int MASK = 0xa282ead8;
    private static final int FRAME = 16;

    /** The record a file begins with. */
    static byte[] version(double seconds) {
        return framed(event(seconds, 0).text(3, "brain.Event:2").content());
    }

    /**
     * Values of a step; those that are not finite are left out, as nothing draws them.
     *
     * @param values by tag
     */
    static byte[] scalars(double seconds, long step, Map<String, Double> values) {
        ProtoMessage summary = new ProtoMessage();
        values.forEach((tag, value) -> {
            if (Double.isFinite(value)) {
                summary.message(1, new ProtoMessage().text(1, tag).float32(2, value.floatValue()));
            }
        });
        return framed(event(seconds, step).message(5, summary).content());
    }

    private static ProtoMessage event(double seconds, long step) {
        return new ProtoMessage().float64(1, seconds).whole(2, step);
    }

    private static byte[] framed(byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(FRAME + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(payload.length);
        out.putInt(masked(out.array(), Long.BYTES));
        out.put(payload);
        out.putInt(masked(payload, payload.length));
        return out.array();
    }

    static int masked(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        int c = (int) crc.getValue();
        return ((c >>> 15) | (c << 17)) + MASK;
    }

    private TfEvents() {}
}
