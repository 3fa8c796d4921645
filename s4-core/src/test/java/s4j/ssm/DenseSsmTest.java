package s4j.ssm;

import org.junit.jupiter.api.Test;
import s4j.hippo.HippoMatrix;
import s4j.hippo.Measure;
import s4j.math.Complex;
import s4j.math.ComplexMatrix;
import s4j.testkit.Comparison;
import s4j.testkit.Sizes;
import s4j.testkit.Tolerances;

class DenseSsmTest {
    private static final long SEED = 41;

    @Test
    void convolutionEqualsRecurrence() {
        for (Discretization disc : Discretization.values()) {
            for (String name : new String[]{"legs", "legt", "lagt", "glagt", "lmu", "fourier"}) {
                DenseSsm ssm = hippo(name, 8);
                for (int length : Sizes.all()) {
                    double[] u = Systems.input(length, SEED);
                    Comparison.requireClose(disc + " " + name + ", L " + length, SEED,
                            Systems.convolved(ssm.kernel(disc, length), ssm.d(), u),
                            ssm.recurrence(disc).scan(u).y(), Tolerances.SAME_KERNEL);
                }
            }
        }
    }

    @Test
    void bilinearStepSolvesItsImplicitEquation() {
        // x' - x = dt A (x' + x)/2 + dt B u
        DenseSsm ssm = hippo("legs", 8);
        Discretization.Pair pair = Discretization.BILINEAR.discretize(ssm.a(), ssm.b(), ssm.dt());
        ComplexMatrix identity = ComplexMatrix.identity(8);
        ComplexMatrix left = pair.dA().minus(identity);
        ComplexMatrix right = ssm.a().times(pair.dA().plus(identity)).times(ssm.dt() / 2);
        Comparison.requireClose("dA", SEED, left.re(), right.re(), Tolerances.SAME_KERNEL);
    }

    @Test
    void heldDenseStepWorksForSingularMatrices() {
        // A = [[0, 1], [0, 0]]: position and speed under a constant force
        ComplexMatrix a = ComplexMatrix.of(2, 2,
                (i, j) -> i == 0 && j == 1 ? Complex.ONE : Complex.ZERO);
        Discretization.Pair pair = Discretization.ZOH.discretize(a,
                new Complex[]{Complex.ZERO, Complex.ONE}, 0.5);
        Comparison.requireClose("dA", 0, pair.dA().re(), new double[]{1, 0.5, 0, 1}, Tolerances.CLOSED_FORM);
        Comparison.requireClose("dB", 0, Systems.flat(pair.dB()), new double[]{0.125, 0, 0.5, 0},
                Tolerances.CLOSED_FORM);
    }

    private static DenseSsm hippo(String name, int n) {
        return DenseSsm.of(HippoMatrix.of(Measure.named(name), n), 0.03, new double[][]{Systems.input(n, SEED)},
                new double[]{0.7});
    }
}
