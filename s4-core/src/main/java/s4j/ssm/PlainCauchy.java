package s4j.ssm;

import s4j.math.Complex;
import s4j.math.SplitComplex;

/** The Cauchy sums as they are written: the oracle. O(m n L). */
public final class PlainCauchy implements CauchyKernel {
    @Override
    public SplitComplex resolvents(SplitComplex v, SplitComplex a, int m, int n, int length) {
        Shapes.requireLength("Cauchy numerators", v.length(), m * n);
        Shapes.requireLength("Cauchy poles", a.length(), n);
        Shapes.requireKernelLength(length);
        int nodes = length / 2 + 1;
        SplitComplex r = new SplitComplex(new double[m * nodes], new double[m * nodes]);
        for (int j = 0; j < nodes; j++) {
            Complex omega = root(j, length);
            Complex s = Complex.ONE.minus(omega).times(2);
            Complex g = Complex.ONE.plus(omega);
            for (int row = 0; row < m; row++) {
                Complex sum = Complex.ZERO;
                for (int i = 0; i < n; i++) {
                    Complex numerator = v.at(row * n + i);
                    Complex pole = a.at(i);
                    sum = sum.plus(numerator.dividedBy(s.minus(g.times(pole))))
                            .plus(numerator.conjugate().dividedBy(s.minus(g.times(pole.conjugate()))));
                }
                r.re()[row * nodes + j] = 2 * sum.re();
                r.im()[row * nodes + j] = 2 * sum.im();
            }
        }
        return r;
    }

    /** {@code e^(-2 pi i j / L)}, exact at -1 where a rounded pi would leave a residue. */
    static Complex root(int j, int length) {
        return 2 * j == length ? Complex.of(-1) : Complex.polar(1, -2 * Math.PI * j / length);
    }
}
