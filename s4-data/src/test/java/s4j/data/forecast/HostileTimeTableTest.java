package s4j.data.forecast;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;
import s4j.testkit.Hostile;

/**
 * Damaged tables of time series of every format are read or refused, at a cost in proportion to their size. {@code
 * -Ds4j.mutations=100000} runs a longer campaign.
 */
final class HostileTimeTableTest {
    private static final long SEED = 61;
    /** Memory that any file may cost: buffers, zone rules, a zip archive's tables. */
    private static final long FIXED = 8 << 20;
    private static final byte[] CODES = ",;:\t\n\r\"'?@%T /+-.eEQWZ0123456789NaN \0\u007f"
            .getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory = Path.of("");

    private static byte[] good(String kind) throws IOException {
        return switch (kind) {
            case "hours.csv" -> rows("ts,load,temp",
                    "2024-03-30 22:00,1,2|2024-03-30 23:00,2,|2024-03-31 00:00,3,4|2024-03-31 01:00,4,5|2024-03-31 03:00,5,6");
            case "long.csv" ->
                rows("unique_id,ds,y", "a,2024-01-31,1|a,2024-02-29,2|a,2024-03-31,3|b,2024-01-31,5|b,2024-02-29,");
            case "quarters.csv" -> rows("when;v", "1970 Q1;1,5|1970 Q2;2|1970 Q3;|1970 Q4;4");
            case "weeks.csv" -> rows("w,v", "2020-W52,1|2020-W53,2|2021-W01,3|2021-W02,4");
            case "offsets.csv" -> rows("t,v",
                    "2024-03-31T00:00:00+01:00,1|2024-03-31T01:00:00+01:00,2|2024-03-31T03:00:00+02:00,3");
            case "slashes.csv" ->
                rows("t,v", "01/12/2018,1|02/12/2018,2|03/12/2018,3|04/12/2018,4|1/1/2019 0:00,5|13/12/2018,6");
            case "x.tsf" -> rows("# a comment|@relation r|@attribute series_name string|@attribute start_timestamp date"
                    + "|@frequency daily|@horizon 2|@missing true|@equallength false|@data",
                    "T1:2020-01-01 00-00-00:1,2,?,4|T2:2020-02-01 00-00-00:5,6,7");
            default -> {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                try (ZipOutputStream zip = new ZipOutputStream(out)) {
                    zip.putNextEntry(new ZipEntry("inside.csv"));
                    zip.write(good("hours.csv"));
                    zip.closeEntry();
                }
                yield out.toByteArray();
            }
        };
    }

    private static byte[] rows(String header, String rows) {
        return (header + "|" + rows + "|").replace('|', '\n').getBytes(StandardCharsets.UTF_8);
    }

    private static TimeOptions options(String kind, SplittableRandom random) {
        TimeOptions.Duplicates duplicates = List.of(TimeOptions.Duplicates.values()).get(random.nextInt(4));
        return new TimeOptions(null, List.of(), null, List.of(), List.of(), List.of(), random.nextInt(3) == 0
                ? ZoneId.of("Europe/Berlin")
                : null, random.nextInt(5) == 0 ? Frequency.parse("h") : null, duplicates,
                random.nextBoolean()
                        ? TimeOptions.Irregular.RESAMPLE
                        : TimeOptions.Irregular.REFUSE,
                kind.equals("quarters.csv") ? ';' : null, random.nextInt(4) == 0 ? Boolean.TRUE : null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hours.csv", "long.csv", "quarters.csv", "weeks.csv", "offsets.csv", "slashes.csv", "x.tsf",
            "a.zip"})
    @Timeout(1800)
    void damagedTablesAreReadOrRefusedAtACostOfTheirSize(String kind) throws IOException {
        Path file = directory.resolve(kind);
        Path read = kind.equals("a.zip") ? file.resolve("inside.csv") : file;
        Hostile.campaign(file, good(kind), CODES, SEED, FIXED, random -> TimeReader.read(read, options(kind, random)),
                List.of(MalformedFileException.class, ConfigException.class));
    }
}
