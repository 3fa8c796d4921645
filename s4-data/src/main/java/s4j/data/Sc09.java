package s4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;
import s4j.io.InputFile;

/** The digits of Speech Commands, split by the official lists. */
final class Sc09 {
    static final List<String> DIGITS = List.of("zero", "one", "two", "three", "four", "five", "six", "seven",
            "eight", "nine");
    private static final String VALIDATION = "validation_list.txt";
    private static final String TEST = "testing_list.txt";
    private static final int RATE = 16_000;

    static AudioDataset load(Sc09Config config, AudioPlaces places) throws IOException {
        for (Path directory : places.candidates()) {
            if (Files.isRegularFile(directory.resolve(TEST)) && Files.isRegularFile(directory.resolve(VALIDATION))) {
                try (Recordings recordings = recordings(directory)) {
                    return load(config, recordings, list(directory.resolve(VALIDATION)),
                            list(directory.resolve(TEST)));
                }
            }
        }
        throw new MalformedFileException("Speech Commands is nowhere to be found: looked in " + places.candidates()
                + " for " + VALIDATION + " and " + TEST + " beside the folders zero … nine (or a zip archive of them). "
                + "Unpack speech_commands_v0.01.tar.gz into " + places.cache() + ", or name its directory by "
                + "dataset.data_dir");
    }

    private static AudioDataset load(Sc09Config config, Recordings recordings, Set<String> validation,
            Set<String> test) throws IOException {
        var reader = new AudioDataset.Reader(recordings, config.form(), RATE, name -> DIGITS.indexOf(digit(name)),
                config.conditional() ? DIGITS : List.of(), config.parts());
        List<String> digits = recordings.names().stream().filter(n -> DIGITS.contains(digit(n))).toList();
        return reader.dataset("sc09", new AudioDataset.Names(
                digits.stream().filter(n -> !validation.contains(listed(n)) && !test.contains(listed(n))).toList(),
                digits.stream().filter(n -> validation.contains(listed(n))).toList(),
                digits.stream().filter(n -> test.contains(listed(n))).toList()));
    }

    private static Recordings recordings(Path directory) throws IOException {
        Path archive = archive(directory);
        Recordings found = AudioPlaces.open(directory);
        if (found == null && archive != null) {
            found = AudioPlaces.open(archive);
        }
        if (found == null) {
            throw new MalformedFileException(
                    directory + " has the lists but no wav files; expected the folders zero … nine");
        }
        return found;
    }

    private static @Nullable Path archive(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(f -> f.toString().endsWith(".zip")).sorted().findFirst().orElse(null);
        }
    }

    /** The folder a recording lies in. */
    private static String digit(String name) {
        String[] parts = name.split("/", -1);
        return parts.length < 2 ? "" : parts[parts.length - 2];
    }

    /** A recording as the lists name it: {@code folder/file}. */
    private static String listed(String name) {
        return digit(name) + name.substring(name.lastIndexOf('/'));
    }

    private static Set<String> list(Path file) throws IOException {
        return new HashSet<>(InputFile.lines(file).stream().map(String::strip).toList());
    }

    private Sc09() {}
}
