package s4j.hippo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import s4j.math.GaussLegendre;
import s4j.testkit.Comparison;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

class ProjectionTest {
    private static final long SEED = 3;
    private static final int[] STATES = {1, 2, 3, 8, 16, 33, 64};

    @Test
    void hippoReconstructsPolynomial() {
        for (int n : STATES) {
            double t = 1.7;
            for (Measure measure : new Measure[]{new Measure.LegS(), new Measure.LegT()}) {
                Projection projection = Projection.of(measure, n);
                Polynomial f = Polynomial.draw(n);
                double[] c = projection.coefficients(f::value, t);
                double[] expected = new double[41];
                double[] actual = new double[41];
                for (int i = 0; i <= 40; i++) {
                    expected[i] = f.value(projection.time(t, i / 40.0));
                    actual[i] = projection.reconstruct(c, i / 40.0);
                }
                Comparison.requireClose(measure.label() + " reconstruction, N " + n, SEED, actual, expected,
                        Tolerances.RECONSTRUCTION);
            }
        }
    }

    /** With x = t s the derivative passes under the integral: t c' are the coefficients of x f'(x). */
    @Test
    void legsCoefficientsSatisfyTheirDifferentialEquation() {
        for (int n : STATES) {
            for (double t : new double[]{0.3, 1.7, 12}) {
                Polynomial f = Polynomial.draw(n).scaledTo(t);
                double[] c = Projection.of(new Measure.LegS(), n).coefficients(f::value, t);
                double[] derivative = Projection.of(new Measure.LegS(), n)
                        .coefficients(x -> x * f.derivative(x), t);
                requireEquation("legs, N " + n + ", t " + t, new Measure.LegS(), c, derivative, f.value(t));
            }
        }
    }

    @Test
    void legsEquationHoldsForAnyFunctionNotOnlyForPolynomials() {
        // the far end of the window [0, t] does not move, so LegS is exact whatever f is
        double t = 2.5;
        Projection projection = Projection.of(new Measure.LegS(), 12);
        double[] c = projection.coefficients(x -> Math.sin(3 * x + 1), t);
        double[] derivative = projection.coefficients(x -> 3 * x * Math.cos(3 * x + 1), t);
        requireEquation("legs of a sine", new Measure.LegS(), c, derivative, Math.sin(3 * t + 1));
    }

    @Test
    void slidingWindowCoefficientsSatisfyTheirDifferentialEquation() {
        for (int n : STATES) {
            double t = 1.7;
            Polynomial f = Polynomial.draw(n);
            Projection projection = Projection.of(new Measure.LegT(), n);
            requireEquation("legt, N " + n, new Measure.LegT(), projection.coefficients(f::value, t),
                    projection.coefficients(f::derivative, t), f.value(t));
        }
        for (int n : new int[]{4, 8, 32}) {
            double t = 0.4;
            int top = n / 2 - 1;
            DoubleUnaryOperator f = x -> 0.3 + Math.cos(Math.PI * top * x + 0.7);
            Projection projection = Projection.of(Measure.Fourier.FOURIER, n);
            requireEquation("fourier, N " + n, Measure.Fourier.FOURIER, projection.coefficients(f, t),
                    projection.coefficients(x -> -Math.PI * top * Math.sin(Math.PI * top * x + 0.7), t),
                    f.applyAsDouble(t));
        }
    }

    @Test
    void bilinearRecurrenceConvergesAtOrderTwo() {
        int n = 8;
        DoubleUnaryOperator f = x -> Math.sin(4 * x) + 0.3 * x;
        Projection projection = Projection.of(new Measure.LegS(), n);
        double[] exact = projection.coefficients(f, 2);
        double[] errors = new double[3];
        for (int i = 0; i < 3; i++) {
            int steps = 100 << i;
            double dt = 1.0 / steps;
            double[] c = projection.coefficients(f, 1);
            for (int k = 0; k < steps; k++) {
                double t = 1 + k * dt;
                c = ScaledMemory.of(n).advance(c, t, dt, f.applyAsDouble(t), f.applyAsDouble(t + dt));
            }
            errors[i] = Comparison.relativeError(c, exact);
        }
        for (int i = 1; i < 3; i++) {
            double order = Math.log(errors[i - 1] / errors[i]) / Math.log(2);
            assertEquals(2, order, 0.05, Arrays.toString(errors));
        }
        assertTrue(errors[2] < 1e-3, Arrays.toString(errors));
    }

    @Test
    void wrongInputIsRefusedWithWhatIsExpected() {
        assertEquals("projection of lagt with 8 coefficients; expected legs, legt or fourier with at least 1",
                Refusal.messageOf(() -> Projection.of(new Measure.LagT(1), 8)));
        assertEquals("LegS projection at t = 0.0; expected t > 0, the past is [0, t]",
                Refusal.messageOf(() -> Projection.of(new Measure.LegS(), 8).coefficients(x -> x, 0)));
        assertEquals("LegS memory: t 0.0, dt 0.1; expected both positive",
                Refusal.messageOf(() -> ScaledMemory.of(2).advance(new double[2], 0, 0.1, 0, 0)));
    }

    private static void requireEquation(String what, Measure measure, double[] c, double[] derivative, double now) {
        HippoMatrix h = HippoMatrix.of(measure, c.length);
        double[] right = h.a().times(c);
        double scale = 0;
        double error = 0;
        for (int i = 0; i < c.length; i++) {
            // relative to the terms that cancel, not to what is left of them
            scale = Math.max(scale, Math.abs(right[i]) + Math.abs(h.b()[i] * now));
            error = Math.max(error, Math.abs(right[i] + h.b()[i] * now - derivative[i]));
        }
        double relative = error / scale;
        assertTrue(relative <= Tolerances.HIPPO_ODE, () -> what + ": error " + relative);
    }

    /** A random polynomial of degree below n in its Legendre series on [-2, 2] / span: well-conditioned at any n. */
    private record Polynomial(double[] series, double span) {
        static Polynomial draw(int n) {
            SplittableRandom random = new SplittableRandom(SEED + n);
            double[] series = new double[n];
            Arrays.setAll(series, i -> random.nextDouble(-1, 1));
            return new Polynomial(series, 2);
        }

        Polynomial scaledTo(double t) { return new Polynomial(series, t); }

        double value(double x) {
            double[] p = GaussLegendre.legendre(series.length, x / span);
            double sum = 0;
            for (int k = 0; k < series.length; k++) {
                sum += series[k] * p[k];
            }
            return sum;
        }

        /** {@code P'_(k+1) = P'_(k-1) + (2k+1) P_k}: exact, no differences. */
        double derivative(double x) {
            double[] p = GaussLegendre.legendre(series.length, x / span);
            double[] slope = new double[series.length];
            double sum = 0;
            for (int k = 1; k < series.length; k++) {
                slope[k] = (k > 1 ? slope[k - 2] : 0) + (2 * k - 1) * p[k - 1];
                sum += series[k] * slope[k] / span;
            }
            return sum;
        }
    }
}
