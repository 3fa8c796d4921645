package s4j.kernel.projection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.kernel.Backend;
import s4j.kernel.Backends;
import s4j.kernel.Data;
import s4j.kernel.ScalarMath;
import s4j.kernel.Workers;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class GatedProjectionTest {
    static Stream<Arguments> cases() {
        return Backends.present().stream().flatMap(backend -> Stream.of(new int[]{1, 1, 1}, new int[]{7, 3, 2},
                new int[]{96, 16, 16}, new int[]{97, 64, 64}, new int[]{203, 33, 31}, new int[]{1025, 64, 32},
                new int[]{2000, 13, 100}).map(s -> Arguments.of(backend, s[0], s[1], s[2])));
    }

    /** Everything in float64, as written. */
    private record Oracle(double[] out, double[] dy, double[] dWeight, double[] dBias) {
        static Oracle of(int steps, int k, int m, float[] y, float[] weight, float[] bias, float[] dout) {
            Oracle o = new Oracle(new double[steps * m], new double[steps * k], new double[2 * m * k],
                    new double[2 * m]);
            for (int t = 0; t < steps; t++) {
                o.step(t, k, m, y, weight, bias, dout);
            }
            return o;
        }

        private void step(int t, int k, int m, float[] y, float[] weight, float[] bias, float[] dout) {
            double[] z = new double[2 * m];
            double[] g = new double[k];
            for (int i = 0; i < k; i++) {
                double x = y[t * k + i];
                g[i] = x * ScalarMath.normal(x);
            }
            for (int j = 0; j < 2 * m; j++) {
                z[j] = bias[j];
                for (int i = 0; i < k; i++) {
                    z[j] += weight[j * k + i] * g[i];
                }
            }
            double[] dz = new double[2 * m];
            for (int j = 0; j < m; j++) {
                double s = 1 / (1 + Math.exp(-z[m + j]));
                out[t * m + j] = z[j] * s;
                dz[j] = dout[t * m + j] * s;
                dz[m + j] = dout[t * m + j] * z[j] * s * (1 - s);
            }
            for (int i = 0; i < k; i++) {
                double x = y[t * k + i];
                double slope = ScalarMath.normal(x) + x * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
                for (int j = 0; j < 2 * m; j++) {
                    dy[t * k + i] += weight[j * k + i] * dz[j] * slope;
                    dWeight[j * k + i] += dz[j] * g[i];
                }
            }
            for (int j = 0; j < 2 * m; j++) {
                dBias[j] += dz[j];
            }
        }
    }

    private record Run(float[] out, float[] dy, GatedProjection.Gradients gradients) {
        static Run of(Backend backend, int threads, int steps, int k, int m, float[] y, float[] weight, float[] bias,
                float[] dout) {
            try (Workers workers = new Workers(threads); Arena arena = Arena.ofShared()) {
                var projection = new GatedProjection(backend, workers, k, m, weight, bias);
                MemorySegment out = arena.allocate(4L * steps * m);
                MemorySegment dy = arena.allocate(4L * steps * k);
                MemorySegment kept = arena.allocate(4 * projection.keptSize(steps));
                projection.forward(steps, MemorySegment.ofArray(y), out, kept);
                var gradients = projection.backward(steps, MemorySegment.ofArray(y), kept, out,
                        MemorySegment.ofArray(dout), dy);
                return new Run(out.toArray(ValueLayout.JAVA_FLOAT), dy.toArray(ValueLayout.JAVA_FLOAT), gradients);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsWhatIsWrittenForwardAndBackward(Backend backend, int steps, int k, int m) {
        float[] y = Data.floats(steps * k, 1);
        float[] weight = Data.floats(2 * m * k, 2);
        float[] bias = Data.floats(2 * m, 3);
        float[] dout = Data.floats(steps * m, 4);
        Oracle o = Oracle.of(steps, k, m, y, weight, bias, dout);
        Run run = Run.of(backend, 2, steps, k, m, y, weight, bias, dout);
        String what = backend + " [%d, %d] to %d".formatted(steps, k, m);
        Comparison.requireClose(what + " out", 1, Data.widened(run.out()), o.out(), Tolerances.SCAN_FORWARD);
        Comparison.requireClose(what + " dy", 1, Data.widened(run.dy()), o.dy(), Tolerances.SCAN_BACKWARD);
        Comparison.requireClose(what + " dW", 1, run.gradients().weight(), o.dWeight(), Tolerances.SCAN_BACKWARD);
        Comparison.requireClose(what + " db", 1, run.gradients().bias(), o.dBias(), Tolerances.SCAN_BACKWARD);
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void threadsChangeNoBit(Backend backend) {
        float[] y = Data.floats(1000 * 33, 5);
        float[] weight = Data.floats(2 * 17 * 33, 6);
        float[] dout = Data.floats(1000 * 17, 7);
        Run one = Run.of(backend, 1, 1000, 33, 17, y, weight, new float[34], dout);
        Run three = Run.of(backend, 3, 1000, 33, 17, y, weight, new float[34], dout);
        assertArrayEquals(one.out(), three.out());
        assertArrayEquals(one.dy(), three.dy());
        assertArrayEquals(one.gradients().weight(), three.gradients().weight());
        assertArrayEquals(one.gradients().bias(), three.gradients().bias());
    }

    @ParameterizedTest
    @MethodSource("s4j.kernel.Backends#present")
    void wrongSizesAreRefused(Backend backend) {
        try (Workers workers = new Workers(1)) {
            String message = Refusal.messageOf(
                    () -> new GatedProjection(backend, workers, 3, 2, new float[11], new float[4]));
            assertTrue(message.contains("3 to 2 features with 11 weights and 4 biases; expected 12 and 4"), message);
        }
    }
}
