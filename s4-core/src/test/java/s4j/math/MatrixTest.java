package s4j.math;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class MatrixTest {
    private static final long SEED = 7;

    @Test
    void solutionSatisfiesItsEquation() {
        for (int n : new int[]{1, 2, 3, 8, 33, 100}) {
            ComplexMatrix a = draw(n, n);
            ComplexMatrix b = draw(n, 3);
            // the factor n: a random matrix of size n has a condition number of about n
            requireClose("A X = B, n " + n, a.times(a.solve(b)), b, Tolerances.CLOSED_FORM * 100 * n);
            requireClose("A A^-1 = I, n " + n, a.times(a.inverse()), ComplexMatrix.identity(n),
                    Tolerances.CLOSED_FORM * 100 * n);
        }
    }

    @Test
    void realAlgebraAgreesWithComplexAlgebra() {
        RealMatrix a = new RealMatrix(4, 4, draw(4, 4).re());
        RealMatrix b = new RealMatrix(4, 4, draw(4, 4).im());
        requireClose("product", a.times(b).toComplex(), a.toComplex().times(b.toComplex()), Tolerances.CLOSED_FORM);
        requireClose("transpose", a.transpose().toComplex(), a.toComplex().transpose(), 0);
        requireClose("inverse", a.inverse().times(a).toComplex(), ComplexMatrix.identity(4),
                Tolerances.CLOSED_FORM * 10);
        requireClose("power", a.pow(3).toComplex(), a.times(a).times(a).toComplex(), Tolerances.CLOSED_FORM);
    }

    @Test
    void powerIsRepeatedProduct() {
        ComplexMatrix a = draw(5, 5).times(0.3);
        ComplexMatrix product = ComplexMatrix.identity(5);
        for (int k = 0; k < 20; k++) {
            requireClose("power " + k, a.pow(k), product, Tolerances.CLOSED_FORM);
            product = product.times(a);
        }
    }

    @Test
    void exponentialOfAScaledRotationIsKnown() {
        double decay = -0.3;
        double turn = 25;
        ComplexMatrix a = new ComplexMatrix(2, 2, new double[]{decay, -turn, turn, decay}, new double[4]);
        double s = Math.exp(decay);
        ComplexMatrix expected = new ComplexMatrix(2, 2,
                new double[]{s * Math.cos(turn), -s * Math.sin(turn), s * Math.sin(turn), s * Math.cos(turn)},
                new double[4]);
        requireClose("exp", a.exp(), expected, Tolerances.CLOSED_FORM);
    }

    @Test
    void eigenDecompositionRebuildsTheMatrix() {
        for (int n : new int[]{1, 2, 3, 7, 8, 33, 100, 256}) {
            ComplexMatrix half = draw(n, n);
            requireEigen(half.plus(half.conjugateTranspose()), n);
        }
    }

    @Test
    void eigenDecompositionCopesWithRepeatedAndZeroEigenvalues() {
        requireEigen(ComplexMatrix.identity(6), 6);
        requireEigen(ComplexMatrix.identity(5).times(0), 5);
        ComplexMatrix column = draw(9, 1);
        requireEigen(column.times(column.conjugateTranspose()), 9);
    }

    @Test
    void quadratureIntegratesPolynomialsExactly() {
        for (int q : new int[]{1, 2, 5, 16, 64, 160}) {
            GaussLegendre rule = GaussLegendre.of(q);
            for (int degree = 0; degree < 2 * q; degree += 1 + q / 4) {
                double sum = 0;
                for (int i = 0; i < q; i++) {
                    sum += rule.weights()[i] * Math.pow(rule.nodes()[i], degree);
                }
                assertEquals(1.0 / (degree + 1), sum, Tolerances.CLOSED_FORM, "nodes " + q + ", degree " + degree);
            }
        }
    }

    @Test
    void wrongShapesAreRefused() {
        assertEquals("matrix product: [2, 3] times [2, 3]; expected inner sizes to be equal",
                assertThrows(IllegalArgumentException.class, () -> draw(2, 3).times(draw(2, 3))).getMessage());
        assertEquals("linear solve: no pivot in column 0 of 3; expected a regular matrix",
                Refusal.messageOf(ArithmeticException.class, () -> ComplexMatrix.identity(3).times(0).inverse()));
        assertTrue(Refusal.messageOf(() -> HermitianEigen.of(draw(3, 3))).endsWith("expected a Hermitian matrix"));
        assertThrows(IllegalArgumentException.class, () -> new RealMatrix(2, 2, new double[3]));
    }

    private static void requireEigen(ComplexMatrix a, int n) {
        HermitianEigen eigen = HermitianEigen.of(a);
        ComplexMatrix v = eigen.vectors();
        ComplexMatrix w = ComplexMatrix.of(n, n, (i, j) -> i == j ? Complex.of(eigen.values()[i]) : Complex.ZERO);
        requireClose("V W V* = A, n " + n, v.times(w).times(v.conjugateTranspose()), a, Tolerances.EIGEN);
        requireClose("V* V = I, n " + n, v.conjugateTranspose().times(v), ComplexMatrix.identity(n), Tolerances.EIGEN);
        for (int i = 1; i < n; i++) {
            assertTrue(eigen.values()[i - 1] <= eigen.values()[i], "ascending at " + i);
        }
    }

    private static ComplexMatrix draw(int rows, int columns) {
        SplittableRandom random = new SplittableRandom(SEED + rows * 1000L + columns);
        return ComplexMatrix.of(rows, columns,
                (i, j) -> Complex.of(random.nextDouble(-1, 1), random.nextDouble(-1, 1)));
    }

    private static void requireClose(String what, ComplexMatrix actual, ComplexMatrix expected, double tolerance) {
        Comparison.requireClose(what, SEED, new double[][]{actual.re(), actual.im()},
                new double[][]{expected.re(), expected.im()}, tolerance);
    }
}
