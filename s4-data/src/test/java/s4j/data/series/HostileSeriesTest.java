package s4j.data.series;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;
import s4j.io.NpzFile;
import s4j.io.TensorData;
import s4j.testkit.Hostile;

/**
 * Damaged series of every format are read or refused, at a cost in proportion to their size. {@code -Ds4j.mutations=100000} runs a
 * longer campaign.
 */
final class HostileSeriesTest {
    private static final long SEED = 31;
    /** Memory that any file may cost: buffers, a zip archive's tables. */
    private static final long FIXED = 4 << 20;
    private static final byte[] CODES = ",;:\t\n\r\"'?@%{}()-+.eE0123456789NaN \0\u007f"
            .getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory = Path.of("");

    private static String text(String end) {
        return switch (end) {
            case ".ts" ->
                lines("# c|@problemName T|@timeStamps false|@univariate false|@classLabel true walk run|@data",
                        "1,2,3:4,?,6:walk|7,8:NaN,1e1:run");
            case ".arff" -> lines("% c|@relation 'a b'|@attribute att0 numeric|@attribute 'att 1' real|"
                    + "@attribute target {1.0, 'no'}|@data", "1,2,'no'|?,4e0,1.0");
            case ".csv" -> lines("t0,t1,t2,class", "1,2,3,up|4,,\"6\",down");
            case ".tsv" -> lines("id\ttime\tv\tw\ttarget", "a\t0\t1.5\t2\t0.25|a\t1\t3\tNaN\t0.25|b\t0\t1\t1\t7");
            default -> lines("1;2,5;3", "4;5,0;6");
        };
    }

    private static String lines(String header, String rows) {
        return (header + "|" + (rows + "|").repeat(3)).replace('|', '\n');
    }

    private byte[] good(String end) throws IOException {
        if (end.endsWith(".gz")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
                gzip.write(good(end.substring(0, end.length() - 3)));
            }
            return out.toByteArray();
        }
        if (!end.equals(".npz")) {
            return text(end).getBytes(StandardCharsets.UTF_8);
        }
        Map<String, TensorData> arrays = new LinkedHashMap<>();
        arrays.put("x", TensorData.of(new float[]{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 3, 2, 2));
        arrays.put("y", TensorData.of(new long[]{0, 1, 0}, 3));
        Path file = directory.resolve("good.npz");
        NpzFile.write(file, arrays);
        return Files.readAllBytes(file);
    }

    private static SeriesOptions options(String end, SplittableRandom random) {
        if (!end.equals(".tsv")) {
            return SeriesOptions.FOUND;
        }
        return new SeriesOptions("target", "id", random.nextBoolean() ? "time" : null, List.of(), List.of(), null,
                true);
    }

    @ParameterizedTest
    @ValueSource(strings = {".ts", ".arff", ".csv", ".tsv", ".txt", ".npz", ".ts.gz", ".csv.gz"})
    @Timeout(1800)
    void damagedFilesAreReadOrRefusedAtACostOfTheirSize(String end) throws IOException {
        Path file = directory.resolve("x" + end);
        // a mutation may also take away the column that the options name
        Hostile.campaign(file, good(end), CODES, SEED, FIXED, random -> SeriesReader.read(file, options(end, random)),
                List.of(MalformedFileException.class, ConfigException.class));
    }
}
