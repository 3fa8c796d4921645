package s4j.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.kernel.vandermonde.VandermondeSums;
import s4j.math.Complex;
import s4j.model.S4LayerConfig.Disc;
import s4j.ssm.DiagonalRecurrence;
import s4j.ssm.DiagonalSsm;
import s4j.ssm.Discretization;
import s4j.ssm.Recurrence;

/** S4D: kernels by Vandermonde sums, steps by {@link DiagonalSteps}. */
final class DiagonalForms implements SsmForms {
    private final Machine machine;
    private final int h;
    private final int n;
    private final int rows;
    private final @Nullable Disc disc;
    private final List<DiagonalSsm> systems = new ArrayList<>();

    DiagonalForms(SsmParameters parameters, @Nullable Disc disc, double rate, Machine machine) {
        this.machine = machine;
        this.h = parameters.h;
        this.n = parameters.n;
        this.rows = parameters.rows;
        this.disc = disc;
        for (int f = 0; f < h; f++) {
            systems.add(parameters.diagonal(f, rate));
        }
    }

    DiagonalRecurrence discrete(int f) {
        return systems.get(f).recurrence(disc == Disc.BILINEAR ? Discretization.BILINEAR : Discretization.ZOH);
    }

    @Override
    public Recurrence recurrence(int f) { return discrete(f); }

    @Override
    public List<Mode> modes(int f) { return Modes.of(systems.get(f), discrete(f)); }

    @Override
    public List<Complex> diagonal(int f) { return List.of(systems.get(f).a()); }

    @Override
    public double dt(int f) { return SsmForms.mean(systems.get(f).dt()); }

    @Override
    public float[] kernel(int length) {
        float[] k = new float[Math.multiplyExact(Math.multiplyExact(rows, h), length)];
        if (disc == Disc.DSS) {
            for (int f = 0; f < h; f++) {
                double[][] one = systems.get(f).dssKernel(length);
                for (int r = 0; r < rows; r++) {
                    for (int t = 0; t < length; t++) {
                        k[(r * h + f) * length + t] = (float) one[r][t];
                    }
                }
            }
            return k;
        }
        double[] w = new double[2 * rows * h * n];
        double[] z = new double[2 * h * n];
        for (int f = 0; f < h; f++) {
            DiagonalRecurrence one = discrete(f);
            for (int i = 0; i < n; i++) {
                put(z, f * n + i, one.dA()[i]);
                for (int r = 0; r < rows; r++) {
                    put(w, (r * h + f) * n + i, one.c()[r][i].times(one.dB()[i]));
                }
            }
        }
        double[] sums = new VandermondeSums(machine.backend(), machine.workers(), rows, h, n, length, w, z).forward();
        for (int i = 0; i < k.length; i++) {
            k[i] = (float) sums[i];
        }
        return k;
    }

    private static void put(double[] pairs, int at, Complex z) {
        pairs[2 * at] = z.re();
        pairs[2 * at + 1] = z.im();
    }

    private DiagonalRecurrence[] all() {
        DiagonalRecurrence[] all = new DiagonalRecurrence[h];
        Arrays.setAll(all, this::discrete);
        return all;
    }

    @Override
    public Steps steps(float[] skip, int stride) {
        return new DiagonalSteps(machine.backend(), List.of(all()), skip, stride);
    }

    @Override
    public Steps reference(float[] skip, int stride) { return DoubleSteps.diagonal(all(), skip, stride); }
}
