package s4j.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Tensors as values: conversions, equality, shapes. */
class TensorDataTest {
    @Test
    void everyTypeConvertsToEveryArray() {
        for (DType type : DType.values()) {
            TensorData t = oneOf(type);
            assertArrayEquals(new double[]{1, 0, 1}, t.toDoubles(), type.name());
            assertArrayEquals(new float[]{1, 0, 1}, t.toFloats(), type.name());
            assertArrayEquals(new long[]{1, 0, 1}, t.toLongs(), type.name());
            assertArrayEquals(new int[]{1, 0, 1}, t.toInts(), type.name());
            assertEquals(3L * type.bytes(), t.byteSize(), type.name());
        }
    }

    private static TensorData oneOf(DType type) {
        byte[] one = switch (type) {
            case F64 -> new byte[]{0, 0, 0, 0, 0, 0, (byte) 0xf0, 0x3f};
            case F32 -> new byte[]{0, 0, (byte) 0x80, 0x3f};
            case F16 -> new byte[]{0, 0x3c};
            case BF16 -> new byte[]{(byte) 0x80, 0x3f};
            case I64 -> new byte[]{1, 0, 0, 0, 0, 0, 0, 0};
            case I32 -> new byte[]{1, 0, 0, 0};
            case I16 -> new byte[]{1, 0};
            case I8, U8, BOOL -> new byte[]{1};
        };
        byte[] all = new byte[3 * one.length];
        System.arraycopy(one, 0, all, 0, one.length);
        System.arraycopy(one, 0, all, 2 * one.length, one.length);
        return TensorData.ofBytes(type, MemorySegment.ofArray(all), 3);
    }

    @Test
    void valuesComeBackAsTheyWent() {
        double[] d = {Math.PI, -0.0, Double.MIN_VALUE, Double.NaN};
        assertArrayEquals(d, TensorData.of(d, 2, 2).toDoubles());
        float[] f = {Float.MIN_VALUE, Float.MAX_VALUE, -3};
        assertArrayEquals(f, TensorData.of(f, 3).toFloats());
        long[] l = {Long.MIN_VALUE, Long.MAX_VALUE};
        assertArrayEquals(l, TensorData.of(l, 2, 1).toLongs());
        int[] i = {Integer.MIN_VALUE, Integer.MAX_VALUE};
        assertArrayEquals(i, TensorData.of(i, 2).toInts());
        assertArrayEquals(new int[]{255, 1}, TensorData.of(new byte[]{-1, 1}, 2).toInts());
        assertEquals(7, TensorData.of(new double[]{7}).get(0));
    }

    @Test
    void integersRefuseFractionsAndOverflow() {
        assertThrows(IllegalArgumentException.class, () -> TensorData.of(new float[]{1.5f}, 1).toLongs());
        assertThrows(IllegalArgumentException.class, () -> TensorData.of(new double[]{Double.NaN}, 1).toInts());
        assertThrows(IllegalArgumentException.class, () -> TensorData.of(new long[]{1L << 40}, 1).toInts());
    }

    @Test
    void equalityIsTypeShapeAndBits() {
        TensorData a = TensorData.of(new float[]{1, Float.NaN}, 2);
        assertEquals(a, TensorData.of(new float[]{1, Float.NaN}, 2));
        assertEquals(a.hashCode(), TensorData.of(new float[]{1, Float.NaN}, 2).hashCode());
        assertNotEquals(a, TensorData.of(new float[]{1, Float.NaN}, 1, 2));
        assertNotEquals(a, TensorData.of(new float[]{1, 2}, 2));
        assertNotEquals(TensorData.of(new float[]{0f}, 1), TensorData.of(new float[]{-0f}, 1));
        assertNotEquals(TensorData.of(new byte[8], 8), TensorData.of(new byte[7], 7));
    }

    @Test
    void memoryIsItsOwn() {
        float[] values = {1, 2};
        TensorData t = TensorData.of(values, 2);
        values[0] = 9;
        t.shape()[0] = 9;
        assertEquals(TensorData.of(new float[]{1, 2}, 2), t);
        assertTrue(t.data().isReadOnly());
    }

    @Test
    void shapesThatDoNotFitAreRefused() {
        assertFails(IllegalArgumentException.class, () -> TensorData.of(new float[3], 2, 2),
                "[2, 2] holds 4 values, got 3");
        assertThrows(IllegalArgumentException.class, () -> TensorData.of(new float[0], -1));
        assertThrows(ArithmeticException.class, () -> TensorData.of(new float[0], 1L << 62, 1L << 62));
        assertEquals(0, TensorData.of(new float[0], 0, 5).size());
    }
}
