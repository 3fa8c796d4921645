package s4j.kernel.matrix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.kernel.Backend;
import s4j.kernel.Backends;
import s4j.kernel.Data;
import s4j.kernel.matrix.PackedMatrix.Precision;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class PackedMatrixTest {
    private static final int SEED = 6;
    /** Outputs and inputs. */
    private static final int[][] SIZES = {{1, 1}, {3, 2}, {63, 7}, {64, 64}, {65, 33}, {100, 31}, {128, 207},
            {207, 1025}};
    /** Around the number from which compact weights are widened once a panel, and of the rows that go together. */
    private static final int[] ROWS = {1, 2, 3, 4, 5, 7, 8, 13, 33};
    private static final float UNTOUCHED = 12345;

    static Stream<Arguments> cases() {
        return Arrays.stream(Precision.values())
                .flatMap(p -> Arrays.stream(SIZES).map(s -> Arguments.of(p, s[0], s[1])));
    }

    /** W as the precision holds it, scales and biases. */
    private record Matrix(Precision precision, int outputs, int inputs, float[] weight, float[] scale, float[] bias) {
        static Matrix of(Precision precision, int outputs, int inputs) {
            float[] weight = Data.floats(outputs * inputs, SEED);
            float[] scale = new float[outputs];
            Arrays.fill(scale, 1);
            SplittableRandom random = new SplittableRandom(SEED + 1);
            if (precision == Precision.INT8) {
                for (int o = 0; o < outputs; o++) {
                    scale[o] = (float) (0.01 * random.nextDouble(0.5, 2));
                }
                for (int i = 0; i < weight.length; i++) {
                    weight[i] = random.nextInt(-127, 128);
                }
            }
            return new Matrix(precision, outputs, inputs, weight, scale, Data.floats(outputs, SEED + 2));
        }

        PackedMatrix packed(Backend backend) {
            return new PackedMatrix(backend, precision, outputs, inputs, weight, scale, bias);
        }

        /** As written, in float64. */
        double[] times(float[] x, int rows) {
            double[] y = new double[rows * outputs];
            for (int r = 0; r < rows; r++) {
                for (int o = 0; o < outputs; o++) {
                    double sum = 0;
                    for (int k = 0; k < inputs; k++) {
                        float w = weight[o * inputs + k];
                        sum += (precision == Precision.BF16 ? wide(PackedMatrix.bfloat16(w)) : w)
                                * (double) x[r * inputs + k];
                    }
                    y[r * outputs + o] = scale[o] * sum + bias[o];
                }
            }
            return y;
        }
    }

    private static float wide(short bf16) { return Float.intBitsToFloat(bf16 << 16); }

    /** Rows of x at odd places, outputs {@code [rows, outputs]}; checks that nothing else is written. */
    private static float[] multiply(PackedMatrix matrix, float[] x, int inputs, int outputs, int rows) {
        int xStride = inputs + 3;
        int yStride = matrix.outputStride() + 5;
        float[] in = new float[2 + rows * xStride];
        for (int r = 0; r < rows; r++) {
            System.arraycopy(x, r * inputs, in, 2 + r * xStride, inputs);
        }
        float[] out = new float[7 + rows * yStride];
        Arrays.fill(out, UNTOUCHED);
        matrix.multiply(in, 2, xStride, out, 7, yStride, rows, new float[matrix.scratchSize()]);
        float[] y = new float[rows * outputs];
        for (int r = 0; r < rows; r++) {
            int at = 7 + r * yStride;
            System.arraycopy(out, at, y, r * outputs, outputs);
            for (int j = outputs; j < yStride; j++) {
                assertEquals(j < matrix.outputStride() ? 0 : UNTOUCHED, out[at + j], "row " + r + ", output " + j);
            }
        }
        assertEquals(UNTOUCHED, out[6]);
        return y;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void bothTwinsComputeWhatIsWritten(Precision precision, int outputs, int inputs) {
        Matrix matrix = Matrix.of(precision, outputs, inputs);
        for (int rows : ROWS) {
            float[] x = Data.floats(rows * inputs, SEED + 3);
            float[] scalar = multiply(matrix.packed(Backend.SCALAR), x, inputs, outputs, rows);
            float[] simd = multiply(matrix.packed(Backend.best()), x, inputs, outputs, rows);
            Comparison.requireClose("as written, rows " + rows, SEED, Data.widened(scalar), matrix.times(x, rows),
                    Tolerances.FLOAT32_PRODUCT);
            Comparison.requireClose("twins, rows " + rows, SEED, simd, scalar, Tolerances.TWINS);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void anOutputHasTheSameBitsAloneInABatchAndInAnyPartOfPanels(Precision precision, int outputs, int inputs) {
        for (Backend backend : Backends.present()) {
            PackedMatrix matrix = Matrix.of(precision, outputs, inputs).packed(backend);
            float[] x = Data.floats(13 * inputs, SEED + 4);
            float[] together = multiply(matrix, x, inputs, outputs, 13);
            for (int r = 0; r < 13; r++) {
                float[] row = Arrays.copyOfRange(x, r * inputs, (r + 1) * inputs);
                assertArrayEquals(Arrays.copyOfRange(together, r * outputs, (r + 1) * outputs),
                        multiply(matrix, row, inputs, outputs, 1), backend + " row " + r);
            }
            float[] whole = new float[13 * matrix.outputStride()];
            float[] parts = new float[whole.length];
            float[] scratch = new float[matrix.scratchSize()];
            matrix.multiply(x, 0, inputs, whole, 0, matrix.outputStride(), 13, scratch);
            for (int p = matrix.panels() - 1; p >= 0; p--) {
                matrix.multiply(p, p + 1, x, 0, inputs, parts, 0, matrix.outputStride(), 13, scratch);
            }
            assertArrayEquals(whole, parts, backend + " panels");
        }
    }

    @Test
    void bfloat16IsTheNearestWithTiesToEven() {
        double worst = 0;
        for (float x : Data.floats(100_000, SEED)) {
            worst = Math.max(worst, Math.abs(wide(PackedMatrix.bfloat16(x)) - (double) x) / Math.abs(x));
        }
        double bound = 0x1p-8; // half a unit in the last of eight bits
        double largest = worst;
        assertTrue(largest <= bound && largest > bound / 2, () -> "largest relative error " + largest);
        assertEquals(1f, wide(PackedMatrix.bfloat16(1 + 0x1p-8f)), "a tie, to the even one below");
        assertEquals(1 + 0x1p-6f, wide(PackedMatrix.bfloat16(1 + 3 * 0x1p-8f)), "a tie, to the even one above");
        assertEquals(Float.POSITIVE_INFINITY, wide(PackedMatrix.bfloat16(Float.MAX_VALUE)));
        assertTrue(Float.isNaN(wide(PackedMatrix.bfloat16(Float.intBitsToFloat(0x7f800001)))), "NaN stays NaN");
        assertEquals(0x8000, PackedMatrix.bfloat16(-0f) & 0xffff);
    }

    @Test
    void whatDoesNotFitIsRefused() {
        float[] one = {1};
        String sizes = Refusal.messageOf(() -> new PackedMatrix(Backend.SCALAR, Precision.FLOAT32, 2, 3, new float[5],
                new float[2], new float[1]));
        assertEquals("matrix [2, 3] with 5 weights, 2 scales and 1 biases; expected 6, 2 and 2", sizes);
        for (float w : new float[]{0.5f, 128, -128, Float.NaN}) {
            String message = Refusal.messageOf(
                    () -> new PackedMatrix(Backend.SCALAR, Precision.INT8, 1, 1, new float[]{w}, one, one));
            assertTrue(message.startsWith("int8 weight " + w + "; expected a whole number"), message);
        }
    }
}
