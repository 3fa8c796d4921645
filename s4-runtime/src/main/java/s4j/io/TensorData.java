package s4j.io;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor as a value: element type, shape and its own little-endian memory, row-major. Immutable.
 *
 * <p>The memory is one {@code long[]} on the heap: up to 16 GiB per tensor, aligned for every element type, and given
 * back by the collector without native bookkeeping. {@link #data()} shows it read-only; copy from it with
 * {@link MemorySegment#copy}. Complex tensors are real with a last axis of 2 (re, im).
 */
public final class TensorData {
    static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    /** Largest tensor in bytes: what one {@code long[]} holds. */
    static final long MAX_BYTES = 8L * (Integer.MAX_VALUE - 8);

    private final DType dtype;
    private final long[] shape;
    private final long size;
    private final long[] words;

    private TensorData(DType dtype, long[] shape) {
        this.dtype = dtype;
        this.shape = shape.clone();
        this.size = elements(this.shape);
        long bytes = Math.multiplyExact(size, dtype.bytes());
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "tensor " + this + " needs " + bytes + " bytes; expected at most " + MAX_BYTES);
        }
        this.words = new long[Math.toIntExact((bytes + 7) / 8)];
    }

    /** Number of elements of a shape: the product of its sizes, 1 for no axes. */
    static long elements(long[] shape) {
        long n = 1;
        for (long s : shape) {
            if (s < 0) {
                throw new IllegalArgumentException(
                        "shape " + Arrays.toString(shape) + " has a negative size; expected sizes >= 0");
            }
            n = Math.multiplyExact(n, s);
        }
        return n;
    }

    private static TensorData ofSize(long values, DType dtype, long[] shape) {
        TensorData t = new TensorData(dtype, shape);
        if (t.size != values) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " holds " + t.size + " values, got " + values);
        }
        return t;
    }

    /** An F64 tensor of the given shape (no sizes: a scalar); the values are copied. */
    public static TensorData of(double[] values, long... shape) {
        TensorData t = ofSize(values.length, DType.F64, shape);
        MemorySegment.copy(values, 0, t.memory(), F64, 0, values.length);
        return t;
    }

    /** An F32 tensor. */
    public static TensorData of(float[] values, long... shape) {
        TensorData t = ofSize(values.length, DType.F32, shape);
        MemorySegment.copy(values, 0, t.memory(), F32, 0, values.length);
        return t;
    }

    /** An I64 tensor. */
    public static TensorData of(long[] values, long... shape) {
        TensorData t = ofSize(values.length, DType.I64, shape);
        MemorySegment.copy(values, 0, t.memory(), I64, 0, values.length);
        return t;
    }

    /** An I32 tensor. */
    public static TensorData of(int[] values, long... shape) {
        TensorData t = ofSize(values.length, DType.I32, shape);
        MemorySegment.copy(values, 0, t.memory(), I32, 0, values.length);
        return t;
    }

    /** A U8 tensor. */
    public static TensorData of(byte[] values, long... shape) {
        TensorData t = ofSize(values.length, DType.U8, shape);
        MemorySegment.copy(values, 0, t.memory(), ValueLayout.JAVA_BYTE, 0, values.length);
        return t;
    }

    /** A tensor of any type from its little-endian bytes, which are copied. */
    public static TensorData ofBytes(DType dtype, MemorySegment bytes, long... shape) {
        TensorData t = new TensorData(dtype, shape);
        if (t.byteSize() != bytes.byteSize()) {
            throw new IllegalArgumentException(t + " holds " + t.byteSize() + " bytes, got " + bytes.byteSize());
        }
        t.memory().copyFrom(bytes);
        return t;
    }

    /** Takes the bytes that {@code source} writes into the new tensor's memory: the reader's way in, without a second copy. */
    static <E extends Exception> TensorData fill(DType dtype, long[] shape, Source<E> source) throws E {
        TensorData t = new TensorData(dtype, shape);
        source.into(t.memory());
        return t;
    }

    /** Writes a tensor's bytes. */
    interface Source<E extends Exception> {
        void into(MemorySegment memory) throws E;
    }

    private MemorySegment memory() { return MemorySegment.ofArray(words).asSlice(0, byteSize()); }

    /** Type of the elements. */
    public DType dtype() { return dtype; }

    /** Sizes of the axes, outermost first; a copy. */
    public long[] shape() { return shape.clone(); }

    /** Number of elements. */
    public long size() { return size; }

    /** Number of bytes. */
    public long byteSize() { return size * dtype.bytes(); }

    /** The little-endian bytes, read-only, on the heap. */
    public MemorySegment data() { return memory().asReadOnly(); }

    /** Element {@code i} in row-major order as float64 (I64 beyond 2^53 is rounded). */
    public double get(long i) {
        MemorySegment m = memory();
        return switch (dtype) {
            case F64 -> m.getAtIndex(F64, i);
            case F32 -> m.getAtIndex(F32, i);
            case F16 -> Float.float16ToFloat(m.getAtIndex(I16, i));
            case BF16 -> Float.intBitsToFloat(m.getAtIndex(I16, i) << 16);
            case I64, I32, I16, I8, U8, BOOL -> integer(m, i);
        };
    }

    private long integer(MemorySegment m, long i) {
        return switch (dtype) {
            case I64 -> m.getAtIndex(I64, i);
            case I32 -> m.getAtIndex(I32, i);
            case I16 -> m.getAtIndex(I16, i);
            case I8 -> m.get(ValueLayout.JAVA_BYTE, i);
            case U8 -> Byte.toUnsignedLong(m.get(ValueLayout.JAVA_BYTE, i));
            case BOOL -> m.get(ValueLayout.JAVA_BYTE, i) == 0 ? 0 : 1;
            case F64, F32, F16, BF16 -> whole(get(i), i);
        };
    }

    private long whole(double v, long i) {
        if (v != Math.rint(v) || Math.abs(v) >= 0x1p63) {
            throw new IllegalArgumentException(
                    "element " + i + " of " + this + " is " + v + "; expected a whole number");
        }
        return (long) v;
    }

    /** All elements as float64. */
    public double[] toDoubles() {
        double[] out = new double[arraySize()];
        if (dtype == DType.F64) {
            MemorySegment.copy(memory(), F64, 0, out, 0, out.length);
        } else {
            for (int i = 0; i < out.length; i++) {
                out[i] = get(i);
            }
        }
        return out;
    }

    /** All elements as float32, rounded where they need it. */
    public float[] toFloats() {
        float[] out = new float[arraySize()];
        if (dtype == DType.F32) {
            MemorySegment.copy(memory(), F32, 0, out, 0, out.length);
        } else {
            for (int i = 0; i < out.length; i++) {
                out[i] = (float) get(i);
            }
        }
        return out;
    }

    /** All elements as 64-bit integers; fails where one is no whole number. */
    public long[] toLongs() {
        long[] out = new long[arraySize()];
        MemorySegment m = memory();
        for (int i = 0; i < out.length; i++) {
            out[i] = integer(m, i);
        }
        return out;
    }

    /** All elements as 32-bit integers; fails where one is no whole number or too large. */
    public int[] toInts() {
        int[] out = new int[arraySize()];
        MemorySegment m = memory();
        for (int i = 0; i < out.length; i++) {
            long v = integer(m, i);
            if (v != (int) v) {
                throw new IllegalArgumentException(
                        "element " + i + " of " + this + " is " + v + "; expected a 32-bit integer");
            }
            out[i] = (int) v;
        }
        return out;
    }

    private int arraySize() {
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(this + " has " + size + " elements, more than a Java array; use data()");
        }
        return (int) size;
    }

    /** Same type, shape and bytes: NaNs with equal bits are equal, 0.0 and −0.0 are not. */
    @Override
    public boolean equals(Object o) {
        return o instanceof TensorData t && dtype == t.dtype && Arrays.equals(shape, t.shape)
                && Arrays.equals(words, t.words);
    }

    @Override
    public int hashCode() { return 31 * (31 * dtype.hashCode() + Arrays.hashCode(shape)) + Arrays.hashCode(words); }

    @Override
    public String toString() { return dtype + Arrays.toString(shape); }
}
