package s4j.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** Every data set of series keeps the contract. */
final class SeriesContractTest {
    @TempDir
    Path dir = Path.of("");

    /** Lines {@code TARGET,a,b,…} of 30 series of 5 to 9 steps. */
    private String series(List<String> targets) throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        StringBuilder out = new StringBuilder("label,t0,t1,t2,t3,t4,t5,t6,t7,t8\n");
        for (int i = 0; i < 30; i++) {
            out.append(targets.get(i % targets.size()));
            for (int t = 0; t < 9; t++) {
                out.append(',').append(t < 5 + i % 5 ? Double.toString(100 + 20 * random.nextDouble()) : "");
            }
            out.append('\n');
        }
        return Files.writeString(dir.resolve("x.csv"), out).toString();
    }

    @Nested
    final class SeriesOfClassesIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            return Small.series(series(List.of("up", "down", "flat"))).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class SeriesOfNumbersIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            return Small.series(series(List.of("0.5", "17.25", "-3", "9.125"))).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class SeriesFromADatabaseIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            return Small.series(Map.of("url", "jdbc:duckdb:", "query",
                    "select i // 7 as id, i as t, case when i // 7 % 2 = 0 then 'a' else 'b' end as class, sin(i) as x, cos(i) as y"
                            + " from range(140) r(i)",
                    "id", "id", "time", "t")).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class SeriesOfTheArchiveIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            StringBuilder out = new StringBuilder("@classLabel true a b\n@data\n");
            for (int i = 0; i < 12; i++) {
                out.append(i).append(",2,").append(i * i).append(i % 3 == 0 ? ",5" : "").append(":1,2,3")
                        .append(i % 3 == 0 ? ",?" : "").append(i % 2 == 0 ? ":a\n" : ":b\n");
            }
            Files.write(dir.resolve("A_TRAIN.ts.gz"),
                    TinyMnist.gzip(out.toString().getBytes(StandardCharsets.UTF_8)));
            Files.writeString(dir.resolve("A_TEST.ts"), out);
            return Small.series(Map.of("path", dir.resolve("A").toString(), "missing", "last")).load(TinyMnist.QUIET);
        }
    }

    @Nested
    final class ForecastOfATableIt implements DatasetContract {
        @Override
        public Dataset load() throws IOException {
            StringBuilder out = new StringBuilder("unique_id,ds,y,known\n");
            for (int i = 0; i < 120; i++) {
                String value = i % 17 == 3 ? "" : Double.toString(10 + Math.sin(i) + i % 3);
                out.append(i % 2 == 0 ? "a" : "b").append(',')
                        .append(java.time.LocalDate.of(2020, 1, 1).plusDays(i / 2))
                        .append(',').append(value).append(',').append(i % 7).append('\n');
            }
            Path file = Files.writeString(dir.resolve("f.csv"), out);
            return Small
                    .forecast(Map.of("path", file.toString(), "horizon", 3, "future", List.of("known"), "masked", true,
                            "calendar", true, "normalization", "mean_std"))
                    .load(TinyMnist.QUIET);
        }
    }
}
