package s4j.ssm;

import java.util.Arrays;
import s4j.hippo.HippoMatrix;
import s4j.math.Complex;
import s4j.math.ComplexMatrix;

/**
 * A system with a dense state matrix, {@code x' = A x + B u, y = Re(C x) + D u}: the slow form that explains the others.
 *
 * @param dt step
 * @param a A {@code [N, N]}
 * @param b B {@code [N]}
 * @param c C {@code [c][N]}
 * @param d D {@code [c]}
 */
public record DenseSsm(double dt, ComplexMatrix a, Complex[] b, Complex[][] c, double[] d) {
    /** Checks the shapes once. */
    public DenseSsm {
        Shapes.requirePositive("dense SSM: dt", dt);
        if (a.rows() != a.columns()) {
            throw new IllegalArgumentException("dense SSM: A [" + a.rows() + ", " + a.columns()
                    + "]; expected a square matrix");
        }
        Shapes.requireLength("dense SSM: B", b.length, a.rows());
        Shapes.requireOutput("dense SSM", c, d, a.rows());
    }

    /** A HiPPO operator with an output; all numbers real. */
    public static DenseSsm of(HippoMatrix hippo, double dt, double[][] c, double[] d) {
        Complex[][] rows = new Complex[c.length][];
        Arrays.setAll(rows, i -> complex(c[i]));
        return new DenseSsm(dt, hippo.a().toComplex(), complex(hippo.b()), rows, d);
    }

    /** The same system sampled at another rate: {@code dt * rate}. */
    public DenseSsm atRate(double rate) {
        return new DenseSsm(dt * Shapes.requirePositive("sampling rate", rate), a, b, c, d);
    }

    /** The recurrent view. */
    public DenseRecurrence recurrence(Discretization disc) {
        Discretization.Pair pair = disc.discretize(a, b, dt);
        return new DenseRecurrence(pair.dA(), pair.dB(), c, d);
    }

    /** The convolutional view {@code [c][l]}, {@code K_l = Re(C dA^l dB)}. O(N^2 L). */
    public double[][] kernel(Discretization disc, int length) {
        return recurrence(disc).krylov(Shapes.requireKernelLength(length));
    }

    private static Complex[] complex(double[] x) {
        Complex[] z = new Complex[x.length];
        Arrays.setAll(z, i -> Complex.of(x[i]));
        return z;
    }
}
