package s4j.train.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xml.sax.InputSource;
import s4j.data.SequenceSet.Picture;

/** Axes hold their data whatever its range, and figures are well-formed whatever they are called. */
final class FiguresTest {
    private static final String HOSTILE = "<script>\"a\" & 'b'</script>";

    /** Elements and attributes are closed, and nothing is drawn at no place. */
    private static void assertDrawn(String svg) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
        assertFalse(svg.contains("<script>"), svg);
    }

    @Test
    void anAxisHoldsItsDataWithAFewRoundTicks() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 3000; i++) {
            double size = Math.pow(10, random.nextInt(60) - 30);
            double low = (random.nextDouble() - 0.5) * size;
            double high = low + random.nextDouble() * size * Math.pow(10, -random.nextInt(6));
            int count = 2 + random.nextInt(9);
            Axis axis = Axis.over(low, high, count);
            String what = "from " + low + " to " + high + " with " + count + ": " + axis;
            double slack = 1e-6 * (axis.max() - axis.min());
            assertTrue(axis.min() <= low + slack && axis.max() >= high - slack, what);
            assertTrue(axis.ticks().size() >= 2 && axis.ticks().size() <= count + 3, what);
            assertEquals(axis.min(), axis.ticks().getFirst(), what);
            assertEquals(axis.max(), axis.ticks().getLast(), what);
            assertTrue(axis.at(low) > -1e-6 && axis.at(high) < 1 + 1e-6, what);
            assertEquals(0.5, axis.at((axis.min() + axis.max()) / 2), 1e-9, what);
        }
    }

    @Test
    void aLogarithmicAxisHoldsItsDataToo() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 3000; i++) {
            double low = Math.pow(10, 40 * random.nextDouble() - 20);
            double high = low * Math.pow(10, random.nextInt(8) * random.nextDouble());
            Axis axis = Axis.logarithmic(low, high);
            String what = "from " + low + " to " + high + ": " + axis;
            assertTrue(axis.min() <= low * (1 + 1e-6) && axis.max() >= high * (1 - 1e-6), what);
            assertTrue(axis.ticks().size() >= 2 && axis.ticks().size() < 40, what);
            assertTrue(axis.at(low) > -1e-6 && axis.at(high) < 1 + 1e-6, what);
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "5,5", "-3,-3", "2,1", "NaN,NaN", "Infinity,Infinity", "NaN,1", "0,-Infinity", "1e300,1e300"})
    void rangesOfNothingHaveAnAxis(double low, double high) {
        for (Axis axis : List.of(Axis.over(low, high, 5), Axis.logarithmic(low, high))) {
            assertTrue(Double.isFinite(axis.min()) && Double.isFinite(axis.max()) && axis.max() > axis.min(),
                    axis.toString());
            assertTrue(axis.ticks().size() >= 2, axis.toString());
        }
    }

    @ParameterizedTest
    @CsvSource({"0,0", "-0.0,0", "12,12", "-7,-7", "0.5,0.5", "1234.5678,1235", "0.123456,0.1235", "0.00012345,1.2e-4",
            "1e6,1.0e6", "123456789,1.2e8", "-1.5e-10,-1.5e-10", "999999,999999", "0.001,0.001", "99.996,100",
            "1e100,1.0e100", "NaN,NaN", "Infinity,Infinity", "-Infinity,-Infinity", "0.1000,0.1"})
    void numbersForPeopleAreShort(double v, String text) { assertEquals(text, Html.number(v)); }

    /** A number for people is near the number, and never long. */
    @Test
    void shortNumbersAreNearTheirs() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 5000; i++) {
            double v = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(40) - 20);
            String text = Html.number(v);
            assertEquals(v, Double.parseDouble(text), 0.06 * Math.abs(v), text);
            assertTrue(text.length() <= 9, text);
        }
    }

    @Test
    void markupIsEscapedEverywhere() {
        assertEquals("&lt;a href=&quot;x&quot;&gt; &amp;amp;", Html.text("<a href=\"x\"> &amp;"));
        ConfusionTable table = new ConfusionTable(new int[][]{{3, 1}, {0, 0}}, List.of(HOSTILE, "plain"));
        assertFalse(table.html().contains("<script>"));
        assertTrue(table.html().contains("75.0 %") && table.html().contains("<td></td></tr></tbody>"),
                "a class without sequences has no share: " + table.html());
    }

    @Test
    void parallelPlotsHoldNumbersAndWords() throws Exception {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            rows.add(List.of(Math.pow(10, -i), HOSTILE + i, 7.0, 0.5 + 0.1 * i, i == 0 ? "null" : (Object) (double) i));
        }
        List<String> columns = List.of("optimizer.lr", "model", "seed", HOSTILE, "mixed");
        for (int chosen : new int[]{-1, 0, 4}) {
            String svg = new ParallelPlot(HOSTILE, columns, rows, chosen).svg();
            assertDrawn(svg);
            assertEquals(chosen < 0 ? 0 : 1, svg.split("stroke-width:3", -1).length - 1, "one stands out");
            assertEquals(5, svg.split("class=\"line", -1).length - 1, "a line for each run");
        }
        assertDrawn(new ParallelPlot("none", columns, List.of(), -1).svg());
        assertDrawn(new ParallelPlot("one", columns, rows.subList(0, 1), 0).svg());
    }

    @ParameterizedTest
    @EnumSource(LineChart.Scale.class)
    void chartsOfAnythingAreDrawn(LineChart.Scale scale) throws Exception {
        double[][] values = {{}, {1}, {0, 0}, {Double.NaN, 1, 2}, {-1, 0, 5}, {1e-300, 1e300},
                {Double.POSITIVE_INFINITY, 1,
                        Double.NEGATIVE_INFINITY},
                {Double.NaN, Double.NaN}};
        for (double[] x : values) {
            for (double[] y : values) {
                if (x.length == y.length) {
                    LineChart chart = new LineChart(HOSTILE, HOSTILE, HOSTILE,
                            List.of(new LineChart.Series(HOSTILE, x, y, true), LineChart.Series.points("p", x, y)),
                            scale,
                            400, 200);
                    assertDrawn(chart.svg());
                    assertDrawn(chart.document());
                }
            }
        }
        assertFails(IllegalArgumentException.class,
                () -> new LineChart.Series("s", new double[2], new double[3], false),
                "s has 2 x and 3 y");
    }

    @Test
    void picturesAndSoundsAreInThePage() {
        Picture picture = new Picture(3, 2, new byte[]{0, (byte) 255, 1, 2, 3, 4});
        String image = new GrayImage(picture).html(HOSTILE);
        assertTrue(image.startsWith("<img src=\"data:image/png;base64,") && image.contains("width=\"56\" height=\"56\"")
                && !image.contains("<script>"), image);
        assertFalse(new GrayImage(picture).html("a", "100%").contains("height="), "the page gives its height");
        for (int n : new int[]{1, 2, 599, 600, 601, 5000}) {
            float[] samples = new float[n];
            samples[n - 1] = 1;
            String html = new Excerpt(samples, 8000, n == 2 ? picture : null).html();
            assertEquals(n == 2, html.contains("Spectrogram, 0 to 4000 Hz"));
            assertTrue(html.length() < 40_000 && !html.contains("NaN"), n + " samples: " + html.length());
        }
    }
}
