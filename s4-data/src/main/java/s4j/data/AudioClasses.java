package s4j.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import s4j.io.MalformedFileException;

/** Reads a folder of recordings for each class. */
final class AudioClasses {
    static Dataset load(AudioClassesConfig config, Path path, Consumer<String> log) throws IOException {
        Recordings found = AudioPlaces.open(path);
        if (found == null) {
            throw new MalformedFileException(
                    "dataset.path: no sound files in " + path + "; expected a folder of them for each class");
        }
        try (found) {
            List<String> names = found.names();
            List<String> classes = classes(found);
            Path beside = Files.isDirectory(path) ? path : path.toAbsolutePath().getParent();
            Map<String, Clip.Part> parts = config.split().of(names, n -> classes.indexOf(own(n)),
                    n -> ClipSplit.speaker(config.speakers(), n), beside == null ? null : ClipSplit.Lists.in(beside),
                    new ClipSplit.Drawn(config.valSplit(), config.testSplit(), config.seed()));
            List<Clip> clips = new ArrayList<>();
            for (String name : names) {
                clips.add(new Clip(name, classes.indexOf(own(name)), parts.getOrDefault(name, Clip.Part.TRAIN)));
            }
            ClipForm form = config.form();
            ClipDataset data = new ClipDataset(config.name(), classes, form, form.read(found, clips, log), found,
                    List.of());
            log.accept(data.found());
            return data;
        }
    }

    /** The class of a file: its first folder. */
    private static String own(String name) {
        return name.substring(0, name.indexOf('/'));
    }

    private static List<String> classes(Recordings from) throws MalformedFileException {
        TreeSet<String> sorted = new TreeSet<>();
        for (String name : from.names()) {
            if (name.indexOf('/') < 0) {
                throw new MalformedFileException("%s, %s: the file is in no class's folder; expected CLASS/FILE.wav"
                        .formatted(from.place(), name));
            }
            sorted.add(own(name));
        }
        if (sorted.size() < 2) {
            throw new MalformedFileException(
                    "%s: one class only, '%s'; expected a folder of sound files for each of two or more"
                            .formatted(from.place(), sorted.first()));
        }
        return List.copyOf(sorted);
    }

    private AudioClasses() {}
}
