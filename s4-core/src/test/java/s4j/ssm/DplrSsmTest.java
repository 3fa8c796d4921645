package s4j.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import s4j.hippo.HippoMatrix;
import s4j.hippo.Measure;
import s4j.hippo.Nplr;
import s4j.math.Complex;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Sizes;
import s4j.testkit.Tolerances;

class DplrSsmTest {
    private static final long SEED = 31;

    /** Initialisations with the ranks that they are tried at: closed forms for 1 and 2, the general one above. */
    private record Case(String init, int rank) {}

    private static final Case[] CASES = {new Case("legs", 1), new Case("fourier", 1), new Case("legt", 2),
            new Case("dplr-lin", 1), new Case("dplr-lin", 2), new Case("dplr-inv", 3), new Case("legs", 3)};

    @Test
    void convolutionEqualsRecurrence() {
        for (int length : Sizes.all()) {
            for (int n : new int[]{2, 16}) {
                DplrSsm ssm = Systems.dplr("legs", n, 1, 2, SEED);
                double[] u = Systems.input(length, SEED);
                Comparison.requireClose("L " + length + ", N " + n, SEED,
                        Systems.convolved(ssm.kernel(length), ssm.d(), u), ssm.recurrence().scan(u).y(),
                        Tolerances.SAME_KERNEL);
            }
        }
    }

    @Test
    void dplrKernelEqualsDenseKernel() {
        for (Case test : CASES) {
            for (int n : Systems.STATES) {
                for (int length : new int[]{1, 2, 7, 64, 207}) {
                    DplrSsm ssm = Systems.dplr(test.init(), n, test.rank(), 2, SEED);
                    Comparison.requireClose(test + ", N " + n + ", L " + length, SEED, ssm.kernel(length),
                            ssm.dense().kernel(Discretization.BILINEAR, length), Tolerances.SAME_KERNEL);
                }
            }
        }
    }

    @Test
    void oLinearStepEqualsDenseStep() {
        for (Case test : CASES) {
            for (int n : Systems.STATES) {
                DplrSsm ssm = Systems.dplr(test.init(), n, test.rank(), 2, SEED);
                double[] u = Systems.input(50, SEED);
                Recurrence.Scan fast = ssm.recurrence().scan(u);
                Recurrence.Scan dense = ssm.dense().recurrence(Discretization.BILINEAR).scan(u);
                Comparison.requireClose(test + " output, N " + n, SEED, fast.y(), dense.y(), Tolerances.SAME_KERNEL);
                Comparison.requireClose(test + " state, N " + n, SEED, Systems.flat(fast.state()),
                        Systems.flat(Pairs.half(dense.state())), Tolerances.SAME_KERNEL);
            }
        }
    }

    @Test
    void hippoInItsOwnBasisHasTheSameKernel() {
        // A, B dense and real against NPLR without clipping: C in the eigenbasis is C V
        for (int n : new int[]{2, 8, 64}) {
            Measure legs = new Measure.LegS();
            Nplr nplr = Nplr.of(legs, n, 1);
            double[] c = Systems.input(n, SEED);
            Complex[] turned = new Complex[n / 2];
            for (int j = 0; j < n / 2; j++) {
                Complex sum = Complex.ZERO;
                for (int i = 0; i < n; i++) {
                    sum = sum.plus(nplr.v().at(i, j).times(c[i]));
                }
                turned[j] = sum;
            }
            DplrSsm ssm = new DplrSsm(0.01, Dplr.of(nplr), new Complex[][]{turned}, new double[1]);
            DenseSsm dense = DenseSsm.of(HippoMatrix.of(legs, n), 0.01, new double[][]{c}, new double[1]);
            Comparison.requireClose("N " + n, SEED, ssm.kernel(100), dense.kernel(Discretization.BILINEAR, 100),
                    Tolerances.SAME_KERNEL);
        }
    }

    @Test
    void lengthDoublingEqualsLongerKernel() {
        for (int length : new int[]{1, 3, 16, 100}) {
            DplrSsm ssm = Systems.dplr("legs", 16, 1, 2, SEED);
            AttunedDplrSsm doubled = ssm.attune(length).doubled();
            assertEquals(2 * length, doubled.length());
            Comparison.requireClose("kernel of twice " + length, SEED, doubled.kernel(), ssm.kernel(2 * length),
                    Tolerances.SAME_KERNEL);
            Comparison.requireClose("C~ of twice " + length, SEED, Systems.flat(doubled.cTilde()),
                    Systems.flat(ssm.attune(2 * length).cTilde()), Tolerances.SAME_KERNEL);
        }
    }

    @Test
    void trueOutputComesBackFromTheAttunedOne() {
        for (Case test : CASES) {
            DplrSsm ssm = Systems.dplr(test.init(), 16, test.rank(), 2, SEED);
            Comparison.requireClose(test.toString(), SEED, Systems.flat(ssm.attune(100).trueC().c()),
                    Systems.flat(ssm.c()),
                    Tolerances.TRUE_C);
        }
    }

    @Test
    void longerKernelAtRateOneIsDoubledAndCut() {
        DplrSsm ssm = Systems.dplr("legs", 16, 1, 1, SEED);
        Comparison.requireClose("150 of 100", SEED, ssm.attune(100).kernel(150, 1), ssm.kernel(150),
                Tolerances.SAME_KERNEL);
        Comparison.requireClose("40 of 100", SEED, ssm.attune(100).kernel(40, 1), ssm.kernel(40),
                Tolerances.SAME_KERNEL);
    }

    @Test
    void rateMultipliesDt() {
        DplrSsm ssm = Systems.dplr("legs", 16, 1, 2, SEED);
        assertEquals(ssm.dt() * 0.5, ssm.atRate(0.5).dt());
        DplrSsm other = new DplrSsm(ssm.dt() * 2, ssm.system(), ssm.c(), ssm.d());
        Comparison.requireClose("rate 2", SEED, ssm.atRate(2).kernel(50), other.kernel(50), 0);
        // the official form at rate 2: a system of twice the step whose C~ was made with the old one
        AttunedDplrSsm attuned = ssm.attune(100);
        AttunedDplrSsm official = new AttunedDplrSsm(ssm.dt() * 2, ssm.system(), attuned.cTilde(), ssm.d(), 50);
        Comparison.requireClose("official rate 2", SEED, attuned.kernel(50, 2), official.kernel(), 0);
    }

    @Test
    void officialRateChangeIsCloseToTheExactOne() {
        DplrSsm ssm = Systems.dplr("legs", 16, 1, 1, SEED);
        double error = Comparison.relativeError(Comparison.joined(ssm.attune(1000).kernel(500, 2)),
                Comparison.joined(ssm.atRate(2).kernel(500)));
        // dA^L has died out at L = 1000, so that both C~ are C
        assertEquals(0, error, 1e-6);
    }

    @Test
    void wrongInputIsRefusedWithWhatIsExpected() {
        DplrSsm ssm = Systems.dplr("legs", 4, 1, 1, SEED);
        Dplr none = new Dplr(ssm.system().lambda(), new Complex[0][], ssm.system().b());
        assertEquals("DPLR SSM: rank 0; expected at least 1. Use DiagonalSsm without P",
                Refusal.messageOf(() -> new DplrSsm(0.1, none, ssm.c(), ssm.d())));
        assertEquals("DPLR: P[0] has 1 entries; expected 2", Refusal.messageOf(() -> new Dplr(ssm.system().lambda(),
                new Complex[1][1], ssm.system().b())));
        Complex[] idle = {Complex.ZERO, Complex.I};
        Dplr undamped = new Dplr(idle, ssm.system().p(), ssm.system().b());
        assertEquals("attuned DPLR SSM: lambda[0] is 0; expected a real part below 0. Set it to -1e-4, the floor"
                + " of Transform", Refusal.messageOf(() -> new DplrSsm(0.1, undamped, ssm.c(), ssm.d()).kernel(8)));
        assertEquals("kernel length 0; expected at least 1", Refusal.messageOf(() -> ssm.kernel(0)));
        assertEquals("dense SSM: dt is NaN; expected a positive finite number", Refusal.messageOf(
                () -> new DenseSsm(Double.NaN, ssm.dense().a(), ssm.dense().b(), ssm.dense().c(), ssm.d())));
    }
}
