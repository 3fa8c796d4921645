package s4j.ssm;

import s4j.math.Complex;
import s4j.math.ComplexMatrix;

/**
 * The low-rank correction of the resolvent at one node. With R the {@code (1+r)} by {@code (1+r)} Cauchy sums of (B, P)
 * against (C, P*), each with the factor {@code 2/(1+w)} of {@link CauchyKernel}, and {@code g = (1+w)/2} to take it off:
 *
 * <pre>
 * R00 - R01 (I + g R11)^-1 g R10
 * </pre>
 *
 * <p>where index 0 of the rows is B (of the columns C) and the others are P. Source: S4 (2111.00396), appendix C.3.
 */
final class Woodbury {
    /** A Cauchy sum by its row (0: B, else P) and column (0: C, else P*). */
    @FunctionalInterface
    interface Sums {
        Complex at(int row, int column);
    }

    static Complex corrected(Complex omega, int rank, Sums r) {
        Complex g = omega.plus(1).times(0.5);
        return r.at(0, 0).minus(g.times(switch (rank) {
            case 1 -> r.at(0, 1).times(r.at(1, 0)).dividedBy(g.times(r.at(1, 1)).plus(1));
            case 2 -> rankTwo(g, r);
            default -> general(g, rank, r);
        }));
    }

    /** The 2 by 2 inverse written out. */
    private static Complex rankTwo(Complex g, Sums r) {
        Complex a = g.times(r.at(1, 1)).plus(1);
        Complex b = g.times(r.at(1, 2));
        Complex c = g.times(r.at(2, 1));
        Complex d = g.times(r.at(2, 2)).plus(1);
        // The sums' rows are numerators' left factors: sum (p, q) is column q of P* against row p of P, the transpose of
        // the matrix in Woodbury's identity; left and right change places with it.
        Complex first = r.at(0, 1).times(d.times(r.at(1, 0)).minus(b.times(r.at(2, 0))));
        Complex second = r.at(0, 2).times(a.times(r.at(2, 0)).minus(c.times(r.at(1, 0))));
        return first.plus(second).dividedBy(a.times(d).minus(b.times(c)));
    }

    private static Complex general(Complex g, int rank, Sums r) {
        ComplexMatrix inner = ComplexMatrix.identity(rank)
                .plus(ComplexMatrix.of(rank, rank, (i, j) -> g.times(r.at(i + 1, j + 1))));
        Complex[] column = new Complex[rank];
        for (int i = 0; i < rank; i++) {
            column[i] = r.at(i + 1, 0);
        }
        Complex[] solved = inner.solve(column);
        Complex sum = Complex.ZERO;
        for (int i = 0; i < rank; i++) {
            sum = sum.plus(r.at(0, i + 1).times(solved[i]));
        }
        return sum;
    }

    private Woodbury() {}
}
