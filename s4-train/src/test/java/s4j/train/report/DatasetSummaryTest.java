package s4j.train.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.data.SeriesConfig;
import s4j.train.fake.FakeData;

final class DatasetSummaryTest {
    @TempDir
    Path dir = Path.of("");

    private Dataset series(String train, String test) throws IOException {
        Files.writeString(dir.resolve("A_TEST.ts"), test);
        Path file = Files.writeString(dir.resolve("A_TRAIN.ts"), train);
        ConfigTree keys = ConfigTree.of(java.util.Map.of("path", file.toString(), "val_split", 0), new Origin("test"));
        return Binder.bind(keys, SeriesConfig.DEFAULTS).load(line -> {});
    }

    @Test
    void rangesAreInTheDatasOwnUnit() throws IOException {
        Dataset data = series("@targetlabel true\n@data\n1,2,3:500,500,500:10\n8:600:40\n",
                "@targetlabel true\n@data\n9:9:7\n");
        DatasetSummary summary = DatasetSummary.of(data);
        DatasetSummary.Split train = Objects.requireNonNull(summary.splits().get("train"));
        assertEquals("1 to 3, on average 2.0", train.lengths());
        assertEquals(2, summary.ranges().size());
        DatasetSummary.Range first = summary.ranges().getFirst();
        assertArrayEquals(new double[]{1, 8, 3.5, Math.sqrt(7.25)},
                new double[]{first.min(), first.max(), first.mean(), first.std()}, 1e-5, "padding does not count");
        assertEquals(525, summary.ranges().get(1).mean(), 1e-4);
        DatasetSummary.Range target = Objects.requireNonNull(train.target());
        assertArrayEquals(new double[]{10, 40, 25, 15},
                new double[]{target.min(), target.max(), target.mean(), target.std()}, 1e-5);
        List<String> lines = summary.lines(data);
        assertTrue(lines.contains("validation          0 sequences"), lines.toString());
        assertTrue(lines.contains("test        target 7 to 7, mean 7, std 0"), lines.toString());
        assertTrue(new DatasetPage(data, summary).html().contains("value 40"), "an example's number");
    }

    @Test
    void classesAreCountedInEverySplit() {
        DatasetSummary summary = DatasetSummary.of(new FakeData());
        DatasetSummary.Split train = Objects.requireNonNull(summary.splits().get("train"));
        assertArrayEquals(new long[]{53, 53, 52, 52}, train.classes());
        assertNull(train.target());
        String page = new DatasetPage(new FakeData(), summary).html();
        assertTrue(page.contains("<th scope=\"row\">across</th>") && page.contains("350</strong> sequences"), page);
    }
}
