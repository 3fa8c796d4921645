package s4j.ssm;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import s4j.math.Complex;
import s4j.math.SplitComplex;
import s4j.testkit.Comparison;
import s4j.testkit.Sizes;
import s4j.testkit.Tolerances;

/** What every Cauchy kernel owes: implement {@link #subject} and inherit the tests. */
public interface CauchyContract {
    CauchyKernel subject();

    /** Relative error allowed in float64. */
    default double tolerance() { return Tolerances.SAME_KERNEL; }

    /**
     * {@code 2/(1+w)/(z-a) = dB/(1 - w dA)} for {@code dA = (1+a/2)/(1-a/2), dB = 1/(1-a/2)}: the generating function of
     * a bilinear mode, for which no z and no infinity is needed.
     */
    @Test
    default void sumsAreGeneratingFunctionsOfBilinearModes() {
        for (int length : Sizes.all()) {
            for (int n : new int[]{1, 7, 32}) {
                long seed = 1000L * length + n;
                SplittableRandom random = new SplittableRandom(seed);
                int rows = 3;
                int nodes = length / 2 + 1;
                SplitComplex v = draw(rows * n, random, -1, 1);
                SplitComplex a = draw(n, random, -1, -0.01);
                double[] re = new double[rows * nodes];
                double[] im = new double[rows * nodes];
                for (int at = 0; at < re.length; at++) {
                    Complex omega = Complex.polar(1, -2 * Math.PI * (at % nodes) / length);
                    Complex sum = Complex.ZERO;
                    for (int i = 0; i < n; i++) {
                        Complex x = v.at(at / nodes * n + i);
                        sum = sum.plus(mode(x, a.at(i), omega)).plus(mode(x.conjugate(), a.at(i).conjugate(), omega));
                    }
                    re[at] = sum.re();
                    im[at] = sum.im();
                }
                SplitComplex actual = subject().resolvents(v, a, rows, n, length);
                Comparison.requireClose("Cauchy, L " + length + ", n " + n, seed,
                        new double[][]{actual.re(), actual.im()}, new double[][]{re, im}, tolerance());
            }
        }
    }

    private static Complex mode(Complex v, Complex a, Complex omega) {
        Complex dA = Discretization.BILINEAR.transition(a, 1);
        Complex dB = Discretization.BILINEAR.inputGain(a, 1);
        return v.times(dB).dividedBy(Complex.ONE.minus(omega.times(dA)));
    }

    private static SplitComplex draw(int n, SplittableRandom random, double low, double high) {
        SplitComplex z = new SplitComplex(new double[n], new double[n]);
        for (int i = 0; i < n; i++) {
            z.re()[i] = random.nextDouble(low, high);
            z.im()[i] = random.nextDouble(-2, 2);
        }
        return z;
    }
}
