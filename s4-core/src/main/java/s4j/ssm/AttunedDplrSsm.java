package s4j.ssm;

import java.util.Arrays;
import s4j.math.Complex;
import s4j.math.ComplexMatrix;
import s4j.math.Fft;
import s4j.math.SplitComplex;

/**
 * One feature of S4 as it is trained: its output {@code C~ = C (I - dA^L)} belongs to one length L (official
 * {@code l_kernel}), which makes the kernel's generating function at the L-th roots of unity a plain resolvent,
 * {@code K^(w) = C~ (I - w dA)^-1 dB}, and that one four Cauchy sums joined by Woodbury's identity.
 *
 * <p>Source: S4 (2111.00396), section 3.2 and appendix C.3; lengths and rates as in the official {@code SSMKernelDPLR}.
 *
 * @param dt step
 * @param system lambda, P, B
 * @param cTilde C~ {@code [c][n]}
 * @param d D {@code [c]}
 * @param length L
 */
public record AttunedDplrSsm(double dt, Dplr system, Complex[][] cTilde, double[] d, int length) {
    /** Checks the shapes once. */
    public AttunedDplrSsm {
        Shapes.requirePositive("attuned DPLR SSM: dt", dt);
        Shapes.requireKernelLength(length);
        if (system.rank() < 1) {
            throw new IllegalArgumentException(
                    "attuned DPLR SSM: rank 0; expected at least 1. Use DiagonalSsm without P");
        }
        Shapes.requireOutput("attuned DPLR SSM", cTilde, d, system.pairs());
        for (int k = 0; k < system.pairs(); k++) {
            if (system.lambda()[k].abs() == 0) { // the node w = 1 is z = 0: the resolvent has a pole there
                throw new IllegalArgumentException("attuned DPLR SSM: lambda[" + k
                        + "] is 0; expected a real part below 0. Set it to -1e-4, the floor of Transform");
            }
        }
    }

    /** The form for every length: {@code C = C~ (I - dA^L)^-1}. */
    public DplrSsm trueC() {
        ComplexMatrix power = plain(cTilde).transition().pow(length);
        ComplexMatrix factor = ComplexMatrix.identity(power.rows()).minus(power);
        return plain(DplrSsm.divided(cTilde, factor));
    }

    /** Attuned to twice the length: {@code I - dA^2L = (I - dA^L)(I + dA^L)}. */
    public AttunedDplrSsm doubled() {
        ComplexMatrix power = plain(cTilde).transition().pow(length);
        ComplexMatrix factor = ComplexMatrix.identity(power.rows()).plus(power);
        return new AttunedDplrSsm(dt, system, DplrSsm.multiplied(cTilde, factor), d, Math.multiplyExact(length, 2));
    }

    /** The kernel of the own length, {@code [c][L]}. */
    public double[][] kernel() {
        return atNodes(dt, length, new PlainCauchy());
    }

    /** The kernel by a given Cauchy sum. */
    public double[][] kernel(CauchyKernel cauchy) {
        return atNodes(dt, length, cauchy);
    }

    /**
     * The official kernel at another rate: steps {@code rate * dt}, evaluated with the same C~ at
     * {@code round(L / rate)} roots of unity, after doubling while {@code round(rate * wanted)} exceeds L; then cut to
     * the wanted length. C~ was made with the old step, so for rates other than 1 this is an approximation; the exact
     * kernel is {@code trueC().atRate(rate).kernel(wanted)}.
     *
     * @param wanted length of the result
     * @param rate 2 means half the sampling frequency
     * @return {@code [c][wanted]}; shorter where {@code round(L / rate)} is, by rounding
     */
    public double[][] kernel(int wanted, double rate) {
        Shapes.requireKernelLength(wanted);
        Shapes.requirePositive("sampling rate", rate);
        AttunedDplrSsm longEnough = this;
        while (Math.rint(rate * wanted) > longEnough.length) {
            longEnough = longEnough.doubled();
        }
        int nodes = Math.toIntExact((long) Math.rint(longEnough.length / rate));
        double[][] k = longEnough.atNodes(dt * rate, Shapes.requireKernelLength(nodes), new PlainCauchy());
        for (int i = 0; i < k.length; i++) {
            k[i] = Arrays.copyOf(k[i], Math.min(wanted, nodes));
        }
        return k;
    }

    /**
     * The generating function at the roots of unity and its inverse transform. Rows of numerators, (B, P) times (C~, P*),
     * are ordered {@code (1+r)} by {@code (c+r)}.
     */
    private double[][] atNodes(double step, int nodes, CauchyKernel cauchy) {
        int rank = system.rank();
        int channels = cTilde.length;
        int columns = channels + rank;
        int n = system.pairs();
        Complex[] v = new Complex[(1 + rank) * columns * n];
        for (int i = 0; i <= rank; i++) {
            Complex[] left = i == 0 ? system.b() : system.p()[i - 1];
            for (int j = 0; j < columns; j++) {
                for (int k = 0; k < n; k++) {
                    Complex right = j < channels ? cTilde[j][k] : system.p()[j - channels][k].conjugate();
                    v[(i * columns + j) * n + k] = left[k].times(right).times(step);
                }
            }
        }
        Complex[] poles = new Complex[n];
        Arrays.setAll(poles, k -> system.lambda()[k].times(step));
        SplitComplex r = cauchy.resolvents(SplitComplex.of(v), SplitComplex.of(poles), (1 + rank) * columns, n, nodes);
        int frequencies = nodes / 2 + 1;
        double[][] k = new double[channels][];
        for (int c = 0; c < channels; c++) {
            Complex[] spectrum = new Complex[frequencies];
            for (int j = 0; j < frequencies; j++) {
                int at = j;
                int channel = c;
                spectrum[j] = Woodbury.corrected(PlainCauchy.root(j, nodes), rank,
                        (row, column) -> r
                                .at((row * columns + (column == 0 ? channel : channels + column - 1)) * frequencies
                                        + at));
            }
            k[c] = Fft.inverseReal(spectrum, nodes);
        }
        return k;
    }

    private DplrSsm plain(Complex[][] c) { return new DplrSsm(dt, system, c, d); }
}
