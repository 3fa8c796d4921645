package s4j.kernel.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.kernel.Backend;
import s4j.kernel.Backends;
import s4j.kernel.Data;
import s4j.kernel.ScalarMath;
import s4j.kernel.matrix.PackedMatrix;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

class RowFunctionsTest {
    private static final int SEED = 9;
    private static final int PANEL = PackedMatrix.PANEL;
    /** Where the exponential underflows, overflows, or hardly differs from 1. */
    private static final float[] EXTREMES = {0, -0f, 1e-30f, -1e-30f, 1e-7f, 5, -5, 9, -9, 20, -20, 88, -88, 200, -200,
            1e4f, -1e4f};

    /** Values of every size in whole panels. */
    private static float[] values(int size, int seed) {
        float[] x = Data.floats(size, seed);
        for (int i = 0; i < x.length; i++) {
            x[i] *= i % 3 + 1;
        }
        System.arraycopy(EXTREMES, 0, x, 11, EXTREMES.length);
        return x;
    }

    private static double sigmoid(double x) { return 1 / (1 + Math.exp(-x)); }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void functionsOfOneValueAreWhatIsWritten(Backend backend) {
        RowFunctions f = RowFunctions.of(backend);
        float[] x = values(3 * PANEL, SEED);
        float[] y = new float[x.length];
        double[] gelu = new double[x.length];
        Arrays.setAll(gelu, i -> x[i] * ScalarMath.normal(x[i]));
        f.gelu(x, y, x.length);
        Comparison.requireClose("gelu " + backend, SEED, Data.widened(y), gelu, Tolerances.TWINS);
        double[] gate = new double[x.length];
        Arrays.setAll(gate, i -> sigmoid(x[i]));
        f.sigmoid(x, y, x.length);
        Comparison.requireClose("sigmoid " + backend, SEED, Data.widened(y), gate, Tolerances.TWINS);
        assertEquals(0.5f, y[11], "of 0");
        assertEquals(1f, y[11 + EXTREMES.length - 2], "of 10,000");
        assertEquals(0f, y[11 + EXTREMES.length - 1], 1e-37f, "of -10,000");
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void infinityHasItsLimitsAndNaNStaysNaN(Backend backend) {
        RowFunctions f = RowFunctions.of(backend);
        float[] x = new float[PANEL];
        x[3] = Float.POSITIVE_INFINITY;
        x[4] = Float.NEGATIVE_INFINITY;
        x[5] = Float.NaN;
        float[] y = new float[PANEL];
        f.sigmoid(x, y, PANEL);
        assertEquals(1f, y[3], backend + " sigmoid of ∞");
        assertEquals(0f, y[4], 1e-37f, backend + " sigmoid of −∞");
        assertEquals(Float.NaN, y[5], backend + " sigmoid of NaN");
        f.gelu(x, y, PANEL);
        assertEquals(Float.POSITIVE_INFINITY, y[3], backend + " gelu of ∞");
        assertEquals(Float.NaN, y[5], backend + " gelu of NaN");
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void gluGatesTheFirstHalfOfARowByTheSecond(Backend backend) {
        for (int rows : new int[]{1, 2, 3, 7}) {
            for (int m : new int[]{PANEL, 3 * PANEL}) {
                float[] z = values(rows * 2 * m, SEED);
                double[] expected = new double[rows * m];
                Arrays.setAll(expected, i -> z[i / m * 2 * m + i % m] * sigmoid(z[i / m * 2 * m + m + i % m]));
                float[] y = new float[rows * m];
                RowFunctions.of(backend).glu(z, rows, m, y);
                Comparison.requireClose(rows + " rows of " + m + " " + backend, SEED, Data.widened(y), expected,
                        Tolerances.TWINS);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 31, 33, 63, 64, 65, 100, 128, 207})
    void normalizedFeaturesHaveMeanZeroAndVarianceOneAndTheRestIsZero(int h) {
        int stride = Math.ceilDiv(h, PANEL) * PANEL;
        float[] x = new float[5 + stride];
        float[] w = new float[stride];
        float[] b = new float[stride];
        System.arraycopy(Data.floats(h, SEED), 0, x, 5, h);
        System.arraycopy(Data.floats(h, SEED + 1), 0, w, 0, h);
        System.arraycopy(Data.floats(h, SEED + 2), 0, b, 0, h);
        for (int i = 0; i < h; i++) {
            x[5 + i] += 3;
        }
        double[] expected = normalized(Arrays.copyOfRange(x, 5, 5 + h), w, b);
        for (Backend backend : Backends.present()) {
            float[] y = new float[2 + stride];
            Arrays.fill(y, 7);
            RowFunctions.of(backend).normalize(x, 5, y, 2, h, stride, w, b, new float[PANEL]);
            requireRow(backend + " h " + h, y, stride, expected);
        }
    }

    /** A row from index 2 on, 0 beyond its features, nothing before it changed. */
    private static void requireRow(String what, float[] y, int stride, double[] expected) {
        int h = expected.length;
        Comparison.requireClose(what, SEED, Data.widened(Arrays.copyOfRange(y, 2, 2 + h)), expected, Tolerances.TWINS);
        for (int i = h; i < stride; i++) {
            assertEquals(0, y[2 + i], what + " beyond h at " + i);
        }
        assertEquals(7, y[1], what + " before the row");
    }

    /** s (x − mean + m) / σ in float64, as torch.std_mean(unbiased=False) and the formula of TransposedLN say. */
    private static double[] standardized(float[] x, double m, double s) {
        double mean = 0;
        for (float v : x) {
            mean += (double) v / x.length;
        }
        double variance = 0;
        for (float v : x) {
            variance += (v - mean) * (v - mean) / x.length;
        }
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = s / Math.sqrt(variance) * (x[i] - mean + m);
        }
        return y;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7, 31, 33, 63, 64, 65, 100, 128, 207})
    void oneShiftAndOneScaleAreAppliedToStandardizedFeatures(int h) {
        int stride = Math.ceilDiv(h, PANEL) * PANEL;
        float[] x = new float[5 + stride];
        System.arraycopy(Data.floats(h, SEED), 0, x, 5, h);
        for (float m : new float[]{0, 0.7f, -2}) {
            double[] expected = standardized(Arrays.copyOfRange(x, 5, 5 + h), m, 1.5f);
            for (Backend backend : Backends.present()) {
                float[] y = new float[2 + stride];
                Arrays.fill(y, 7);
                RowFunctions.of(backend).standardize(x, 5, y, 2, h, stride, m, 1.5f, new float[PANEL]);
                requireRow(backend + " h " + h + " m " + m, y, stride, expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 32})
    void aRowOfEqualValuesStaysFinite(int h) {
        for (Backend backend : Backends.present()) {
            for (float value : new float[]{0, -3}) {
                float[] x = new float[PANEL];
                Arrays.fill(x, 0, h, value);
                float[] y = new float[PANEL];
                RowFunctions.of(backend).standardize(x, 0, y, 0, h, PANEL, 0, 2, new float[PANEL]);
                assertEquals(0, y[h - 1], backend + " without a shift");
                RowFunctions.of(backend).standardize(x, 0, y, 0, h, PANEL, 0.5f, 2, new float[PANEL]);
                double limit = 2 * 0.5 / RowFunctions.MIN_DEVIATION;
                assertEquals(limit, y[h - 1], Tolerances.FLOAT32 * limit, backend + " with one");
            }
        }
    }

    private static double[] normalized(float[] x, float[] w, float[] b) {
        double mean = 0;
        for (float v : x) {
            mean += (double) v / x.length;
        }
        double variance = 0;
        for (float v : x) {
            variance += (v - mean) * (v - mean) / x.length;
        }
        double[] y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
            y[i] = (x[i] - mean) / Math.sqrt(variance + RowFunctions.EPS) * w[i] + b[i];
        }
        return y;
    }

    @Test
    void sumsProductsAndScalesAreOfThePlacesThatAreNamed() {
        float[] x = values(3 * PANEL, SEED);
        float[] y = values(3 * PANEL, SEED + 1);
        float[] w = Data.floats(2 * PANEL, SEED + 2);
        float[] b = Data.floats(2 * PANEL, SEED + 3);
        for (Backend backend : Backends.present()) {
            RowFunctions f = RowFunctions.of(backend);
            float[] sum = y.clone();
            f.add(x, 3, sum, 5, PANEL);
            float[] product = y.clone();
            f.multiply(x, product, 2 * PANEL);
            float[] scaled = y.clone();
            f.scale(x, 9, scaled, 4, 2 * PANEL, w, b);
            for (int i = 0; i < y.length; i++) {
                boolean summed = i >= 5 && i < 5 + PANEL;
                assertEquals(summed ? y[i] + x[i - 2] : y[i], sum[i], backend + " sum " + i);
                assertEquals(i < 2 * PANEL ? y[i] * x[i] : y[i], product[i], backend + " product " + i);
                boolean changed = i >= 4 && i < 4 + 2 * PANEL;
                double exact = changed ? (double) x[i + 5] * w[i - 4] + b[i - 4] : y[i];
                double size = changed ? Math.abs((double) x[i + 5] * w[i - 4]) + Math.abs(b[i - 4]) : 0;
                assertEquals(exact, scaled[i], Tolerances.FLOAT32 * size, backend + " scaled " + i);
            }
        }
    }
}
