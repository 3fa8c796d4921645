package s4j.train.report;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import s4j.hippo.Measure;
import s4j.hippo.Projection;
import s4j.math.Complex;
import s4j.ssm.DiagonalRecurrence;
import s4j.ssm.DiagonalSsm;
import s4j.ssm.Discretization;
import s4j.ssm.Dplr;
import s4j.ssm.SsmInit;

/**
 * What the page on HiPPO shows, from s4-core. A signal of {@value #SAMPLES} values over {@value #TIME} units of time, straight lines
 * between them, has the coefficients {@code c = W f}; column j of W holds those of the hat function of sample j. W and the basis are
 * of the largest size; fewer coefficients are its first ones.
 */
final class TheoryNumbers {
    static final int SAMPLES = 128;
    static final int PLACES = 128;
    static final int MOST = 256;
    static final double TIME = 4;
    private static final int PAIRS = 8;
    private static final double DT = 0.05;

    /** Everything as JSON values. */
    static Map<String, @Nullable Object> all(double @Nullable [] signal) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("samples", SAMPLES);
        out.put("places", PLACES);
        out.put("most", MOST);
        out.put("time", TIME);
        Map<String, Object> projections = new LinkedHashMap<>();
        projections.put("legs", packed(projection(Projection.of(new Measure.LegS(), MOST))));
        projections.put("legt", packed(projection(Projection.of(new Measure.LegT(), MOST))));
        projections.put("fout", packed(projection(Projection.of(Measure.Fourier.FOURIER, MOST))));
        out.put("projections", projections);
        out.put("bases", Map.of("legendre", packed(basis(Projection.of(new Measure.LegS(), MOST))), "fourier",
                packed(basis(Projection.of(Measure.Fourier.FOURIER, MOST)))));
        out.put("system", system());
        out.put("signal", signal == null ? null : Arrays.stream(signal).boxed().toList());
        return out;
    }

    /** W {@code [n, samples]}. */
    static float[] projection(Projection p) {
        float[] w = new float[MOST * SAMPLES];
        double width = TIME / (SAMPLES - 1);
        for (int j = 0; j < SAMPLES; j++) {
            double middle = j * width;
            double[] c = p.coefficients(t -> Math.max(0, 1 - Math.abs(t - middle) / width), TIME);
            for (int n = 0; n < MOST; n++) {
                w[n * SAMPLES + j] = (float) c[n];
            }
        }
        return w;
    }

    /** g {@code [n, places]}: what each coefficient alone reconstructs, from the far end of the history to now. */
    static float[] basis(Projection p) {
        float[] g = new float[MOST * PLACES];
        for (int n = 0; n < MOST; n++) {
            double[] one = new double[MOST];
            one[n] = 1;
            for (int i = 0; i < PLACES; i++) {
                g[n * PLACES + i] = (float) p.reconstruct(one, i / (PLACES - 1.0));
            }
        }
        return g;
    }

    private static String packed(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static DiagonalSsm s4d() {
        Dplr init = SsmInit.create(List.of("diag-lin"), 2 * PAIRS, 1, 1, SsmInit.Options.DEFAULTS,
                new SplittableRandom(0)).getFirst();
        SplittableRandom random = new SplittableRandom(7);
        Complex[][] c = new Complex[1][PAIRS];
        Arrays.setAll(c[0], i -> Complex.of(random.nextGaussian(), random.nextGaussian()));
        return new DiagonalSsm(new double[]{DT}, init.lambda(), init.b(), c, new double[1]);
    }

    private static Map<String, Object> system() {
        DiagonalSsm system = s4d();
        DiagonalRecurrence r = system.recurrence(Discretization.ZOH);
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("da", pairs(r.dA()));
        out.put("db", pairs(r.dB()));
        out.put("c", pairs(r.c()[0]));
        out.put("kernel", Arrays.stream(system.kernel(Discretization.ZOH, SAMPLES)[0]).boxed().toList());
        return out;
    }

    private static List<List<Double>> pairs(Complex[] z) {
        return Arrays.stream(z).map(x -> List.of(x.re(), x.im())).toList();
    }

    /** Root mean square error of a mode's state against its exact solution for u = sin 3t, by step. */
    static LineChart discretization() {
        double[] steps = new double[10];
        Arrays.setAll(steps, i -> 0.4 / Math.pow(2, i));
        List<LineChart.Series> series = new ArrayList<>();
        for (Discretization disc : Discretization.values()) {
            series.add(new LineChart.Series(disc == Discretization.ZOH ? "zero-order hold" : "bilinear", steps,
                    Arrays.stream(steps).map(dt -> error(disc, dt)).toArray(), true));
        }
        return new LineChart("Discretisation error against dt",
                "Root mean square error of the state of one mode, a = -1/2 + i pi, for u = sin 3t over 4 units of time",
                "dt; upwards error", series, LineChart.Scale.LOG_LOG, 520, 300);
    }

    static double error(Discretization disc, double dt) {
        Complex a = Complex.of(-0.5, Math.PI);
        Complex x = Complex.ZERO;
        double sum = 0;
        int steps = (int) Math.round(TIME / dt);
        for (int k = 1; k <= steps; k++) {
            x = disc.transition(a, dt).times(x).plus(disc.inputGain(a, dt).times(Math.sin(3 * k * dt)));
            sum += x.minus(exact(a, k * dt)).squaredAbs();
        }
        return Math.sqrt(sum / steps);
    }

    /** The solution of x' = a x + sin wt from 0: {@code (w e^(at) - w cos wt - a sin wt) / (a² + w²)}. */
    private static Complex exact(Complex a, double t) {
        double w = 3;
        Complex top = a.times(t).exp().times(w).minus(Complex.of(w * Math.cos(w * t))).minus(a.times(Math.sin(w * t)));
        return top.dividedBy(a.times(a).plus(w * w));
    }

    private TheoryNumbers() {}
}
