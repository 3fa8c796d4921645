package s4j.data.series;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * An array of NumPy's {@code .npy} format, of numbers or of texts.
 *
 * <p>Source: numpy.lib.format, versions 1.0 to 3.0.
 */
final class NpyArray {
    private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z])(\\d+)'");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");
    private static final int MAX_HEADER = 1 << 16;
    private static final int PIECE = 1 << 16;

    final int[] shape;
    /** In C order; null: these are texts. */
    final double @Nullable [] numbers;
    final String @Nullable [] texts;
    final boolean whole;

    private NpyArray(int[] shape, double @Nullable [] numbers, String @Nullable [] texts, boolean whole) {
        this.shape = shape;
        this.numbers = numbers;
        this.texts = texts;
        this.whole = whole;
    }

    static NpyArray read(InputStream in, String name) throws IOException {
        try {
            return read(header(in, name), in, name);
        } catch (EOFException e) {
            throw new MalformedFileException(name + ": the array is cut; expected all of its values", e);
        } catch (ArithmeticException | NumberFormatException e) { // of the numbers in its header
            throw new MalformedFileException(name + ": sizes beyond 2^31 in its header; expected smaller ones", e);
        }
    }

    private static String header(InputStream in, String name) throws IOException {
        byte[] start = exactly(in, 8);
        if (start[0] != (byte) 0x93 || !new String(start, 1, 5, StandardCharsets.ISO_8859_1).equals("NUMPY")) {
            throw new MalformedFileException(name + ": does not begin as an array of NumPy; expected .npy inside .npz");
        }
        byte[] size = exactly(in, start[6] == 1 ? 2 : 4);
        ByteBuffer little = ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN);
        int length = size.length == 2 ? Short.toUnsignedInt(little.getShort()) : little.getInt();
        if (length < 0 || length > MAX_HEADER) {
            throw new MalformedFileException(name + ": header of " + length + " bytes; expected at most " + MAX_HEADER);
        }
        return new String(exactly(in, length), StandardCharsets.UTF_8);
    }

    private static byte[] exactly(InputStream in, int n) throws IOException {
        byte[] out = in.readNBytes(n);
        if (out.length < n) {
            throw new EOFException();
        }
        return out;
    }

    private static NpyArray read(String header, InputStream in, String name) throws IOException {
        Matcher descr = DESCR.matcher(header);
        Matcher size = SHAPE.matcher(header);
        if (!descr.find() || !size.find() || header.contains("'fortran_order': True")) {
            throw new MalformedFileException("%s: header %s; expected an array of numbers or texts in C order. Save "
                    .formatted(name, header.strip()) + "numpy.ascontiguousarray(x)");
        }
        int[] shape = Arrays.stream(size.group(1).split(",")).map(String::strip).filter(s -> !s.isEmpty())
                .mapToInt(Integer::parseInt).toArray();
        int n = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        ByteOrder order = descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        String kind = descr.group(2);
        int bytes = Integer.parseInt(descr.group(3));
        if ((kind.equals("U") || kind.equals("S")) && bytes > 0) {
            return new NpyArray(shape, null, texts(in, n, bytes, kind.equals("U") ? order : null), false);
        }
        Number one = number(kind, bytes);
        if (one == null) {
            throw new MalformedFileException(
                    "%s: values of type %s%d; expected floats, integers or texts".formatted(name,
                            kind, bytes));
        }
        return new NpyArray(shape, numbers(in, n, bytes, kind, order), null, !kind.equals("f"));
    }

    /** Whether this type is read. */
    private static @Nullable Number number(String kind, int bytes) {
        boolean known = switch (kind) {
            case "f" -> bytes == 2 || bytes == 4 || bytes == 8;
            case "i", "u" -> bytes == 1 || bytes == 2 || bytes == 4 || bytes == 8;
            case "b" -> bytes == 1;
            default -> false;
        };
        return known ? bytes : null;
    }

    private static double[] numbers(InputStream in, int n, int bytes, String kind, ByteOrder order) throws IOException {
        // grows with what is really there: a header may promise anything
        double[] out = new double[Math.min(n, PIECE)];
        for (int at = 0; at < n; at += PIECE) {
            int some = Math.min(PIECE, n - at);
            ByteBuffer piece = ByteBuffer.wrap(exactly(in, some * bytes)).order(order);
            if (at + some > out.length) {
                out = Arrays.copyOf(out, Math.min(n, Math.max(at + some, 2 * out.length)));
            }
            for (int i = 0; i < some; i++) {
                out[at + i] = value(piece, kind, bytes);
            }
        }
        return out;
    }

    private static double value(ByteBuffer in, String kind, int bytes) {
        if (kind.equals("f")) {
            return bytes == 8 ? in.getDouble() : bytes == 4 ? in.getFloat() : Float.float16ToFloat(in.getShort());
        }
        boolean unsigned = !kind.equals("i");
        return switch (bytes) {
            case 1 -> unsigned ? in.get() & 0xff : in.get();
            case 2 -> unsigned ? in.getShort() & 0xffff : in.getShort();
            case 4 -> unsigned ? in.getInt() & 0xffffffffL : in.getInt();
            default -> in.getLong();
        };
    }

    private static String[] texts(InputStream in, int n, int width, @Nullable ByteOrder order) throws IOException {
        String[] out = new String[Math.min(n, PIECE)];
        for (int i = 0; i < n; i++) {
            byte[] cell = exactly(in, order == null ? width : Math.multiplyExact(4, width));
            String text = order == null
                    ? new String(cell, StandardCharsets.UTF_8)
                    : new String(cell, order == ByteOrder.BIG_ENDIAN
                            ? java.nio.charset.Charset.forName("UTF-32BE")
                            : java.nio.charset.Charset.forName("UTF-32LE"));
            if (i == out.length) {
                out = Arrays.copyOf(out, Math.min(n, 2 * i));
            }
            int end = text.indexOf('\0');
            out[i] = end < 0 ? text : text.substring(0, end);
        }
        return out;
    }
}
