package s4j.train.run;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * Records of TensorBoard's event files. Each is its length, a masked CRC of that, an {@code Event} of Protocol Buffers, a masked CRC
 * of it, all little-endian; the mask of a CRC c is {@code ((c >>> 15) | (c << 17)) + 0xa282ead8}.
 *
 * <p>Fields: Event 1 wall_time, 2 step, 3 file_version, 5 summary; Summary 1 value; Value 1 tag, 2 simple_value.
 */
final class TfEvents {
    private static final int MASK = 0xa282ead8;
    private static final int FRAME = 16;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    /** The record a file begins with. */
    static byte[] version(double seconds) {
        Message event = event(seconds, 0);
        event.bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
        return framed(event.content());
    }

    /**
     * Values of a step; those that are not finite are left out, as nothing draws them.
     *
     * @param values by tag
     */
    static byte[] scalars(double seconds, long step, Map<String, Double> values) {
        Message summary = new Message();
        values.forEach((tag, value) -> {
            if (Double.isFinite(value)) {
                Message one = new Message();
                one.bytes(1, tag.getBytes(StandardCharsets.UTF_8));
                one.fixed32(2, Float.floatToIntBits(value.floatValue()));
                summary.bytes(1, one.content());
            }
        });
        Message event = event(seconds, step);
        event.bytes(5, summary.content());
        return framed(event.content());
    }

    private static Message event(double seconds, long step) {
        Message event = new Message();
        event.fixed64(1, Double.doubleToLongBits(seconds));
        event.whole(2, step);
        return event;
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

    /** A message of Protocol Buffers while it is written. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        byte[] content() { return out.toByteArray(); }

        void whole(int field, long value) {
            varint(((long) field << 3) | VARINT);
            varint(value);
        }

        void bytes(int field, byte[] value) {
            varint(((long) field << 3) | BYTES);
            varint(value.length);
            out.writeBytes(value);
        }

        void fixed64(int field, long bits) {
            varint(((long) field << 3) | FIXED64);
            out.writeBytes(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(bits).array());
        }

        void fixed32(int field, int bits) {
            varint(((long) field << 3) | FIXED32);
            out.writeBytes(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(bits).array());
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) ((rest & 0x7f) | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }

    private TfEvents() {}
}
