package s4j.ssm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.math.Complex;
import s4j.math.RealMatrix;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

class DplrStepTest {
    private static final long SEED = 77;

    @ParameterizedTest
    @CsvSource({"legs,1", "fourier,1", "legt,2", "dplr-lin,1", "dplr-lin,2", "dplr-inv,3"})
    void oneLowRankTermIsTheWholeStep(String init, int rank) {
        for (int stateSize : Systems.STATES) {
            DplrSsm ssm = Systems.dplr(init, stateSize, rank, 2, SEED);
            DplrStep step = DplrStep.of(ssm.dt(), ssm.system());
            Complex[] state = ssm.recurrence().zeroState();
            double[] u = Systems.input(50, SEED);
            Complex[] expected = state;
            for (double v : u) {
                state = advanced(step, state, v);
                expected = ssm.recurrence().advance(expected, v);
            }
            Comparison.requireClose(init + " state, N " + stateSize, SEED, Systems.flat(state), Systems.flat(expected),
                    Tolerances.SAME_KERNEL);
        }
    }

    /** The step as the record's documentation has it. */
    private static Complex[] advanced(DplrStep step, Complex[] x, double u) {
        Complex[] next = new Complex[x.length];
        Arrays.setAll(next, i -> x[i].plus(step.e()[i].times(x[i])).plus(step.b()[i].times(u)));
        for (int j = 0; j < step.l().length; j++) {
            double s = step.beta()[j] * u;
            for (int i = 0; i < x.length; i++) {
                s += 2 * step.q()[j][i].times(x[i]).re();
            }
            for (int i = 0; i < x.length; i++) {
                next[i] = next[i].minus(step.l()[j][i].times(s));
            }
        }
        return next;
    }

    @ParameterizedTest
    @CsvSource({"legs,1", "legt,2", "dplr-inv,3"})
    void theTransitionIsTheStepWithoutInput(String init, int rank) {
        DplrSsm ssm = Systems.dplr(init, 16, rank, 1, SEED);
        RealMatrix transition = DplrStep.of(ssm.dt(), ssm.system()).transition();
        Complex[] state = new Complex[8];
        double[] flat = Systems.input(16, SEED);
        Arrays.setAll(state, i -> Complex.of(flat[2 * i], flat[2 * i + 1]));
        Comparison.requireClose(init, SEED, transition.times(flat), Systems.flat(ssm.recurrence().advance(state, 0)),
                Tolerances.CLOSED_FORM);
    }

    @ParameterizedTest
    @CsvSource({"legs,1", "fourier,1", "legt,2", "dplr-inv,3"})
    void theAttunedOutputIsThatOfTheKernelAndComesBack(String init, int rank) {
        for (int length : new int[]{1, 2, 7, 100, 1025}) {
            DplrSsm ssm = Systems.dplr(init, 16, rank, 2, SEED);
            DplrStep step = DplrStep.of(ssm.dt(), ssm.system());
            Complex[][] attuned = step.attuned(ssm.c(), length);
            Comparison.requireClose(init + " C~, L " + length, SEED, Systems.flat(attuned),
                    Systems.flat(ssm.attune(length).cTilde()), Tolerances.TRUE_C);
            Comparison.requireClose(init + " C, L " + length, SEED, Systems.flat(step.trueC(attuned, length)),
                    Systems.flat(ssm.c()), Tolerances.IDLE_STATE);
        }
    }

    @ParameterizedTest
    @CsvSource({"legs,1", "fourier,1", "legt,2", "dplr-inv,3"})
    void rootsOfUnityGiveTheTrueOutputWithoutAMatrix(String init, int rank) {
        for (int length : new int[]{1, 2, 7, 100, 1025}) {
            DplrSsm ssm = Systems.dplr(init, 16, rank, 2, SEED);
            SsmOfStepOne one = SsmOfStepOne.of(ssm);
            Complex[][] attuned = DplrStep.of(1, one.system()).attuned(one.c(), length);
            Comparison.requireClose(init + ", L " + length, SEED,
                    Systems.flat(new RootsOfUnity(one.system()).trueC(attuned, length)), Systems.flat(one.c()),
                    Tolerances.IDLE_STATE);
        }
    }

    /** dt taken into the system. */
    private record SsmOfStepOne(Dplr system, Complex[][] c) {
        static SsmOfStepOne of(DplrSsm ssm) {
            double root = Math.sqrt(ssm.dt());
            Dplr s = ssm.system();
            Complex[][] p = new Complex[s.rank()][];
            Arrays.setAll(p, r -> scaled(s.p()[r], root));
            Complex[][] c = new Complex[ssm.c().length][];
            Arrays.setAll(c, r -> scaled(ssm.c()[r], root));
            return new SsmOfStepOne(new Dplr(scaled(s.lambda(), ssm.dt()), p, scaled(s.b(), root)), c);
        }

        private static Complex[] scaled(Complex[] x, double by) {
            Complex[] y = new Complex[x.length];
            Arrays.setAll(y, i -> x[i].times(by));
            return y;
        }
    }

    @Test
    void theTrueOutputOfManyStatesTakesWorkInProportionToThem() {
        double per = DplrStep.work(32, 1, 1, 1024) / 32;
        for (int n : new int[]{64, 256, 1600}) {
            assertTrue(DplrStep.work(n, 1, 1, 1024) <= 1.01 * per * n, "n " + n);
        }
    }
}
