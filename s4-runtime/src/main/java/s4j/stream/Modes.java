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
    /** Eigenvalues nearer to the real line than this are their own conjugates. */
    private static final double REAL = 1e-12;

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
     */
    static List<Mode> of(DenseRecurrence r, double dt) {
        ComplexEigen eigen = ComplexEigen.of(r.dA());
        Complex[] in = eigen.vectors().solve(r.dB());
        List<Mode> modes = new ArrayList<>();
        for (int n = 0; n < in.length; n++) {
            Complex z = eigen.values()[n];
            if (z.im() < -REAL) {
                continue; // its conjugate stands for both
            }
            int state = n;
            double share = z.im() > REAL ? 1 : 0.5;
            Complex[] gains = new Complex[r.c().length];
            Arrays.setAll(gains, row -> {
                Complex sum = Complex.ZERO;
                for (int i = 0; i < in.length; i++) {
                    sum = sum.plus(r.c()[row][i].times(eigen.vectors().at(i, state)));
                }
                return sum.times(in[state]).times(share);
            });
            Complex a = z.minus(Complex.ONE).dividedBy(z.plus(1)).times(2 / dt);
            modes.add(new Mode(a, dt, z, gains));
        }
        return modes;
    }

    private Modes() {}
}
