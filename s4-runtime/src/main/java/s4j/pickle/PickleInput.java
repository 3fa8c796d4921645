package s4j.pickle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import s4j.io.MalformedFileException;

/** The bytes of a pickle with a position; every read is checked, every message names the place. */
final class PickleInput {
    /** Longest line of a text operand: a module's or a class's name. */
    private static final int LONGEST_LINE = 4096;

    private final ByteBuffer bytes;
    private final String name;
    private int operation;

    PickleInput(byte[] bytes, String name) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        this.name = name;
    }

    /** Bytes read so far: behind a pickle's end another may begin. */
    int position() { return bytes.position(); }

    /** The next operation's code. */
    int operation() throws MalformedFileException {
        operation = bytes.position();
        return u8();
    }

    int u8() throws MalformedFileException { return need(1).get() & 0xff; }

    int u16() throws MalformedFileException { return need(2).getShort() & 0xffff; }

    int i32() throws MalformedFileException { return need(4).getInt(); }

    long u32() throws MalformedFileException { return need(4).getInt() & 0xffffffffL; }

    long i64() throws MalformedFileException { return need(8).getLong(); }

    /** Floats are big-endian, everything else is not. */
    double f64() throws MalformedFileException {
        return Double.longBitsToDouble(Long.reverseBytes(need(8).getLong()));
    }

    byte[] bytes(long count) throws MalformedFileException {
        if (count < 0 || count > bytes.remaining()) {
            throw malformed(
                    "a value of " + Long.toUnsignedString(count) + " bytes; " + bytes.remaining() + " are left");
        }
        byte[] out = new byte[(int) count];
        bytes.get(out);
        return out;
    }

    String text(long count, Charset charset) throws MalformedFileException { return new String(bytes(count), charset); }

    String line() throws MalformedFileException {
        int start = bytes.position();
        int limit = Math.min(bytes.limit(), start + LONGEST_LINE);
        int end = start;
        while (end < limit && bytes.get(end) != '\n') {
            end++;
        }
        if (end == limit) {
            throw malformed("a name without an end");
        }
        String line = text(end - start, StandardCharsets.UTF_8);
        bytes.get();
        return line;
    }

    private ByteBuffer need(int count) throws MalformedFileException {
        if (bytes.remaining() < count) {
            throw malformed("its end; the pickle is cut");
        }
        return bytes;
    }

    /** Names file, place and operation: what was met instead of what belongs there. */
    MalformedFileException malformed(String got) {
        String code = operation < bytes.limit() ? " (operation 0x%02x)".formatted(bytes.get(operation) & 0xff) : "";
        return new MalformedFileException(name + ": pickle: got " + got + ", at byte " + operation + code);
    }
}
