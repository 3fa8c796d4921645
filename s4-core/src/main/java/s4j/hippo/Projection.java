package s4j.hippo;

import java.util.function.DoubleUnaryOperator;
import s4j.math.GaussLegendre;

/**
 * What a HiPPO state means: the coefficients of the history of f in an orthonormal basis, and the history read back from
 * them.
 *
 * <pre>
 * c_n(t) = int_0^1 f(x(t, s)) g_n(s) ds,      f(x(t, s)) ~ sum_n c_n(t) g_n(s)
 * LegS:  x = t s             g_n = sqrt(2n+1) P_n(2s - 1)
 * LegT:  x = t - 2 + 2s      the same g_n
 * FouT:  x = t - 2 + 2s      g_0 = 1, g_1 = 0, g_2k = sqrt 2 cos(2 pi k s), g_2k+1 = -sqrt 2 sin(2 pi k s)
 * </pre>
 *
 * <p>For LegS {@code t c' = A c + B f(t)}; for LegT and FouT {@code c' = A c + B f(t)} where f on the window lies in the
 * span of the basis. Source: HiPPO (2008.07669), theorems 1 and 2; How to train your HiPPO (2206.12037).
 */
public final class Projection {
    private final Measure measure;
    private final int size;
    private final GaussLegendre rule;

    private Projection(Measure measure, int size, GaussLegendre rule) {
        this.measure = measure;
        this.size = size;
        this.rule = rule;
    }

    /**
     * For LegS, LegT and Fourier (FouT). Integrals are exact to rounding for polynomials of degree below 3 n, and for
     * functions as smooth.
     *
     * @param n number of coefficients
     */
    public static Projection of(Measure measure, int n) {
        boolean known = switch (measure) {
            case Measure.LegS() -> true;
            case Measure.LegT() -> true;
            case Measure.Fourier kind -> kind == Measure.Fourier.FOURIER;
            case Measure.LegSD _,Measure.Lmu _,Measure.LagT _,Measure.TLagT _,Measure.GLagT _,Measure.RandomDense _,Measure.RandomDiagonal _ ->
                false;
        };
        if (!known || n < 1) {
            throw new IllegalArgumentException("projection of " + measure.label() + " with " + n
                    + " coefficients; expected legs, legt or fourier with at least 1");
        }
        return new Projection(measure, n, GaussLegendre.of(2 * n + 32));
    }

    /** Coefficients {@code [n]} of the history of f up to time t; for LegS t > 0. */
    public double[] coefficients(DoubleUnaryOperator f, double t) {
        if (measure instanceof Measure.LegS && !(t > 0)) {
            throw new IllegalArgumentException("LegS projection at t = " + t + "; expected t > 0, the past is [0, t]");
        }
        double[] c = new double[size];
        for (int q = 0; q < rule.nodes().length; q++) {
            double s = rule.nodes()[q];
            double weighted = rule.weights()[q] * f.applyAsDouble(time(t, s));
            double[] g = basis(s);
            for (int n = 0; n < size; n++) {
                c[n] += weighted * g[n];
            }
        }
        return c;
    }

    /** The value at place s of the history, 0 its far end and 1 now: {@code sum_n c_n g_n(s)}, at time {@link #time}. */
    public double reconstruct(double[] c, double s) {
        double[] g = basis(s);
        double sum = 0;
        for (int n = 0; n < size; n++) {
            sum += c[n] * g[n];
        }
        return sum;
    }

    /** The time that place s of the history up to t stands for. */
    public double time(double t, double s) {
        return measure instanceof Measure.LegS ? t * s : t - 2 + 2 * s;
    }

    private double[] basis(double s) {
        if (measure instanceof Measure.Fourier) {
            double[] g = new double[size];
            for (int n = 0; n < size; n++) {
                int frequency = n / 2;
                double angle = 2 * Math.PI * frequency * s;
                double scale = n < 2 ? 1 : Math.sqrt(2);
                g[n] = scale * (n % 2 == 0 ? Math.cos(angle) : -Math.sin(angle));
            }
            return g;
        }
        double[] g = GaussLegendre.legendre(size, 2 * s - 1);
        for (int n = 0; n < size; n++) {
            g[n] *= Math.sqrt(2 * n + 1);
        }
        return g;
    }
}
