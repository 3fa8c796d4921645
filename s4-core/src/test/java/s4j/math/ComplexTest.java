package s4j.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import s4j.testkit.Tolerances;

class ComplexTest {
    private final SplittableRandom random = new SplittableRandom(11);

    @Test
    void quotientTimesDivisorIsDividend() {
        for (int i = 0; i < 200; i++) {
            Complex a = draw();
            Complex b = draw();
            requireClose(a, a.dividedBy(b).times(b));
            requireClose(Complex.ONE, b.times(b.reciprocal()));
        }
    }

    @Test
    void quotientDoesNotOverflow() {
        Complex huge = Complex.of(1e300, 1e300);
        requireClose(Complex.ONE, huge.dividedBy(huge));
        requireClose(Complex.of(0, -1), Complex.of(1e300).dividedBy(Complex.of(0, 1e300)));
    }

    @Test
    void expm1KeepsTheDigitsOfSmallArguments() {
        // e^z - 1 = z + z^2/2 + z^3/6 + …: three terms are exact to rounding at 1e-6
        Complex z = Complex.of(-3e-6, 8e-6);
        Complex series = z.plus(z.times(z).times(0.5)).plus(z.times(z).times(z).times(1.0 / 6));
        assertTrue(z.expm1().minus(series).abs() <= 1e-15 * z.abs());
        requireClose(Complex.of(-0.4, 2.3).exp().minus(Complex.ONE), Complex.of(-0.4, 2.3).expm1());
    }

    @Test
    void powerIsRepeatedProductAndLogInvertsExp() {
        Complex z = Complex.polar(0.99, 0.3);
        Complex product = Complex.ONE;
        for (int k = 0; k < 100; k++) {
            requireClose(product, z.pow(k));
            product = product.times(z);
        }
        requireClose(z, z.log().exp());
        assertEquals("complex power: exponent -1; expected 0 or more",
                assertThrows(IllegalArgumentException.class, () -> z.pow(-1)).getMessage());
    }

    private Complex draw() { return Complex.of(random.nextDouble(-2, 2), random.nextDouble(-2, 2)); }

    private static void requireClose(Complex expected, Complex actual) {
        assertTrue(actual.minus(expected).abs() <= Tolerances.CLOSED_FORM * Math.max(1, expected.abs()),
                () -> actual + ", expected " + expected);
    }
}
