package s4j.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.hippo.HippoMatrix;
import s4j.hippo.Measure;
import s4j.testkit.Tolerances;

final class ComplexEigenTest {
    /** Largest entry of A V − V diag(w), relative to A. */
    private static double residual(ComplexMatrix a, ComplexEigen e) {
        double worst = 0;
        for (int j = 0; j < a.rows(); j++) {
            int column = j;
            Complex[] v = new Complex[a.rows()];
            Arrays.setAll(v, i -> e.vectors().at(i, column));
            Complex[] av = a.times(v);
            for (int i = 0; i < v.length; i++) {
                worst = Math.max(worst, av[i].minus(v[i].times(e.values()[j])).abs());
            }
        }
        return worst / a.maxRowSum();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16, 33, 64})
    void vectorsAndValuesRebuildAnyMatrix(int n) {
        SplittableRandom random = new SplittableRandom(n);
        ComplexMatrix a = ComplexMatrix.of(n, n,
                (i, j) -> new Complex(random.nextDouble(-1, 1), random.nextDouble(-1, 1)));
        double error = residual(a, ComplexEigen.of(a));
        assertTrue(error < Tolerances.EIGEN, "n " + n + ": residual " + error);
    }

    @Test
    void theEigenvaluesOfLegsAreItsDiagonal() {
        int n = 8; // LegS is triangular with the diagonal −1, −2, …, −N
        Complex[] w = ComplexEigen.of(HippoMatrix.of(Measure.named("legs"), n).a().toComplex()).values();
        double[] found = Arrays.stream(w).mapToDouble(Complex::re).sorted().toArray();
        for (int i = 0; i < n; i++) {
            assertEquals(i - n, found[i], 1e-9, Arrays.toString(found));
        }
    }

    @Test
    void rotationsHaveTheirAngles() {
        double phi = 0.7;
        ComplexMatrix a = ComplexMatrix.of(2, 2, (i, j) -> Complex
                .of(i == j ? Math.cos(phi) : i < j ? -Math.sin(phi) : Math.sin(phi)));
        for (Complex w : ComplexEigen.of(a).values()) {
            assertEquals(1, w.abs(), 1e-14);
            assertEquals(phi, Math.abs(Math.atan2(w.im(), w.re())), 1e-14);
        }
        ComplexMatrix zero = ComplexMatrix.of(3, 3, (i, j) -> Complex.ZERO);
        assertEquals(0, ComplexEigen.of(zero).values()[2].abs());
        assertFails(IllegalArgumentException.class,
                () -> ComplexEigen.of(ComplexMatrix.of(2, 3, (i, j) -> Complex.ONE)), "expected a square one");
    }
}
