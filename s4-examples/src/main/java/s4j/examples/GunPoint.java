package s4j.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.bytedeco.pytorch.Tensor;

/**
 * GunPoint of the UCR archive: whether a hand draws a gun or points a finger, from its x coordinate.
 *
 * @param series {@code [b, 150, 1]}
 * @param classes {@code [b]}, 0 or 1
 */
record GunPoint(Tensor series, Tensor classes) {
    /** The archive's 50 series to train on. */
    static GunPoint train() { return read("gunpoint-train.csv.gz"); }

    /** The archive's 150 series to test on. */
    static GunPoint test() { return read("gunpoint-test.csv.gz"); }

    /** Rows of a class, 1 or 2, and the values. */
    private static GunPoint read(String resource) {
        try (InputStream file = Objects.requireNonNull(GunPoint.class.getResourceAsStream(resource), resource);
                BufferedReader reader = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8))) {
            List<String[]> rows = reader.lines().map(line -> line.split(",", -1)).toList();
            int steps = rows.getFirst().length - 1;
            float[] values = new float[rows.size() * steps];
            long[] classes = new long[rows.size()];
            for (int i = 0; i < classes.length; i++) {
                classes[i] = Long.parseLong(rows.get(i)[0]) - 1;
                for (int t = 0; t < steps; t++) {
                    values[i * steps + t] = Float.parseFloat(rows.get(i)[1 + t]);
                }
            }
            return new GunPoint(Tensor.create(values, classes.length, steps, 1), Tensor.create(classes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
