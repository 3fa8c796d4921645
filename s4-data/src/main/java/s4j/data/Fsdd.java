package s4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The Free Spoken Digit Dataset, in a folder or as the archive of its repository. */
final class Fsdd {
    /** {@code digit_speaker_index.wav}. */
    static final Pattern NAME = Pattern.compile("(?:.*/)?([0-9])_([A-Za-z]+)_([0-9]+)\\.wav");
    static final int TEST_BELOW = 5;

    static AudioDataset load(FsddConfig config, AudioPlaces places, FsddArchive archive, Consumer<String> log)
            throws IOException {
        try (Recordings recordings = find(places, archive, log)) {
            noteEdition(recordings, archive, log);
            List<String> test = new ArrayList<>();
            List<String> others = new ArrayList<>();
            for (String name : recordings.names()) {
                if (NAME.matcher(name).matches()) {
                    (index(name) < TEST_BELOW ? test : others).add(name);
                }
            }
            Split split = Split.of(others.size(), config.valSplit(), config.seed());
            var reader = new AudioDataset.Reader(recordings, config.form(), null, Fsdd::digit,
                    config.conditional() ? Sc09.DIGITS : List.of(), config.parts());
            return reader.dataset("fsdd", new AudioDataset.Names(
                    Arrays.stream(split.train()).mapToObj(others::get).toList(),
                    Arrays.stream(split.validation()).mapToObj(others::get).toList(), test));
        }
    }

    /** Says so when it is not the edition with 3,000 recordings. */
    static void noteEdition(Recordings recordings, FsddArchive archive, Consumer<String> log) throws IOException {
        if (!recordings.hash().equals(archive.hash())) {
            log.accept("note: " + recordings.place() + " is another edition of the data set than " + archive.source()
                    + " (" + recordings.names().size() + " recordings)");
        }
    }

    /** Which of a speaker's recordings of the digit it is. */
    static int index(String name) {
        return Integer.parseInt(part(name, 3));
    }

    /** Who speaks. */
    static String speaker(String name) { return part(name, 2); }

    private static String part(String name, int group) {
        Matcher m = NAME.matcher(name);
        if (!m.matches()) {
            throw new IllegalArgumentException(name + " is no DIGIT_SPEAKER_INDEX.wav");
        }
        return m.group(group);
    }

    /** What is said. */
    static int digit(String name) {
        return Character.digit(name.charAt(name.lastIndexOf('/') + 1), 10);
    }

    /** In the usual places, else fetched. */
    static Recordings find(AudioPlaces places, FsddArchive archive, Consumer<String> log) throws IOException {
        for (Path directory : places.candidates()) {
            for (String name : List.of("recordings", "recordings.zip", FsddArchive.FILE)) {
                Recordings found = digits(directory.resolve(name));
                if (found != null) {
                    return found;
                }
            }
        }
        if (places.directories().size() > 1) {
            Recordings found = digits(places.directories().getFirst());
            if (found != null) {
                return found;
            }
        }
        return archive.fetch(places, log);
    }

    private static @Nullable Recordings digits(Path path) throws IOException {
        Recordings found = AudioPlaces.open(path);
        if (found == null || found.names().stream().anyMatch(n -> NAME.matcher(n).matches())) {
            return found;
        }
        found.close();
        return null;
    }

    private Fsdd() {}
}
