package s4j.ssm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import s4j.hippo.Measure;
import s4j.hippo.Nplr;
import s4j.math.Complex;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class SsmInitTest {
    private static final int N = 16;
    private static final SsmInit.Options DEFAULTS = SsmInit.Options.DEFAULTS;

    @Test
    void spectraAreThoseOfTheirFormulas() {
        double pi = Math.PI;
        requireSpectrum("lin", k -> -0.5, k -> pi * k);
        requireSpectrum("linear", k -> -0.5, k -> pi * k);
        requireSpectrum("inv", k -> -0.5, k -> N / pi * ((double) N / (2 * k + 1) - 1));
        requireSpectrum("inverse", k -> -0.5, k -> N / pi * ((double) N / (2 * k + 1) - 1));
        requireSpectrum("inv2", k -> -0.5, k -> N / pi * ((double) N / (k + 1) - 1));
        requireSpectrum("inverse2", k -> -0.5, k -> N / pi * ((double) N / (k + 1) - 1));
        requireSpectrum("quad", k -> -0.5, k -> (1 + 2 * k) * (1 + 2 * k) / pi);
        requireSpectrum("quadratic", k -> -0.5, k -> (1 + 2 * k) * (1 + 2 * k) / pi);
        requireSpectrum("real", k -> -1 - k, k -> 0);
    }

    @Test
    void legsInitialisationIsTheClippedNplrForm() {
        Nplr nplr = Nplr.of(new Measure.LegS(), N, 2, Nplr.B_CLIP);
        for (String name : List.of("legs", "diag-legs", "diag-hippo", "dplr-legs", "dplr-hippo")) {
            Dplr system = one(name, 2, DEFAULTS);
            Comparison.requireClose(name + " lambda", 0, Systems.flat(system.lambda()), Systems.flat(nplr.lambda()),
                    Tolerances.CLOSED_FORM);
            Comparison.requireClose(name + " B", 0, Systems.flat(system.b()), Systems.flat(nplr.b()), 0);
            Comparison.requireClose(name + " P", 0, Systems.flat(system.p()), Systems.flat(nplr.p()), 0);
        }
    }

    @Test
    void everyNameWorksAndIsStable() {
        for (String name : SsmInit.names()) {
            for (int n : new int[]{2, 4, 64}) {
                for (Dplr system : SsmInit.create(List.of(name), n, 2, 4, DEFAULTS, new SplittableRandom(1))) {
                    assertEquals(n / 2, system.pairs(), name);
                    assertEquals(2, system.rank(), name);
                    for (Complex z : system.lambda()) {
                        assertTrue(z.re() <= 0 && z.im() <= 0, name + " " + z);
                    }
                }
            }
        }
    }

    @Test
    void diagonalNamesHaveNoLowRankTermAndDplrNamesDo() {
        for (Complex z : one("diag-lin", 1, DEFAULTS).p()[0]) {
            assertEquals(0, z.abs());
        }
        double norm = 0;
        for (Complex z : one("dplr-lin", 1, DEFAULTS).p()[0]) {
            norm += z.squaredAbs();
        }
        assertTrue(norm > 0.1, "norm " + norm);
    }

    @Test
    void combinationsShareTheCopiesOutInOrder() {
        requireOrder("hippo", 4, List.of("legs", "legs", "fourier", "fourier"));
        requireOrder("diag", 2, List.of("diag-inv", "diag-lin"));
        requireOrder("all", 8, List.of("legs", "legs", "fourier", "fourier", "diag-inv", "diag-inv", "diag-lin",
                "diag-lin"));
        List<Dplr> own = SsmInit.create(List.of("diag-quad", "legs"), N, 1, 2, DEFAULTS, new SplittableRandom(1));
        assertEquals(one("diag-quad", 1, DEFAULTS).lambda()[3], own.get(0).lambda()[3]);
        assertEquals(one("legs", 1, DEFAULTS).lambda()[3], own.get(1).lambda()[3]);
    }

    @Test
    void optionsScaleWhatTheyName() {
        Dplr plain = one("diag-lin", 1, DEFAULTS);
        Dplr scaled = one("diag-lin", 1, options("alternating", 2, 3, 0.5, false));
        for (int k = 0; k < N / 2; k++) {
            assertEquals(2 * plain.lambda()[k].re(), scaled.lambda()[k].re());
            assertEquals(3 * plain.lambda()[k].im(), scaled.lambda()[k].im(), Tolerances.CLOSED_FORM);
            assertEquals(Complex.of(k % 2 == 0 ? 0.5 : -0.5).re(), scaled.b()[k].re());
        }
        Dplr clockwise = one("diag-lin", 1, options("unit-cw", 1, 1, 1, false));
        Dplr counter = one("diag-lin", 1, options("unit-ccw", 1, 1, 1, false));
        for (int k = 0; k < N / 2; k++) {
            Complex expected = Complex.polar(1, -2 * Math.PI * k / N);
            assertTrue(clockwise.b()[k].minus(expected).abs() < Tolerances.CLOSED_FORM);
            assertTrue(counter.b()[k].minus(expected.conjugate()).abs() < Tolerances.CLOSED_FORM);
        }
        Dplr hippo = one("diag-lin", 1, options("hippo", 1, 1, 1, false));
        Comparison.requireClose("B of LegS", 0, Systems.flat(hippo.b()),
                Systems.flat(Nplr.of(new Measure.LegS(), N, 1, 2).b()), 0);
    }

    @Test
    void normalizedInputHasUnitVarianceOfTheIntegral() {
        Dplr system = one("diag-inv", 1, options("random", 1, 1, 1, true));
        double zeta = 0;
        for (int k = 0; k < N / 2; k++) {
            zeta += 2 * system.b()[k].dividedBy(system.lambda()[k]).squaredAbs();
        }
        assertEquals(1, zeta, Tolerances.CLOSED_FORM);
    }

    @Test
    void randomOptionsDrawInTheirRangesAndDifferBetweenCopies() {
        SsmInit.Options random = new SsmInit.Options(1, 1, true, true, "random", 1, 1, false);
        for (String name : List.of("diag-lin", "diag-real", "dplr-rand")) {
            List<Dplr> copies = SsmInit.create(List.of(name), 64, 1, 2, random, new SplittableRandom(2));
            assertNotEquals(copies.get(0).lambda()[3], copies.get(1).lambda()[3], name);
            for (Complex z : copies.get(0).lambda()) {
                assertTrue(-z.re() >= 0 && -z.re() < (name.equals("diag-real") ? 32 : 1), name + " " + z);
                assertTrue(!name.equals("diag-lin") || -z.im() < Math.PI * 32, name + " " + z);
            }
        }
    }

    @Test
    void sameSeedGivesTheSameSystems() {
        Dplr once = one("dplr-rand", 2, DEFAULTS);
        Dplr again = one("dplr-rand", 2, DEFAULTS);
        Comparison.requireClose("lambda", 9, Systems.flat(once.lambda()), Systems.flat(again.lambda()), 0);
        Comparison.requireClose("P", 9, Systems.flat(once.p()), Systems.flat(again.p()), 0);
    }

    @Test
    void wrongInputIsRefusedWithWhatIsExpected() {
        String unknown = Refusal.messageOf(() -> one("diag-linn", 1, DEFAULTS));
        assertTrue(unknown.startsWith("unknown init diag-linn; did you mean diag-lin? Known: legs, legt, "), unknown);
        assertTrue(
                Refusal.messageOf(() -> one("legz", 1, DEFAULTS)).startsWith("unknown init legz; did you mean legs?"));
        assertEquals("initialisation [hippo]: n_ssm 3; expected a multiple of 2, the number of combined inits"
                + " [legs, fourier]",
                Refusal.messageOf(() -> SsmInit.create(List.of("hippo"), N, 1, 3, DEFAULTS, new SplittableRandom(1))));
        assertEquals("initialisation [legs]: d_state 5; expected an even size of at least 2 (N/2 conjugate pairs are"
                + " stored)",
                Refusal.messageOf(() -> SsmInit.create(List.of("legs"), 5, 1, 1, DEFAULTS, new SplittableRandom(1))));
        assertTrue(Refusal.messageOf(() -> one("legs", 1, options("random", 1, 1, 1, false)))
                .endsWith("expected the defaults, as only diag-* and dplr-* read them"));
        assertTrue(Refusal.messageOf(() -> one("diag-lin", 1, options("constnat", 1, 1, 1, false)))
                .startsWith("unknown B_init constnat; did you mean constant?"));
        assertTrue(Refusal.messageOf(() -> one("diag-lin", 1, options("constant", -1, 1, 1, false)))
                .endsWith("expected real and imaginary part at most 0"));
    }

    private static SsmInit.Options options(String bInit, double real, double imag, double b, boolean normalize) {
        return new SsmInit.Options(real, imag, false, false, bInit, b, 1, normalize);
    }

    private static Dplr one(String name, int rank, SsmInit.Options options) {
        return SsmInit.create(List.of(name), N, rank, 1, options, new SplittableRandom(9)).getFirst();
    }

    private static void requireSpectrum(String name, IntToDoubleFunction re, IntToDoubleFunction frequency) {
        Dplr system = one("diag-" + name, 1, DEFAULTS);
        for (int k = 0; k < N / 2; k++) {
            assertEquals(re.applyAsDouble(k), system.lambda()[k].re(), name);
            assertEquals(-frequency.applyAsDouble(k), system.lambda()[k].im(), 1e-12, name + " " + k);
            assertEquals(Complex.ONE, system.b()[k], name);
        }
    }

    private static void requireOrder(String name, int copies, List<String> expected) {
        List<Dplr> got = SsmInit.create(List.of(name), N, 1, copies, DEFAULTS, new SplittableRandom(1));
        for (int i = 0; i < copies; i++) {
            Comparison.requireClose(name + " copy " + i, 1, Systems.flat(got.get(i).lambda()),
                    Systems.flat(one(expected.get(i), 1, DEFAULTS).lambda()), 0);
        }
    }
}
