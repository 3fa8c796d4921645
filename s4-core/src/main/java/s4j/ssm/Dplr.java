package s4j.ssm;

import s4j.hippo.Nplr;
import s4j.math.Complex;

/**
 * Diagonal plus low rank state matrix with its input: {@code A = diag(lambda) - P P*}, B. n = N/2 entries are kept, one
 * of each conjugate pair; the diagonal layers ignore P.
 *
 * @param lambda {@code [n]}; real parts negative or zero, imaginary parts at most 0
 * @param p P {@code [r][n]}
 * @param b B {@code [n]}
 */
public record Dplr(Complex[] lambda, Complex[][] p, Complex[] b) {
    /** Checks the shapes once. */
    public Dplr {
        if (lambda.length < 1 || b.length != lambda.length) {
            throw new IllegalArgumentException("DPLR: lambda [" + lambda.length + "], B [" + b.length
                    + "]; expected equal sizes of at least 1");
        }
        for (int r = 0; r < p.length; r++) {
            if (p[r].length != lambda.length) {
                throw new IllegalArgumentException("DPLR: P[" + r + "] has " + p[r].length + " entries; expected "
                        + lambda.length);
            }
        }
    }

    /** A HiPPO matrix in its eigenbasis. */
    public static Dplr of(Nplr nplr) {
        return new Dplr(nplr.lambda(), nplr.p(), nplr.b());
    }

    /** Number of conjugate pairs, n = N/2. */
    public int pairs() { return lambda.length; }

    /** Rank r of the low-rank term. */
    public int rank() { return p.length; }
}
