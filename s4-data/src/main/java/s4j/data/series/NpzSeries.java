package s4j.data.series;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import s4j.io.InputFile;
import s4j.io.MalformedFileException;

/**
 * NumPy's {@code .npz}: {@code x [n, l, d]} (or {@code [n, l]} of one channel) and {@code y [n]}: texts or whole numbers as
 * classes, floating point as values; without y, series whose target is not known. Steps of NaN at a series' end are no part of
 * it.
 */
final class NpzSeries {
    static SeriesTable read(Path file) throws IOException {
        TreeMap<String, NpyArray> arrays = new TreeMap<>();
        List<String> names = new ArrayList<>();
        InputFile.requireFile(file);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : zip.stream().toList()) {
                String name = entry.getName().replaceFirst("\\.npy$", "");
                names.add(name);
                if (name.equals("x") || name.equals("y")) {
                    try (InputStream in = new BufferedInputStream(zip.getInputStream(entry))) {
                        arrays.put(name, NpyArray.read(in, file + ", array " + name));
                    }
                }
            }
        } catch (ZipException | EOFException e) {
            throw new MalformedFileException(file + ": no whole archive of arrays"
                    + (e.getMessage() == null ? "" : ": " + e.getMessage()) + "; expected what"
                    + " numpy.savez(file, x=…, y=…) writes", e);
        }
        NpyArray x = arrays.get("x");
        if (x == null || x.numbers == null || x.shape.length < 2 || x.shape.length > 3) {
            throw new MalformedFileException(
                    "%s: arrays %s; expected numbers x [n, l, d] or [n, l], and y [n]".formatted(
                            file, names));
        }
        return table(file, x, arrays.get("y"));
    }

    private static SeriesTable table(Path file, NpyArray x, @Nullable NpyArray y) throws MalformedFileException {
        int n = x.shape[0];
        int l = x.shape[1];
        int d = x.shape.length == 3 ? x.shape[2] : 1;
        if (l < 1 || d < 1 || (y != null && (y.shape.length < 1 || y.shape[0] != n || size(y) != n))) {
            throw new MalformedFileException("%s: x %s and y %s; expected x [n, l, d] and y [n]".formatted(file,
                    java.util.Arrays.toString(x.shape), y == null ? "none" : java.util.Arrays.toString(y.shape)));
        }
        double[] numbers = x.numbers == null ? new double[0] : x.numbers;
        List<Series> rows = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            float[] values = new float[l * d];
            for (int k = 0; k < values.length; k++) {
                values[k] = (float) numbers[i * values.length + k];
            }
            rows.add(new Series(values, d, y == null ? null : target(y, i), null, file + ", series " + (i + 1))
                    .trimmed());
        }
        TargetKind kind = y == null ? null : y.texts != null ? TargetKind.CLASSES : y.whole ? null : TargetKind.VALUES;
        return SeriesTable.of(file.toString(), ".npz", rows, SeriesTable.numbered(n == 0 ? 1 : d), kind, List.of());
    }

    private static int size(NpyArray y) {
        return y.numbers != null ? y.numbers.length : y.texts == null ? 0 : y.texts.length;
    }

    private static String target(NpyArray y, int i) {
        if (y.texts != null) {
            return ClassNames.normal(y.texts[i]);
        }
        double v = y.numbers == null ? 0 : y.numbers[i];
        return y.whole ? Long.toString((long) v) : Double.toString(v);
    }

    private NpzSeries() {}
}
