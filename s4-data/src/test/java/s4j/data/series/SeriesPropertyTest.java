package s4j.data.series;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.MalformedFileException;

/** What holds of series whatever they are. */
final class SeriesPropertyTest {
    private static final float NONE = Float.NaN;

    @TempDir
    Path dir = Path.of("");

    private SeriesTable read(String name, String text, SeriesOptions options) throws IOException {
        return SeriesReader.read(Files.writeString(dir.resolve(name), text), options);
    }

    private static SeriesTable labelled(String... labels) throws MalformedFileException {
        List<Series> rows = Arrays.stream(labels).map(l -> new Series(new float[]{1}, 1, l, null, "x")).toList();
        return SeriesTable.of("x", "test", rows, List.of("value"), null, List.of());
    }

    /** In whatever order rows come, and with any steps left out, a series is the same. */
    @Test
    void longFormDoesNotDependOnTheOrderOfRows() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        SeriesOptions options = new SeriesOptions("class", "id", "t", List.of(), List.of(), null, true);
        for (int trial = 0; trial < 20; trial++) {
            List<String> rows = new java.util.ArrayList<>();
            float[][] expected = new float[3][40];
            for (int s = 0; s < 3; s++) {
                for (int t = 0; t < 40; t++) {
                    boolean there = t == 0 || t == 39 || random.nextInt(4) > 0;
                    expected[s][t] = there ? random.nextInt(100) : NONE;
                    if (there) {
                        rows.add(s + "," + 0.5 * t + "," + (int) expected[s][t] + ",c" + s);
                    }
                }
            }
            java.util.Collections.shuffle(rows, new java.util.Random(trial));
            SeriesTable table = read("x.csv", "id,t,x,class\n" + String.join("\n", rows) + "\n", options);
            for (Series row : table.rows()) {
                int s = Integer.parseInt(String.valueOf(row.id()));
                assertArrayEquals(expected[s], row.values(), "trial " + trial + ", series " + s);
            }
        }
    }

    @Test
    void filledValuesLieBetweenTheirNeighboursWhateverTheGaps() throws MalformedFileException {
        SplittableRandom random = new SplittableRandom(12);
        for (int trial = 0; trial < 200; trial++) {
            int d = 1 + random.nextInt(3);
            int l = 1 + random.nextInt(12);
            float[] x = new float[l * d];
            for (int i = 0; i < x.length; i++) {
                x[i] = random.nextInt(3) == 0 ? NONE : random.nextInt(10);
            }
            Series series = new Series(x, d, null, null, "x");
            double[] means = random.doubles(d).map(v -> 100 + v).toArray();
            for (Missing rule : List.of(Missing.LINEAR, Missing.LAST, Missing.MEAN)) {
                float[] y = rule.fill(series, means);
                for (int i = 0; i < x.length; i++) {
                    String what = rule + ", trial " + trial + ", value " + i;
                    boolean known = !Float.isNaN(x[i]);
                    float mean = (float) means[i % d];
                    assertEquals(known ? x[i] : y[i], y[i], what);
                    assertEquals(true, y[i] >= 0 && (y[i] < 10 || y[i] == mean), what + " is " + y[i]);
                }
                assertArrayEquals(y, rule.fill(new Series(y, d, null, null, "x"), means), "nothing is left to fill");
            }
        }
    }

    @Test
    void scalingOfAScaledSetIsNone() {
        double[] x = new SplittableRandom(13).doubles(500).map(v -> 1e6 + 3 * v).toArray();
        Scaling first = Scaling.of(x);
        double[] scaled = Arrays.stream(x).map(v -> (v - first.mean()[0]) / first.std()[0]).toArray();
        Scaling again = Scaling.of(scaled);
        assertEquals(0, again.mean()[0], 1e-9);
        assertEquals(1, again.std()[0], 1e-9);
        Scaling moved = Scaling.of(Arrays.stream(x).map(v -> 5 - 2 * v).toArray());
        assertEquals(2 * first.std()[0], moved.std()[0], 1e-9, "a scale of 2");
        assertEquals(5 - 2 * first.mean()[0], moved.mean()[0], 1e-9);
        assertEquals(1, Scaling.of(new double[0]).std()[0], "of nothing");
        assertFails(IllegalArgumentException.class, () -> new Scaling(new double[]{1}, new double[]{0}),
                "positive std");
        assertFails(IllegalArgumentException.class, () -> new Scaling(new double[]{1}, new double[]{NONE}), "std");
        assertFails(IllegalArgumentException.class, () -> new Scaling(new double[2], new double[]{1}), "std");
        assertArrayEquals(new float[]{4, -4}, Scaling.none(2).reverse(Scaling.none(2).apply(new float[]{4, -4})));
    }

    @Test
    void aSeriesHasWholeSteps() {
        assertFails(IllegalArgumentException.class, () -> new Series(new float[3], 2, null, null, "x"),
                "3 values of 2 channels (x)");
        assertFails(IllegalArgumentException.class, () -> new Series(new float[0], 1, null, null, "x"), "0 values");
        assertFails(IllegalArgumentException.class, () -> new Series(new float[1], 0, null, null, "x"), "0 channels");
    }

    @Test
    void theHashKnowsTargetsShapesAndEveryBit() throws MalformedFileException {
        SeriesTable a = labelled("u", "v");
        assertEquals(a.hash(), labelled("u", "v").hash());
        assertNotEquals(a.hash(), labelled("u", "w").hash());
        assertNotEquals(a.hash(), labelled("v", "u").hash(), "order is part of the data");
        assertNotEquals(a.hash(), a.some(new int[]{0}).hash());
        SeriesTable two = SeriesTable.of("x", "t", List.of(new Series(new float[]{1, 0}, 2, "u", null, "x")),
                SeriesTable.numbered(2), null, List.of());
        SeriesTable one = SeriesTable.of("x", "t", List.of(new Series(new float[]{1, 0}, 1, "u", null, "x")),
                SeriesTable.numbered(1), null, List.of());
        assertNotEquals(two.hash(), one.hash(), "the same values, cut in another way");
        assertNotEquals(one.hash(), SeriesTable.of("x", "t", List.of(new Series(new float[]{1, -0f}, 1, "u", null,
                "x")), SeriesTable.numbered(1), null, List.of()).hash());
    }
}
