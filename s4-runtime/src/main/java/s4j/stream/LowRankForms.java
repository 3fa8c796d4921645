package s4j.stream;

import java.util.Arrays;
import java.util.List;
import s4j.kernel.cauchy.CauchySums;
import s4j.math.Complex;
import s4j.math.SplitComplex;
import s4j.ssm.AttunedDplrSsm;
import s4j.ssm.CauchyKernel;
import s4j.ssm.Discretization;
import s4j.ssm.DplrSsm;
import s4j.ssm.DplrStep;
import s4j.ssm.Recurrence;

/**
 * S4: kernels by Cauchy sums at the roots of unity, steps by {@link LowRankSteps}, both with the true C = C̃ (I − dA^L)^-1 of
 * the rate 1, so that they agree at every length and rate.
 */
final class LowRankForms implements SsmForms {
    /**
     * Largest dt |λ| that float32 steps take. Beyond, the bilinear rule brings dA so close to −1 and the true C so far above C̃ (1e7
     * times at 1e8) that what the modes leave of each other is below float32: such layers step in float64, more slowly. No initialisation
     * comes near: HiPPO's of 64 states has 1e2 at dt 0.1.
     */
    static final double STIFF = 1e7;

    private final Machine machine;
    private final SsmParameters parameters;
    private final double rate;
    private final SsmParameters.LowRank[] systems;

    LowRankForms(SsmParameters parameters, double rate, Machine machine) {
        this.machine = machine;
        this.parameters = parameters;
        this.rate = rate;
        this.systems = new SsmParameters.LowRank[parameters.h];
        machine.workers().forEach(parameters.h, f -> {
            SsmParameters.LowRank attuned = parameters.attuned(f);
            Complex[][] c = DplrStep.trueC(attuned.system(), attuned.c(), parameters.lKernel);
            systems[f] = parameters.atRate(f, rate, c);
        });
    }

    private DplrSsm system(int f) {
        return new DplrSsm(1, systems[f].system(), systems[f].c(), new double[parameters.rows]);
    }

    @Override
    public Recurrence recurrence(int f) { return system(f).recurrence(); }

    @Override
    public List<Mode> modes(int f) { return Modes.of(system(f).dense().recurrence(Discretization.BILINEAR), dt(f)); }

    @Override
    public List<Complex> diagonal(int f) { return List.of(parameters.a(f)); }

    @Override
    public double dt(int f) { return SsmForms.mean(parameters.dt(f)) * rate; }

    /** At rate 1 up to L from C̃ as it is trained; else C is attuned to the length. */
    @Override
    public float[] kernel(int length) {
        boolean trained = rate == 1 && length <= parameters.lKernel && parameters.lKernel <= 4L * length;
        int nodes = trained ? (int) parameters.lKernel : length;
        int h = parameters.h;
        float[] k = new float[Math.multiplyExact(Math.multiplyExact(parameters.rows, h), length)];
        machine.workers().forEach(h, f -> {
            SsmParameters.LowRank s = trained ? parameters.attuned(f) : systems[f];
            Complex[][] c = trained ? s.c() : DplrStep.of(1, s.system()).attuned(s.c(), nodes);
            double[][] one = new AttunedDplrSsm(1, s.system(), c, new double[parameters.rows], nodes)
                    .kernel(new Sums());
            for (int r = 0; r < parameters.rows; r++) {
                for (int t = 0; t < length; t++) {
                    k[(r * h + f) * length + t] = (float) one[r][t];
                }
            }
        });
        return k;
    }

    /** {@link CauchySums} of one feature, in the words of {@link CauchyKernel}: twice as large. */
    private final class Sums implements CauchyKernel {
        @Override
        public SplitComplex resolvents(SplitComplex v, SplitComplex a, int m, int n, int length) {
            double[] sums = new CauchySums(machine.backend(), machine.sequential(), m, 1, n, length, pairs(v),
                    pairs(a)).forward();
            int nodes = length / 2 + 1;
            double[] re = new double[m * nodes];
            double[] im = new double[m * nodes];
            for (int i = 0; i < re.length; i++) {
                re[i] = 2 * sums[2 * i];
                im[i] = 2 * sums[2 * i + 1];
            }
            return new SplitComplex(re, im);
        }

        private static double[] pairs(SplitComplex z) {
            double[] pairs = new double[2 * z.re().length];
            for (int i = 0; i < z.re().length; i++) {
                pairs[2 * i] = z.re()[i];
                pairs[2 * i + 1] = z.im()[i];
            }
            return pairs;
        }
    }

    /** The real step of feature f at the step 1. */
    DplrStep step(int f) { return DplrStep.of(1, systems[f].system()); }

    /** Its true C {@code [c][n]}. */
    Complex[][] c(int f) { return systems[f].c(); }

    private DplrStep[] all() {
        DplrStep[] steps = new DplrStep[parameters.h];
        Arrays.setAll(steps, this::step);
        return steps;
    }

    private Complex[][][] outputs() {
        Complex[][][] c = new Complex[parameters.h][][];
        Arrays.setAll(c, f -> systems[f].c());
        return c;
    }

    @Override
    public Steps steps(float[] skip, int stride) { return stiff() ? reference(skip, stride) : single(skip, stride); }

    /** The recurrence in float32. */
    Steps single(float[] skip, int stride) {
        return new LowRankSteps(machine.backend(), all(), outputs(), skip, stride);
    }

    /** Whether a mode of a feature is beyond {@link #STIFF}. */
    boolean stiff() {
        return Arrays.stream(systems)
                .flatMap(s -> Arrays.stream(s.system().lambda()))
                .anyMatch(lambda -> lambda.abs() > STIFF);
    }

    @Override
    public Steps reference(float[] skip, int stride) { return DoubleSteps.lowRank(all(), outputs(), skip, stride); }
}
