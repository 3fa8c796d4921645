package s4j.data.forecast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Metrics, computed by hand from their definitions. */
final class ScoresTest {
    private static final double[] LEVELS = {0.1, 0.5, 0.9};
    private static final double EXACT = 1e-12;

    private static Scores two() {
        Scores.Sums s = new Scores.Sums(LEVELS);
        s.add(10, 12, new double[]{10, 12, 15}, 4);
        s.add(-2, 0, new double[]{-1, 0, 3}, 2);
        return s.scores();
    }

    @Test
    void errorsOfPoints() {
        Scores s = two();
        assertEquals(2, s.count());
        assertEquals((4 + 4) / 2.0, s.mse(), EXACT);
        assertEquals(2, s.rmse(), EXACT);
        assertEquals(2, s.mae(), EXACT);
        assertEquals((2 / 22.0 + 2 / 2.0) / 2, s.smape(), EXACT, "from 0 to 1");
        assertEquals((2 / 4.0 + 2 / 2.0) / 2, s.mase(), EXACT);
    }

    @Test
    void errorsOfQuantiles() {
        // 10 with 10, 12, 15: .1 * 0, .5 * 2, .1 * 5; -2 with -1, 0, 3: .9 * 1, .5 * 2, .1 * 5
        double pinball = ((0 + 1 + 0.5) / 3 + (0.9 + 1 + 0.5) / 3) / 2;
        Scores s = two();
        assertEquals(pinball, s.pinball(), EXACT);
        assertEquals(2 * pinball, s.crps(), EXACT);
        assertEquals(2 * (2 * pinball) / (10 + 2), s.wql(), EXACT);
        assertArrayEquals(new double[]{0.5}, s.coverage(), EXACT, "the ends belong to an interval");
    }

    @Test
    void zeroDenominatorsAreNoExceptions() {
        Scores.Sums s = new Scores.Sums(LEVELS);
        s.add(0, 0, new double[0], 0);
        assertEquals(0, s.scores().mase(), "a constant series that is forecast rightly");
        assertEquals(0, s.scores().smape(), "0/0 is 0");
        assertTrue(Double.isNaN(s.scores().wql()) && Double.isNaN(s.scores().pinball()), "nothing to say");
        s.add(1, 0, new double[0], 0);
        s.add(1, 3, new double[0], Double.NaN);
        assertEquals(0, s.scores().mase(), "wrong ones of no scale are left out");
        assertEquals(2, s.scores().unscaled());
        assertEquals(1, s.scores().mae(), EXACT);
    }

    @Test
    void scaleOfMaseIsThatOfTheSeasonBeforeTheCut() {
        float[] x = {1, 5, 2, 7, 3, 9, 100};
        assertEquals((1 + 2 + 1 + 2) / 4.0, Backtest.scale(x, 6, 2), EXACT);
        assertEquals(4, Backtest.scale(x, 2, 2), EXACT, "of a past that is shorter than a season: of one step");
        assertTrue(Double.isNaN(Backtest.scale(x, 1, 2)), "nothing before");
        assertEquals(2, Backtest.scale(new float[]{1, Float.NaN, 3, 5}, 4, 1), EXACT, "missing values do not count");
    }

    @Test
    void intervalsAreTheLevelsThatBelongTogether() {
        assertArrayEquals(new double[]{0.8}, Scores.intervals(LEVELS), EXACT);
        assertArrayEquals(new double[]{0.9, 0.5}, Scores.intervals(new double[]{0.05, 0.25, 0.75, 0.95}), EXACT);
        assertEquals(0, Scores.intervals(new double[]{0.1, 0.5}).length);
    }
}
