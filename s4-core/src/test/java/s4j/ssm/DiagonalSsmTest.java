package s4j.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import s4j.math.Complex;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Sizes;
import s4j.testkit.Tolerances;

class DiagonalSsmTest {
    private static final long SEED = 21;

    @Test
    void convolutionEqualsRecurrence() {
        for (Discretization disc : Discretization.values()) {
            for (int length : Sizes.all()) {
                for (int n : Systems.STATES) {
                    DiagonalSsm ssm = Systems.diagonal("diag-inv", n, n != 16, 2, SEED);
                    double[] u = Systems.input(length, SEED);
                    Comparison.requireClose(disc + ", L " + length + ", N " + n, SEED,
                            Systems.convolved(ssm.kernel(disc, length), ssm.d(), u),
                            ssm.recurrence(disc).scan(u).y(), Tolerances.SAME_KERNEL);
                }
            }
        }
    }

    @Test
    void kernelEqualsDenseKernel() {
        for (Discretization disc : Discretization.values()) {
            for (String init : new String[]{"diag-lin", "diag-inv", "diag-real", "diag-legs"}) {
                DiagonalSsm ssm = Systems.diagonal(init, 16, true, 2, SEED);
                Comparison.requireClose(disc + " " + init, SEED, ssm.kernel(disc, 207), ssm.dense().kernel(disc, 207),
                        Tolerances.SAME_KERNEL);
            }
        }
    }

    @Test
    void float32ViewsAgreeToOneRounding() {
        for (int length : Sizes.all()) {
            DiagonalSsm drawn = Systems.diagonal("diag-inv", 16, true, 1, SEED);
            DiagonalSsm ssm = new DiagonalSsm(drawn.dt(), drawn.a(), drawn.b(), drawn.c(), new double[1]);
            float[] u = Float32.rounded(Systems.input(length, SEED));
            float[] k = Float32.rounded(ssm.kernel(Discretization.ZOH, length)[0]);
            Comparison.requireClose("float32, L " + length, SEED, Convolution.fft(k, u),
                    ssm.recurrence(Discretization.ZOH).scan(u)[0], Tolerances.FLOAT32);
        }
    }

    /** The solution for an input held over each step, written down: no state space code takes part. */
    @Test
    void zohIsExactForHeldInput() {
        DiagonalSsm ssm = Systems.diagonal("diag-lin", 16, false, 1, SEED);
        double[] u = Systems.input(20, SEED);
        double[] expected = new double[u.length];
        for (int l = 0; l < u.length; l++) {
            expected[l] = ssm.d()[0] * u[l];
            for (int j = 0; j <= l; j++) {
                for (int n = 0; n < 8; n++) {
                    // int over step j of e^(a (T - s)) ds, T the end of step l
                    Complex z = ssm.a()[n].times(ssm.step(n));
                    Complex integral = z.times(l - j + 1).exp().minus(z.times(l - j).exp()).dividedBy(ssm.a()[n]);
                    expected[l] += 2 * u[j] * ssm.c()[0][n].times(ssm.b()[n]).times(integral).re();
                }
            }
        }
        Comparison.requireClose("held input", SEED, ssm.recurrence(Discretization.ZOH).scan(u).y()[0], expected,
                Tolerances.SAME_KERNEL);
    }

    @Test
    void heldStepSurvivesTwoHalves() {
        // x(2 dt) from one step of 2 dt and from two of dt: zoh composes, for tiny steps too
        for (double dt : new double[]{1e-9, 1e-4, 0.3}) {
            Complex a = Complex.of(-0.5, -20);
            Complex half = Discretization.ZOH.inputGain(a, dt);
            Complex twice = Discretization.ZOH.transition(a, dt).times(half).plus(half);
            assertTrue(twice.minus(Discretization.ZOH.inputGain(a, 2 * dt)).abs() <= Tolerances.CLOSED_FORM * dt);
        }
        assertEquals(Complex.of(0.25), Discretization.ZOH.inputGain(Complex.ZERO, 0.25));
    }

    @Test
    void rateMultipliesDt() {
        DiagonalSsm ssm = Systems.diagonal("diag-lin", 16, true, 2, SEED);
        double[][] fine = ssm.kernel(Discretization.ZOH, 64);
        DiagonalSsm coarse = ssm.atRate(2);
        assertEquals(2 * ssm.dt()[0], coarse.dt()[0]);
        // held over two steps: the coarse kernel is the sum of two neighbours of the fine one
        double[][] expected = new double[2][32];
        for (int c = 0; c < 2; c++) {
            for (int l = 0; l < 32; l++) {
                expected[c][l] = fine[c][2 * l] + fine[c][2 * l + 1];
            }
        }
        Comparison.requireClose("rate 2", SEED, coarse.kernel(Discretization.ZOH, 32), expected,
                Tolerances.SAME_KERNEL);
    }

    @Test
    void bandlimitRemovesWhatAliases() {
        DiagonalSsm ssm = Systems.diagonal("diag-lin", 64, true, 1, SEED);
        DiagonalSsm limited = ssm.bandlimit(16 * ssm.dt()[0]);
        int kept = 0;
        for (int n = 0; n < 32; n++) {
            boolean low = n < 16; // frequency n dt / 2 below 8 dt
            kept += low ? 1 : 0;
            assertEquals(low ? ssm.c()[0][n] : Complex.ZERO, limited.c()[0][n], "mode " + n);
        }
        assertTrue(kept > 0 && kept < 32, kept + " kept");
        Comparison.requireClose("no limit", SEED, ssm.bandlimit(1e9).kernel(Discretization.ZOH, 33),
                ssm.kernel(Discretization.ZOH, 33), 0);
    }

    @Test
    void dssKernelIsItsDefinition() {
        for (double sign : new double[]{-1, 1}) {
            for (int length : new int[]{1, 2, 7, 33, 100}) {
                DiagonalSsm drawn = Systems.diagonal("diag-lin", 8, true, 1, SEED);
                Complex[] a = new Complex[4];
                Arrays.setAll(a, n -> Complex.of(sign * 0.5, -Math.PI * n));
                DiagonalSsm ssm = new DiagonalSsm(new double[]{0.05}, a, drawn.b(), drawn.c(), drawn.d());
                double[] expected = new double[length];
                for (int l = 0; l < length; l++) {
                    for (int n = 0; n < 4; n++) {
                        // C B / A times the softmax over the positions, e^(z l) / sum_j e^(z j)
                        Complex z = a[n].times(0.05);
                        Complex sum = Complex.ZERO;
                        for (int j = 0; j < length; j++) {
                            sum = sum.plus(z.times(j - l).exp());
                        }
                        expected[l] += ssm.c()[0][n].times(ssm.b()[n]).dividedBy(a[n].times(sum)).re();
                    }
                }
                Comparison.requireClose("dss, Re A " + sign * 0.5 + ", L " + length, SEED, ssm.dssKernel(length)[0],
                        expected, Tolerances.DSS_GUARD);
            }
        }
    }

    @Test
    void chunkedScanEqualsOneShot() {
        DiagonalSsm ssm = Systems.diagonal("diag-inv", 16, true, 2, SEED);
        double[] u = Systems.input(100, SEED);
        Recurrence r = ssm.recurrence(Discretization.ZOH);
        Recurrence.Scan first = r.scan(Arrays.copyOf(u, 37));
        Recurrence.Scan second = r.scan(first.state(), Arrays.copyOfRange(u, 37, 100));
        Recurrence.Scan whole = r.scan(u);
        for (int c = 0; c < 2; c++) {
            double[] joined = Comparison.joined(new double[][]{first.y()[c], second.y()[c]});
            Comparison.requireClose("chunks", SEED, joined, whole.y()[c], 0);
        }
        Comparison.requireClose("state", SEED, Systems.flat(second.state()), Systems.flat(whole.state()), 0);
    }

    @Test
    void wrongInputIsRefusedWithWhatIsExpected() {
        Complex[] one = {Complex.ONE};
        assertEquals("diagonal SSM: 2 steps for 1 states; expected 1 (tied) or one each, of at least one state",
                Refusal.messageOf(() -> new DiagonalSsm(new double[2], one, one, new Complex[][]{one}, new double[1])));
        assertEquals("diagonal SSM: dt is -1.0; expected a positive finite number", Refusal
                .messageOf(() -> new DiagonalSsm(new double[]{-1}, one, one, new Complex[][]{one}, new double[1])));
        assertEquals("diagonal SSM: C has 1 channels, D 2; expected equal numbers of at least 1", Refusal
                .messageOf(() -> new DiagonalSsm(new double[]{1}, one, one, new Complex[][]{one}, new double[2])));
        DiagonalSsm ssm = Systems.diagonal("diag-lin", 4, true, 1, SEED);
        assertEquals("kernel length 0; expected at least 1",
                Refusal.messageOf(() -> ssm.kernel(Discretization.ZOH, 0)));
        assertEquals("step: state of 3 entries; expected 2, start from zeroState()",
                Refusal.messageOf(() -> ssm.recurrence(Discretization.ZOH).step(new Complex[3], 1)));
        assertEquals("sampling rate is 0.0; expected a positive finite number", Refusal.messageOf(() -> ssm.atRate(0)));
    }
}
