package s4j.hippo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import s4j.math.Complex;
import s4j.math.ComplexMatrix;
import s4j.math.RealMatrix;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class NplrTest {
    private static final List<String> CORRECTED = List.of("legs", "legsd", "legt", "lagt", "fourier", "fourier2",
            "fourier_decay", "foud");
    private static final int[] STATES = {2, 4, 8, 16, 64, 256};

    @Test
    void nplrRebuildsHippo() {
        for (String name : CORRECTED) {
            for (int n : STATES) {
                Measure measure = Measure.named(name);
                Nplr nplr = Nplr.of(measure, n, 2);
                HippoMatrix hippo = HippoMatrix.of(measure, n);
                ComplexMatrix v = nplr.v();
                int pairs = nplr.pairs();
                // A = 2 Re(V Lambda V*) - P_dense^T P_dense, with P_dense = 2 Re(V P): both of each pair
                RealMatrix p = RealMatrix.of(n, 2, (i, r) -> doubled(v, nplr.p()[r], i));
                ComplexMatrix diagonal = ComplexMatrix.diagonal(nplr.lambda());
                ComplexMatrix normal = v.times(diagonal).times(v.conjugateTranspose());
                RealMatrix low = p.times(p.transpose());
                RealMatrix a = RealMatrix.of(n, n, (i, j) -> 2 * normal.at(i, j).re() - low.at(i, j));
                Comparison.requireClose(name + " A, N " + n, 0, a.values(), hippo.a().values(), Tolerances.NPLR);
                double[] b = new double[n];
                for (int i = 0; i < n; i++) {
                    b[i] = doubled(v, nplr.b(), i);
                }
                Comparison.requireClose(name + " B, N " + n, 0, b, hippo.b(), Tolerances.NPLR);
                ComplexMatrix gram = v.conjugateTranspose().times(v);
                Comparison.requireClose(name + " V*V, N " + n, 0, gram.re(), ComplexMatrix.identity(pairs).re(),
                        Tolerances.NPLR);
            }
        }
    }

    @Test
    void correctedMatrixIsNormal() {
        for (String name : CORRECTED) {
            Measure measure = Measure.named(name);
            RealMatrix a = HippoMatrix.of(measure, 16).a();
            RealMatrix p = LowRank.of(measure, 16, 2);
            RealMatrix normal = a.plus(p.transpose().times(p));
            Comparison.requireClose(name, 0, normal.times(normal.transpose()).values(),
                    normal.transpose().times(normal).values(), Tolerances.NPLR);
        }
    }

    @Test
    void keptHalfHasNegativeFrequenciesAscendingAndOneRealPart() {
        for (String name : CORRECTED) {
            Nplr nplr = Nplr.of(Measure.named(name), 32, 2);
            for (int j = 0; j < nplr.pairs(); j++) {
                assertTrue(nplr.lambda()[j].im() <= 0, name);
                assertTrue(j == 0 || nplr.lambda()[j - 1].im() < nplr.lambda()[j].im(), name);
                assertEquals(nplr.lambda()[0].re(), nplr.lambda()[j].re(), name);
            }
        }
        assertEquals(-0.5, Nplr.of(new Measure.LegS(), 32, 1).lambda()[0].re(), Tolerances.CLOSED_FORM);
    }

    @Test
    void firstSizeableEntryOfEachEigenvectorIsRealAndPositive() {
        for (String name : CORRECTED) {
            ComplexMatrix v = Nplr.of(Measure.named(name), 64, 2).v();
            for (int j = 0; j < v.columns(); j++) {
                int i = 0;
                while (v.at(i, j).abs() < 1e-6) {
                    i++;
                }
                assertTrue(v.at(i, j).re() > 0 && Math.abs(v.at(i, j).im()) < 1e-12 * v.at(i, j).re(),
                        name + " column " + j + ": " + v.at(i, j));
            }
        }
    }

    @Test
    void clippingBoundsTheImaginaryPartOfBAlone() {
        Nplr free = Nplr.of(new Measure.LegS(), 64, 1);
        Nplr clipped = Nplr.of(new Measure.LegS(), 64, 1, Nplr.B_CLIP);
        boolean changed = false;
        for (int j = 0; j < free.pairs(); j++) {
            assertEquals(free.b()[j].re(), clipped.b()[j].re());
            assertEquals(Math.clamp(free.b()[j].im(), -2, 2), clipped.b()[j].im());
            changed |= !free.b()[j].equals(clipped.b()[j]);
        }
        assertTrue(changed, "N = 64 has entries above the bound");
    }

    @Test
    void moreRankThanNeededIsPaddedWithZeros() {
        Nplr nplr = Nplr.of(new Measure.LegS(), 8, 3);
        for (int r = 1; r < 3; r++) {
            for (Complex z : nplr.p()[r]) {
                assertEquals(0, z.abs());
            }
        }
    }

    @Test
    void wrongInputIsRefusedWithWhatIsExpected() {
        assertEquals("low-rank correction of legt: rank 1; expected at least 2. Set rank=2 or choose another init",
                Refusal.messageOf(() -> Nplr.of(new Measure.LegT(), 8, 1)));
        assertEquals("NPLR of legs: N = 7; expected an even size of at least 2, one state for each of a conjugate pair",
                Refusal.messageOf(() -> Nplr.of(new Measure.LegS(), 7, 1)));
        assertEquals("low-rank correction of lmu: none is known; expected legs, legt, lagt, fourier, fourier2,"
                + " fourier_decay, fourier_diag or legsd. Use the dense form",
                Refusal.messageOf(() -> Nplr.of(new Measure.Lmu(), 8, 1)));
    }

    private static double doubled(ComplexMatrix v, Complex[] x, int row) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            sum += 2 * v.at(row, j).times(x[j]).re();
        }
        return sum;
    }
}
