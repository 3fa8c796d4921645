package s4j.ssm;

import java.util.Arrays;
import s4j.math.Complex;
import s4j.math.ComplexMatrix;

/**
 * One feature of S4 with its true C: {@code x' = (diag(lambda) - P P*) x + B u, y = 2 Re(C x) + D u}, discretised by the
 * bilinear rule. What holds for every length starts here; the trained parameter, which belongs to one length, is
 * {@link AttunedDplrSsm}.
 *
 * @param dt step
 * @param system lambda, P, B
 * @param c C {@code [c][n]}
 * @param d D {@code [c]}
 */
public record DplrSsm(double dt, Dplr system, Complex[][] c, double[] d) {
    /** Checks the shapes once. */
    public DplrSsm {
        Shapes.requirePositive("DPLR SSM: dt", dt);
        if (system.rank() < 1) {
            throw new IllegalArgumentException("DPLR SSM: rank 0; expected at least 1. Use DiagonalSsm without P");
        }
        Shapes.requireOutput("DPLR SSM", c, d, system.pairs());
    }

    /** The same system sampled at another rate: {@code dt * rate}, exact at every length. */
    public DplrSsm atRate(double rate) {
        return new DplrSsm(dt * Shapes.requirePositive("sampling rate", rate), system, c, d);
    }

    /** The recurrent view, O(r n) per step. */
    public DplrRecurrence recurrence() { return DplrRecurrence.of(this); }

    /** The convolutional view {@code [c][l]}: attuned to this length, then Cauchy and Woodbury. Exact. */
    public double[][] kernel(int length) {
        return attune(length).kernel();
    }

    /** The form whose output belongs to one length: {@code C~ = C (I - dA^L)}. O(N^3 log L). */
    public AttunedDplrSsm attune(int length) {
        ComplexMatrix power = transition().pow(Shapes.requireKernelLength(length));
        ComplexMatrix factor = ComplexMatrix.identity(power.rows()).minus(power);
        return new AttunedDplrSsm(dt, system, multiplied(c, factor), d, length);
    }

    /** The same system on both of each pair, {@code A = diag(lambda, conj lambda) - (P, conj P)(P, conj P)*}. */
    public DenseSsm dense() {
        Complex[] lambda = Pairs.both(system.lambda());
        Complex[][] p = Pairs.both(system.p());
        ComplexMatrix a = ComplexMatrix.of(lambda.length, lambda.length, (i, j) -> {
            Complex sum = i == j ? lambda[i] : Complex.ZERO;
            for (Complex[] row : p) {
                sum = sum.minus(row[i].times(row[j].conjugate()));
            }
            return sum;
        });
        return new DenseSsm(dt, a, Pairs.both(system.b()), Pairs.both(c), d);
    }

    /** dA {@code [N, N]} on both of each pair. */
    ComplexMatrix transition() {
        return dense().recurrence(Discretization.BILINEAR).dA();
    }

    /** Rows times a matrix over both of each pair, of which the stored half is kept. */
    static Complex[][] multiplied(Complex[][] rows, ComplexMatrix factor) {
        ComplexMatrix transposed = factor.transpose();
        Complex[][] out = new Complex[rows.length][];
        Arrays.setAll(out, i -> Pairs.half(transposed.times(Pairs.both(rows[i]))));
        return out;
    }

    /** Rows times the inverse of a matrix over both of each pair. */
    static Complex[][] divided(Complex[][] rows, ComplexMatrix factor) {
        ComplexMatrix transposed = factor.transpose();
        Complex[][] out = new Complex[rows.length][];
        Arrays.setAll(out, i -> Pairs.half(transposed.solve(Pairs.both(rows[i]))));
        return out;
    }
}
