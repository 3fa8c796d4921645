package s4j.kernel.cauchy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import s4j.kernel.Data;
import s4j.kernel.Slopes;
import s4j.math.Complex;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class DplrTermsTest {
    private static final int H = 2;
    private static final int N = 3;

    private static double[] parameters(int channels, int steps) {
        return Data.doubles(H * steps + 2 * H * N * (channels + 3), 10L * channels + steps);
    }

    private static Complex at(double[] x, int i) { return new Complex(x[2 * i], x[2 * i + 1]); }

    @Test
    void productsAreThoseOfTheEquation() {
        for (int channels = 1; channels < 4; channels++) {
            for (int steps : new int[]{1, N}) {
                double[] x = parameters(channels, steps);
                Complex[] z = new Complex[H * N * (channels + 3)];
                for (int i = 0; i < z.length; i++) {
                    z[i] = at(x, i);
                }
                DplrTerms terms = new DplrTerms(channels, H, N, x);
                for (int s = 0; s < H * N; s++) {
                    double dt = x[2 * z.length + (steps == 1 ? s / N : s)];
                    requireEqual(z[s].times(dt), at(terms.lambda(), s));
                    for (int j = 0; j <= channels; j++) {
                        Complex out = j < channels ? z[(3 + j) * H * N + s] : z[2 * H * N + s].conjugate();
                        requireEqual(z[H * N + s].times(out).times(dt), at(terms.v(), j * H * N + s));
                        requireEqual(z[2 * H * N + s].times(out).times(dt),
                                at(terms.v(), (channels + 1 + j) * H * N + s));
                    }
                }
            }
        }
    }

    private static void requireEqual(Complex expected, Complex actual) {
        assertTrue(expected.minus(actual).abs() < 1e-12, expected + " and " + actual);
    }

    @Test
    void gradientMatchesFiniteDifference() {
        for (int channels : new int[]{1, 2}) {
            for (int steps : new int[]{1, N}) {
                double[] x = parameters(channels, steps);
                CauchySums.Gradients weights = new CauchySums.Gradients(
                        Data.doubles(4 * H * N * (channels + 1), 1), Data.doubles(2 * H * N, 2));
                Comparison.requireClose("channels " + channels + " steps " + steps, steps,
                        new DplrTerms(channels, H, N, x).gradients(weights), Slopes.of(x, 1e-5, () -> {
                            DplrTerms terms = new DplrTerms(channels, H, N, x);
                            return Slopes.dot(weights.v(), terms.v()) + Slopes.dot(weights.lambda(), terms.lambda());
                        }), Tolerances.SLOPE);
            }
        }
    }

    @Test
    void wrongSizesAreRefused() {
        assertTrue(Refusal.messageOf(() -> new DplrTerms(1, 2, 3, new double[49])).contains("49 numbers; expected 50"));
    }
}
