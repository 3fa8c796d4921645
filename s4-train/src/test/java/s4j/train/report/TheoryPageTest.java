package s4j.train.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import s4j.hippo.Measure;
import s4j.hippo.Projection;
import s4j.io.Json;
import s4j.ssm.Discretization;

/** The page's numbers, multiplied as its script does it. */
final class TheoryPageTest {
    /** Largest error of what the first n coefficients reconstruct of a signal. */
    private static double worst(Measure measure, DoubleUnaryOperator f, int n) {
        Projection p = Projection.of(measure, TheoryNumbers.MOST);
        float[] w = TheoryNumbers.projection(p);
        float[] g = TheoryNumbers.basis(p);
        double[] y = new double[TheoryNumbers.PLACES];
        for (int i = 0; i < n; i++) {
            double c = 0;
            for (int j = 0; j < TheoryNumbers.SAMPLES; j++) {
                c += w[i * TheoryNumbers.SAMPLES + j]
                        * f.applyAsDouble(TheoryNumbers.TIME * j / (TheoryNumbers.SAMPLES - 1.0));
            }
            for (int q = 0; q < y.length; q++) {
                y[q] += c * g[i * TheoryNumbers.PLACES + q];
            }
        }
        double worst = 0;
        for (int q = 0; q < y.length; q++) {
            worst = Math.max(worst, Math.abs(y[q] - f.applyAsDouble(p.time(TheoryNumbers.TIME, q / (y.length - 1.0)))));
        }
        return worst;
    }

    @Test
    void aStraightLineIsRememberedByTwoCoefficientsOfLegendre() {
        // samples are joined by straight lines, which are exact here; the rule's nodes do not lie on the joints
        assertEquals(0, worst(new Measure.LegS(), t -> 0.5 * t - 0.7, 2), 2e-2);
        assertEquals(0, worst(new Measure.LegT(), t -> 0.5 * t - 0.7, 2), 2e-2);
        assertEquals(0, worst(Measure.Fourier.FOURIER, t -> 0.4 + Math.cos(Math.PI * t), 3), 2e-2);
    }

    @Test
    void moreCoefficientsRememberBetter() {
        DoubleUnaryOperator chirp = t -> Math.sin(1.5 * t * t);
        double few = worst(new Measure.LegS(), chirp, 8);
        double many = worst(new Measure.LegS(), chirp, 64);
        assertTrue(many < 0.1 && few > 0.5, few + " then " + many);
    }

    @Test
    void bothDiscretisationsErrInProportionToDt() {
        for (Discretization disc : Discretization.values()) {
            double ratio = TheoryNumbers.error(disc, 0.02) / TheoryNumbers.error(disc, 0.01);
            assertEquals(2, ratio, 0.15, disc.toString());
        }
    }

    @Test
    void aSignalOfAnyLengthIsDrawnWithinItsBounds() {
        double[] drawn = TheoryPage.sampled(new double[]{0, 10});
        assertEquals(TheoryNumbers.SAMPLES, drawn.length);
        assertArrayEquals(new double[]{0, 1}, new double[]{drawn[0], drawn[127]}, 1e-12);
        assertEquals(0.5, drawn[64], 0.01);
    }

    @Test
    void thePageStandsAlone() throws Exception {
        String html = new TheoryPage(new double[]{1, -1}).html();
        assertTrue(!html.contains("src=") && !html.contains("http://"), "no network");
        String json = html.split("id=\"numbers\">", -1)[1].split("</script>", -1)[0];
        Map<?, ?> numbers = (Map<?, ?>) java.util.Objects.requireNonNull(Json.parse(json, "page"));
        assertTrue(numbers.containsKey("projections") && numbers.get("signal") != null);
    }
}
