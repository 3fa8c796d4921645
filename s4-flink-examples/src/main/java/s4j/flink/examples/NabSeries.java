package s4j.flink.examples;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import s4j.flink.Gap;
import s4j.io.Json;
import s4j.io.MalformedFileException;

/**
 * A series of the Numenta Anomaly Benchmark.
 *
 * @param name of its file, without ends
 * @param measurements in the order of time
 * @param windows in which something was wrong, {@code [from, to]} in milliseconds
 */
@SuppressWarnings("ArrayRecordComponent") // filled once, then read
public record NabSeries(String name, List<Measurement> measurements, List<long[]> windows) {
    private static final int MOST_MISSING = 48;
    private static final double REGULAR = 0.9;

    /**
     * All of a folder with {@code combined_windows.json} and {@code FOLDER/NAME.csv}, gzipped or not.
     *
     * @throws MalformedFileException where something else stands in a file
     */
    public static List<NabSeries> all(Path folder) throws IOException {
        Path labels = folder.resolve("combined_windows.json");
        if (!Files.isRegularFile(labels)) {
            throw new IOException(
                    "no " + labels + "; expected a folder of the Numenta Anomaly Benchmark's data with its labels");
        }
        if (!(Json.parse(Files.readString(labels), labels.toString()) instanceof Map<?, ?> windows)) {
            throw new MalformedFileException(labels + ": expected lists of windows by file");
        }
        List<Path> files;
        try (Stream<Path> found = Files.walk(folder, 2)) {
            files = found.filter(f -> f.getFileName().toString().matches(".*\\.csv(\\.gz)?")).sorted().toList();
        }
        List<NabSeries> out = new ArrayList<>();
        for (Path file : files) {
            String known = folder.relativize(file).toString().replace('\\', '/').replaceFirst("\\.gz$", "");
            if (windows.get(known) instanceof List<?> list) {
                out.add(read(file, list));
            }
        }
        return out;
    }

    private static NabSeries read(Path file, List<?> windows) throws IOException {
        String name = file.getFileName().toString().replaceFirst("\\.csv(\\.gz)?$", "");
        List<Measurement> out = new ArrayList<>();
        int number = 0;
        for (String line : text(file).lines().toList()) {
            number++;
            try {
                if (number > 1 && !line.isBlank()) {
                    out.add(Lines.measurement(name + "," + line));
                }
            } catch (IllegalArgumentException e) {
                throw new MalformedFileException(file + ", line " + number + ": " + e.getMessage(), e);
            }
        }
        List<long[]> spans = new ArrayList<>();
        for (Object w : windows) {
            if (!(w instanceof List<?> pair) || pair.size() != 2) {
                throw new MalformedFileException(file + ": its label is " + w + "; expected a beginning and an end");
            }
            spans.add(new long[]{Lines.time(String.valueOf(pair.get(0))), Lines.time(String.valueOf(pair.get(1)))});
        }
        return new NabSeries(name, out, spans);
    }

    private static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Measurements at which it is only looked at. */
    public int probation() {
        return Probation.of(measurements.size());
    }

    /** One step of the gap's own dt where its steps are even, as far as the probation shows; else nothing is missing. */
    Gap gap() {
        long[] apart = new long[Math.max(1, probation() - 1)];
        Arrays.setAll(apart, i -> Math.max(1, measurements.get(i + 1).time() - measurements.get(i).time()));
        long[] sorted = apart.clone();
        Arrays.sort(sorted);
        long median = sorted[sorted.length / 2];
        long even = Arrays.stream(apart).filter(a -> a == median).count();
        return even >= REGULAR * apart.length ? new Gap(Gap.Rule.SCALE, median, MOST_MISSING) : Gap.NONE;
    }

    /** As the job reads it. */
    Stream<String> lines() {
        return measurements.stream().map(m -> m.key() + "," + m.time() + "," + m.value());
    }
}
