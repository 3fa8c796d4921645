package s4j.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import s4j.testkit.Comparison;
import s4j.testkit.Sizes;
import s4j.testkit.Tolerances;

class FftTest {
    private static final long SEED = 5;

    @Test
    void transformEqualsItsDefinition() {
        for (int n : Sizes.all()) {
            Complex[] x = draw(n);
            Complex[] expected = new Complex[n];
            for (int k = 0; k < n; k++) {
                Complex sum = Complex.ZERO;
                for (int j = 0; j < n; j++) {
                    sum = sum.plus(x[j].times(Complex.polar(1, -2 * Math.PI * ((long) j * k % n) / n)));
                }
                expected[k] = sum;
            }
            Comparison.requireClose("FFT of length " + n, SEED, flat(Fft.forward(x)), flat(expected), Tolerances.FFT);
        }
    }

    @Test
    void inverseUndoesTheTransform() {
        for (int n : Sizes.all()) {
            Complex[] x = draw(n);
            Comparison.requireClose("inverse FFT of length " + n, SEED, flat(Fft.inverse(Fft.forward(x))), flat(x),
                    Tolerances.FFT);
        }
    }

    @Test
    void realSequenceIsRebuiltFromHalfItsSpectrum() {
        for (int n : Sizes.all()) {
            Complex[] x = draw(n);
            Complex[] real = new Complex[n];
            Arrays.setAll(real, i -> Complex.of(x[i].re()));
            double[] expected = new double[n];
            Arrays.setAll(expected, i -> x[i].re());
            double[] actual = Fft.inverseReal(Arrays.copyOf(Fft.forward(real), n / 2 + 1), n);
            Comparison.requireClose("inverse real FFT of length " + n, SEED, actual, expected, Tolerances.FFT);
        }
    }

    @Test
    void halfSpectrumOfTheWrongSizeIsRefused() {
        assertEquals("inverse real FFT of length 8: 4 frequencies; expected 5",
                assertThrows(IllegalArgumentException.class, () -> Fft.inverseReal(draw(4), 8)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> Fft.forward(new Complex[0]));
    }

    private static Complex[] draw(int n) {
        SplittableRandom random = new SplittableRandom(SEED + n);
        Complex[] x = new Complex[n];
        Arrays.setAll(x, i -> Complex.of(random.nextDouble(-1, 1), random.nextDouble(-1, 1)));
        return x;
    }

    private static double[] flat(Complex[] x) {
        SplitComplex split = SplitComplex.of(x);
        return Comparison.joined(new double[][]{split.re(), split.im()});
    }
}
