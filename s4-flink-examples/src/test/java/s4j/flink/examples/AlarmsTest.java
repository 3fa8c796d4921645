package s4j.flink.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import s4j.flink.Gap;

/** The rules by which alarms are raised and counted. */
final class AlarmsTest {
    private static NabSeries series(int rows, long... windows) {
        List<long[]> spans = new ArrayList<>();
        for (int i = 0; i < windows.length; i += 2) {
            spans.add(new long[]{windows[i], windows[i + 1]});
        }
        return new NabSeries("a", IntStream.range(0, rows).mapToObj(i -> new Measurement("a", i, i)).toList(), spans);
    }

    private static List<Scored> scored(int rows, Integer... alarms) {
        return IntStream.range(0, rows).mapToObj(i -> new Scored("a", i, i, i - 0.5, 0, List.of(alarms).contains(i), 0,
                false)).toList();
    }

    @Test
    void alarmsCloseTogetherAreOneAndWindowsAreFoundOnce() {
        Result r = Result.of(series(1000, 300, 400, 600, 650, 900, 910), scored(1000, 200, 210, 230, 310, 350, 399, 655,
                905));
        assertEquals(850, r.rows());
        assertEquals(new Result.Alarms(6, 4, 3, 2), r.model(), "200-230, 310, 350, 399, 655, 905");
        assertEquals(4.0 / 6, r.model().precision(), 1e-12);
        assertEquals(2.0 / 3, r.model().recall(), 1e-12);
        assertEquals(0.5, r.error(), 1e-12);
        assertEquals(1, r.naive(), 1e-12);
        assertTrue(Double.isNaN(r.simple().precision()), "nothing was raised");
        assertEquals(0, r.simple().recall());
        assertTrue(r.csv().endsWith(",6,4,2,0.67,0.67,0,0,0,,0.00"), r.csv());
    }

    @Test
    void windowsOfTheProbationDoNotCountAndAnAlarmThatReachesIntoAWindowIsRight() {
        Result r = Result.of(series(1000, 10, 100, 500, 520), scored(1000, 490, 505));
        assertEquals(1, r.windows());
        assertEquals(new Result.Alarms(1, 1, 1, 1), r.model());
    }

    @Test
    void probationIsFifteenPercentOfFiveThousandRowsAtMost() {
        assertEquals(15, Probation.of(100));
        assertEquals(750, Probation.of(5000));
        assertEquals(750, Probation.of(20_000));
        assertEquals(10, new Probation(Map.of("a", 15), 750).scaling("a"));
        assertEquals(500, new Probation(Map.of("a", 15), 750).scaling("b"));
    }

    @Test
    void theThresholdIsTwiceTheLargestSmoothedErrorOfTheLastThird() {
        Detector d = new Detector();
        for (int i = 0; i < 20; i++) {
            assertEquals(0, d.score(i < 10 ? 100 : 1, i, 10, 20), "none before the end of the probation");
        }
        double largest = d.largest;
        Detector other = new Detector();
        double smoothed = 0;
        double most = 0;
        for (int i = 0; i < 20; i++) {
            other.score(i < 10 ? 100 : 1, i, 10, 20);
            smoothed += ((i < 10 ? 100 : 1) - smoothed) / 8;
            most = i < 10 ? 0 : Math.max(most, smoothed);
        }
        assertEquals(most, largest, 1e-12);
        double next = d.score(-1000, 20, 10, 20);
        assertEquals((smoothed + (1000 - smoothed) / 8) / (2 * most), next, 1e-12, "also of errors below");
    }

    @Test
    void theSimpleForecastIsTheMeanAndDeviationOfTheLastNinetySixValues() {
        Window w = new Window();
        SplittableRandom random = new SplittableRandom(4);
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            double v = random.nextGaussian();
            double error = w.error(v);
            List<Double> last = all.subList(Math.max(0, i - 96), i);
            double mean = last.stream().mapToDouble(x -> x).average().orElse(0);
            double std = i == 0
                    ? 1
                    : Math.sqrt(last.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum() / last.size());
            assertEquals((v - mean) / Math.max(std, 0.05), error, 1e-9, "value " + i);
            all.add(v);
        }
    }

    @Test
    void scalesAreThoseOfTheWholeSample() {
        Standardise.Moments m = new Standardise.Moments();
        SplittableRandom random = new SplittableRandom(2);
        double[] values = random.doubles(1000).map(v -> 1e6 + v).toArray();
        for (double v : values) {
            m.take(v);
        }
        double mean = java.util.Arrays.stream(values).average().orElseThrow();
        assertEquals(mean, m.mean, 1e-6);
        assertEquals(Math.sqrt(java.util.Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / 1000), m.std(),
                1e-9);
    }

    @Test
    void gapsAreBridgedWhereStepsAreEvenAndIgnoredElsewhere() {
        assertEquals(new Gap(Gap.Rule.SCALE, 1, 48), series(400).gap());
        SplittableRandom random = new SplittableRandom(1);
        long[] t = {0};
        NabSeries uneven = new NabSeries("b", IntStream.range(0, 400).mapToObj(i -> new Measurement("b", t[0] += random
                .nextInt(1, 50), i)).toList(), List.of());
        assertEquals(Gap.NONE, uneven.gap());
    }

    @Test
    void linesAreReadWithStampsOrMillisecondsAndPrintedAlike() {
        assertEquals(new Measurement("a", 1_404_174_600_000L, 2.5), Lines.measurement(" a,2014-07-01 00:30:00,2.5"));
        assertEquals(new Measurement("a", 1_404_174_600_000L, 2.5),
                Lines.measurement("a,2014-07-01 00:30:00.000000,2.5"));
        assertEquals(new Measurement("a", 7, Double.NaN), Lines.measurement("a,7,"));
        for (String bad : List.of("", "a,1", "a,1,2,3", ",1,2", "a,1,x", "a,2014-13-01 00:00:00,1", "a,,1")) {
            String said = String.valueOf(assertThrows(IllegalArgumentException.class, () -> Lines.measurement(bad))
                    .getMessage());
            assertTrue(said.startsWith("got '" + bad + "'; expected sensor,time,value"), said);
        }
        assertEquals("a,2014-07-01 00:30:00,2.5,2.0,1.500,1,0.250,0", Lines.line(new Scored("a", 1_404_174_600_000L,
                2.5, 2, 1.5, true, 0.25, false)));
    }
}
