package s4j.data.series;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * The files of a data set: with a test set of its own, or one file to split.
 *
 * @param train series to train on
 * @param test series to test on; null: some of train's
 */
public record SeriesFiles(Path train, @Nullable Path test) {
    private static final String TRAIN = "train";
    private static final String TEST = "test";

    /**
     * Finds the files. A file {@code X_TRAIN.ts} has its test set in {@code X_TEST.ts} beside it, gzipped or not; a folder holds
     * one such pair (or one file); {@code FOLDER/X} means the pair of that name. Of a pair in several formats, .ts is read
     * first.
     *
     * @param test a test set somewhere else; null: as above
     * @throws IOException when there is no such file, or more than one candidate; the message has what there is
     */
    public static SeriesFiles find(Path path, @Nullable Path test) throws IOException {
        if (test != null && !Files.isRegularFile(test)) {
            throw new MalformedFileException(
                    "dataset.test_path: no file " + test + "; expected series in the format of the others");
        }
        if (Files.isRegularFile(path)) {
            return new SeriesFiles(path, test != null ? test : beside(path));
        }
        List<Path> files = Files.isDirectory(path) ? seriesIn(path, "") : named(path);
        if (files.isEmpty()) {
            throw new MalformedFileException(
                    "dataset.path: no series at %s; expected a file that ends in %s, or a folder with one"
                            .formatted(path, String.join(" ", SeriesReader.ENDS)));
        }
        List<Path> trains = files.stream().filter(f -> part(f, TRAIN) != null).toList();
        TreeSet<String> problems = new TreeSet<>();
        trains.forEach(f -> problems.add(stem(f)));
        if (problems.size() > 1 || (trains.isEmpty() && files.size() > 1)) {
            List<String> names = trains.isEmpty()
                    ? files.stream().map(f -> f.getFileName().toString()).toList()
                    : List.copyOf(problems);
            throw new MalformedFileException(
                    "dataset.path: %s holds %d data sets: %s; expected one. Name it, e.g. dataset.path=%s"
                            .formatted(path, names.size(), String.join(", ", names), path.resolve(names.getFirst())));
        }
        Path train = trains.isEmpty() ? files.getFirst() : trains.getFirst();
        return new SeriesFiles(train, test != null ? test : beside(train));
    }

    /** Whether a path without such a file stands for a pair of files: FOLDER/X for FOLDER/X_TRAIN.ts. */
    public static boolean namesAPair(Path path) {
        try {
            return !named(path).isEmpty();
        } catch (IOException e) {
            // a folder that cannot be listed holds nothing for us
            return false;
        }
    }

    /** Files of a folder that may hold series, .ts first. */
    private static List<Path> seriesIn(Path folder, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(f -> f.getFileName().toString().startsWith(prefix) && rank(f) >= 0)
                    .sorted(Comparator.comparingInt(SeriesFiles::rank).thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    /** FOLDER/X for FOLDER/X_TRAIN.ts. */
    private static List<Path> named(Path path) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        return folder != null && Files.isDirectory(folder)
                ? seriesIn(folder, path.getFileName() + "_").stream().filter(f -> part(f, TRAIN) != null).toList()
                : List.of();
    }

    private static int rank(Path file) {
        String name = SeriesReader.plain(file.getFileName().toString());
        for (int i = 0; i < SeriesReader.ENDS.size(); i++) {
            if (name.endsWith(SeriesReader.ENDS.get(i))) {
                return i;
            }
        }
        return -1;
    }

    /** The name without format: GunPoint_TRAIN. */
    private static String base(Path file) {
        String name = file.getFileName().toString();
        String plain = SeriesReader.plain(name);
        int dot = plain.lastIndexOf('.');
        return name.substring(0, dot < 0 ? plain.length() : dot);
    }

    /** What stands before train or test; null: the name does not end so. */
    private static @Nullable String part(Path file, String which) {
        String base = base(file);
        return base.toLowerCase(Locale.ROOT).endsWith(which) ? base.substring(0, base.length() - which.length()) : null;
    }

    private static String stem(Path train) {
        String name = String.valueOf(part(train, TRAIN));
        return name.endsWith("_") || name.endsWith("-") ? name.substring(0, name.length() - 1) : name;
    }

    /** The test set that belongs to a training set; null: the name is not that of one, or there is none. */
    private static @Nullable Path beside(Path train) throws IOException {
        String name = part(train, TRAIN);
        if (name == null) {
            return null;
        }
        List<Path> tests = new ArrayList<>();
        for (Path file : seriesIn(parent(train), name)) {
            if (name.equals(part(file, TEST))) {
                tests.add(file);
            }
        }
        // of several formats that of the training set
        tests.sort(Comparator.comparing(f -> rank(f) == rank(train) ? 0 : 1));
        return tests.isEmpty() ? null : tests.getFirst();
    }

    private static Path parent(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }
}
