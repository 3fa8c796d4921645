package s4j.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import s4j.math.Complex;
import s4j.math.ComplexEigen;
import s4j.ssm.DenseRecurrence;
import s4j.ssm.DiagonalRecurrence;
import s4j.ssm.DiagonalSsm;

/** The modes of a feature's system: the states of a diagonal one, the eigenvectors of one with a low-rank term. */
final class Modes {
    /** Eigenvalues nearer to each other's conjugate than this are a pair. */
    private static final double PAIRED = 1e-7;
    /** Steps over which modes must add up to the kernel, within this error. */
    private static final int TRIED = 128;
    private static final double ERROR = 1e-6;

    /** Of a diagonal system. */
    static List<Mode> of(DiagonalSsm system, DiagonalRecurrence r) {
        List<Mode> modes = new ArrayList<>();
        for (int n = 0; n < r.dA().length; n++) {
            int state = n;
            Complex[] gains = new Complex[r.c().length];
            Arrays.setAll(gains, row -> r.c()[row][state].times(r.dB()[state]));
            modes.add(new Mode(system.a()[n], system.step(n), r.dA()[n], gains));
        }
        return modes;
    }

    /**
     * Of a system on both of each pair, {@code dA = V diag(z) V^-1}: gains {@code (C V)_n (V^-1 dB)_n}. Its continuous eigenvalues
     * come from the bilinear rule, {@code a dt = 2 (z - 1) / (z + 1)}.
     *
     * <p>A matrix may be so nearly defective that its eigenvectors are almost parallel, as LegS of 32 states is: gains then are huge
     * and cancel, and rounding decides. Such modes do not add up to the kernel and are not given.
     */
    static List<Mode> of(DenseRecurrence r, double dt) {
        ComplexEigen eigen = ComplexEigen.of(r.dA());
        Complex[] in = eigen.vectors().solve(r.dB());
        Complex[] z = eigen.values();
        boolean[] used = new boolean[z.length];
        List<Mode> modes = new ArrayList<>();
        for (int n = 0; n < z.length; n++) {
            if (used[n]) {
                continue;
            }
            used[n] = true;
            Complex[] gains = halves(r, eigen, in, n);
            int twin = twin(z, used, n);
            if (twin >= 0) { // the two of a pair say the same
                used[twin] = true;
                Complex[] other = halves(r, eigen, in, twin);
                Arrays.setAll(gains, row -> gains[row].plus(other[row].conjugate()));
            }
            Complex a = z[n].minus(Complex.ONE).dividedBy(z[n].plus(1)).times(2 / dt);
            modes.add(new Mode(a, dt, z[n], gains));
        }
        return addUp(modes, r) ? modes : List.of();
    }

    private static boolean addUp(List<Mode> modes, DenseRecurrence r) {
        double[][] k = r.krylov(TRIED);
        double error = 0;
        double norm = 0;
        for (int row = 0; row < k.length; row++) {
            double[] sum = new double[TRIED];
            for (Mode m : modes) {
                Complex term = m.gains()[row];
                for (int t = 0; t < TRIED; t++) {
                    sum[t] += 2 * term.re();
                    term = term.times(m.z());
                }
            }
            for (int t = 0; t < TRIED; t++) {
                error += (sum[t] - k[row][t]) * (sum[t] - k[row][t]);
                norm += k[row][t] * k[row][t];
            }
        }
        return error <= ERROR * ERROR * norm;
    }

    /** Half the gains of an eigenvector: real parts are doubled wherever a mode is read. */
    private static Complex[] halves(DenseRecurrence r, ComplexEigen eigen, Complex[] in, int state) {
        Complex[] gains = new Complex[r.c().length];
        Arrays.setAll(gains, row -> {
            Complex sum = Complex.ZERO;
            for (int i = 0; i < in.length; i++) {
                sum = sum.plus(r.c()[row][i].times(eigen.vectors().at(i, state)));
            }
            return sum.times(in[state]).times(0.5);
        });
        return gains;
    }

    /** The eigenvalue that is the conjugate of another; -1: that is real. */
    private static int twin(Complex[] z, boolean[] used, int n) {
        int best = -1;
        for (int i = 0; i < z.length && Math.abs(z[n].im()) > PAIRED; i++) {
            if (!used[i] && distance(z, n, i) < PAIRED && (best < 0 || distance(z, n, i) < distance(z, n, best))) {
                best = i;
            }
        }
        return best;
    }

    private static double distance(Complex[] z, int n, int i) { return z[i].minus(z[n].conjugate()).abs(); }

    private Modes() {}
}
