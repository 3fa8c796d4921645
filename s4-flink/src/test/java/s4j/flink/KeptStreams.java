package s4j.flink;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Writes the savepoint that {@code LayoutsTest} keeps of each layout, with the s4-flink of its time; no test of CI, whose names end in Test. {@code
 * -Ds4j.kept=src/test/resources/savepoint-v1}
 */
final class KeptStreams {
    /** Readings that were taken before the savepoint. */
    static final int TAKEN = 630;

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1).setNumberSlotsPerTaskManager(2).build());

    private static final class First implements GeneratorFunction<Long, Reading> {
        private static final long serialVersionUID = 1;

        @Override
        public Reading map(Long i) { return i < TAKEN ? Sensors.reading(i) : new Reading("", 0, new float[0]); }
    }

    /** Answers that came before the savepoint: what the watermark had passed. */
    static Map<String, String> before(Map<String, String> all) {
        long mark = Sensors.all().stream().limit(TAKEN).mapToLong(Reading::time).max().orElseThrow() - Sensors.DISORDER
                - 1;
        Map<String, String> out = new TreeMap<>(all);
        out.keySet().removeIf(k -> Long.parseLong(k.substring(k.indexOf('@') + 1)) > mark);
        return out;
    }

    @Test
    void aSavepointAfterTheFirstReadings() throws Exception {
        Path to = Path.of(System.getProperty("s4j.kept"));
        StreamExecutionEnvironment env = Jobs.environment(Jobs.configuration("hashmap"), 2);
        var readings = env.fromSource(new DataGeneratorSource<>(new First(), 1_000_000, RateLimiterStrategy.perSecond(
                2_000), TypeInformation.of(Reading.class)),
                org.apache.flink.api.common.eventtime.WatermarkStrategy.noWatermarks(), "first").setParallelism(1)
                .filter(r -> !"".equals(r.key())).setParallelism(1).assignTimestampsAndWatermarks(Jobs.watermarks())
                .setParallelism(1);
        CloseableIterator<Answer> answers = S4Flink.streams(readings, Sensors.model(), StreamOptions.STANDARD).answers()
                .collectAsync();
        JobClient job = env.executeAsync();
        Map<String, String> expected = before(Sensors.expected(Sensors.all(), Sensors.model()));
        Map<String, String> got = new TreeMap<>();
        while (got.size() < expected.size()) {
            Answer a = answers.next();
            got.put(a.key() + "@" + a.time(), Sensors.text(a.values()));
        }
        assertEquals(expected, got);
        Path written = Path
                .of(java.net.URI.create(job.stopWithSavepoint(false, Files.createTempDirectory("kept").toUri()
                        .toString(), SavepointFormatType.CANONICAL).get(60, TimeUnit.SECONDS)));
        Files.createDirectories(to);
        try (var files = Files.list(written)) {
            for (Path file : List.copyOf(files.toList())) {
                Files.copy(file, to.resolve(file.getFileName()), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.write(to.resolve("model.safetensors"), Sensors.model());
    }
}
