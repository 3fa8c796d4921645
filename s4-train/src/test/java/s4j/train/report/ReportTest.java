package s4j.train.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import s4j.data.SequenceSet.Picture;
import s4j.train.run.MetricsLog.Row;
import s4j.train.task.Classification;

final class ReportTest {
    @Test
    void pageNeedsNothingFromOutside() {
        String html = example(5000).html();
        assertFalse(html.contains("http"), "a link or script");
        assertFalse(html.contains("<script"), "a script");
        assertFalse(html.contains("url("), "an image or font");
        assertEquals(html, example(5000).html(), "the same numbers give the same bytes");
    }

    @Test
    void everyPictureHasWords() {
        String html = example(100).html();
        assertEquals(count(html, "<svg"), count(html, "<desc>"));
        assertEquals(count(html, "<img"), count(html, " alt=\""));
        assertEquals(6, count(html, "<svg"), "loss, accuracy, lr, norm, two layers");
    }

    @Test
    void pageDoesNotGrowWithTheRun() {
        int small = example(1000).html().length();
        int large = example(100_000).html().length();
        assertTrue(large < 1.3 * small, small + " and " + large + " characters");
    }

    @Test
    void namesAreNoMarkup() {
        Report r = new Report("<b>&\"", evaluation("<s>").headline(), Map.of("<i>", "<u>"), List.of(),
                evaluation("<s>").curves(), evaluation("<s>").sections(), List.of(), Map.of(), "a: <pre>", null);
        for (String bad : List.of("<b>&\"", "<i>", "<u>", "<s>", "a: <pre>")) {
            assertFalse(r.html().contains(bad), bad);
        }
    }

    @Test
    void missingValuesAreGaps() {
        LineChart.Series s = new LineChart.Series("a", new double[]{0, 1, 2, 3}, new double[]{1, 2, Double.NaN, 4},
                true);
        String svg = new LineChart("t", "d", "x", List.of(s), 300, 200).svg();
        assertFalse(svg.contains("NaN"));
        assertEquals(3, count(svg, "<circle"));
    }

    @Test
    void axesTickAtOneTwoOrFive() {
        assertEquals(List.of(0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0), Axis.over(0, 1, 5).ticks());
        assertEquals(List.of(0.0, 50.0, 100.0), Axis.over(3, 98, 3).ticks());
        assertTrue(Axis.over(2, 2, 4).ticks().size() > 1, "equal ends");
        assertTrue(Axis.over(Double.NaN, Double.NaN, 4).ticks().size() > 1, "no values");
    }

    @Test
    void logarithmicAxesShowRatios() {
        Axis axis = Axis.logarithmic(256, 65536);
        assertEquals(List.of(200.0, 500.0, 1000.0), axis.ticks().subList(0, 3));
        assertEquals(0.5, Axis.logarithmic(1, 100).at(10), 1e-12);
        assertEquals(List.of(0.1, 1.0, 10.0, 100.0, 1000.0, 10000.0), Axis.logarithmic(0.2, 9000).ticks());
        assertTrue(Axis.logarithmic(3, 3).ticks().size() > 1, "equal ends");
        assertTrue(Axis.logarithmic(Double.NaN, 0).ticks().size() > 1, "no values");
    }

    @Test
    void chartIsADocumentOfItsOwn() throws Exception {
        LineChart.Series s = new LineChart.Series("a & b", new double[]{256, 1024, 4096}, new double[]{1, 0, 16}, true);
        String svg = new LineChart("t", "d", "L", List.of(s, s), LineChart.Scale.LOG_LOG, 300, 200).document();
        var root = javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new java.io.ByteArrayInputStream(svg.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .getDocumentElement();
        assertEquals("svg", root.getNodeName());
        assertEquals(4, count(svg, "<circle"), "zero has no logarithm");
        String half = new LineChart("t", "d", "L", List.of(s, s), LineChart.Scale.LOG_X, 300, 200).document();
        assertEquals(6, count(half, "<circle"), "upwards 0 has its place");
        assertFalse(svg.contains("NaN") || svg.contains("Infinity"), svg);
    }

    @Test
    void numbersAreShort() {
        assertEquals("1080", Html.number(1080));
        assertEquals("0.25", Html.number(0.25));
        assertEquals("0.001234", Html.number(0.0012341));
        assertEquals("1.0e-5", Html.number(0.00001));
        assertEquals("-0.5", Html.number(-0.5));
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    private static Classification evaluation(String first) {
        Picture image = new Picture(28, 28, new byte[784]);
        for (int i = 0; i < 784; i++) {
            image.pixels()[i] = (byte) (127 + 127 * Math.sin(i / 30.0));
        }
        List<Classification.Mistake> mistakes = List.of(new Classification.Mistake(7, 1, 2, 0.93, image),
                new Classification.Mistake(9, 2, 0, 0.61, null));
        return new Classification(30, 27, 0.2, new int[][]{{9, 0, 1}, {0, 9, 1}, {1, 0, 9}}, mistakes,
                List.of(first, "1", "2"), 0.4);
    }

    private static Report example(int rows) {
        List<Row> log = new ArrayList<>();
        for (int i = 1; i <= rows; i++) {
            log.add(new Row("train", 1, 20L * i, 0.01 / i, 1.0 / i,
                    Map.of("loss", 2.0 / i, "accuracy", 1 - 1.0 / i)));
        }
        log.add(new Row("val", 1, 20L * rows, null, null, Map.of("loss", 0.3, "accuracy", 0.95)));
        List<float[]> kernels = IntStream.range(0, 3).mapToObj(h -> {
            float[] k = new float[784];
            for (int t = 0; t < k.length; t++) {
                k[t] = (float) (Math.exp(-t / 200.0) * Math.cos(t / (8.0 + 5 * h)));
            }
            return k;
        }).toList();
        Classification test = evaluation("0");
        return new Report("S4 on mnist", test.headline(), Map.of("Parameters", "100"), log, test.curves(),
                test.sections(),
                List.of(kernels, kernels), Map.of("seed", "0"), "a: 1\n", null);
    }
}
