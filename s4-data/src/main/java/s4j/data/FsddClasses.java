package s4j.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import s4j.config.ConfigException;
import s4j.data.Clip.Part;

/** Spoken digits with the digit as class. */
final class FsddClasses {
    static Dataset load(FsddClassesConfig config, AudioPlaces places, FsddArchive archive, Consumer<String> log)
            throws IOException {
        try (Recordings recordings = Fsdd.find(places, archive, log)) {
            Fsdd.noteEdition(recordings, archive, log);
            List<String> names = recordings.names().stream().filter(n -> Fsdd.NAME.matcher(n).matches()).toList();
            requireSpeakers(config, names);
            List<Clip> clips = clips(config, names);
            ClipForm form = config.form();
            ClipDataset data = new ClipDataset(config.name(), Sc09.DIGITS, form, form.read(recordings, clips, log),
                    recordings, List.of());
            log.accept(data.found());
            return data;
        }
    }

    private static void requireSpeakers(FsddClassesConfig config, List<String> names) {
        TreeSet<String> known = new TreeSet<>(names.stream().map(Fsdd::speaker).toList());
        Stream.concat(config.testSpeakers().stream().map(s -> new String[]{"test_speakers", s}),
                config.valSpeakers().stream().map(s -> new String[]{"val_speakers", s}))
                .filter(s -> !known.contains(s[1])).findFirst().ifPresent(s -> {
                    throw new ConfigException("dataset.%s: got %s; expected some of %s".formatted(s[0], s[1],
                            String.join(", ", known)));
                });
    }

    private static List<Clip> clips(FsddClassesConfig config, List<String> names) throws IOException {
        List<String> others = names.stream().filter(n -> !tested(config, n)).toList();
        Map<String, Part> drawn = ClipSplit.RANDOM.of(others,
                n -> Fsdd.digit(n) + 10 * Fsdd.speaker(n).hashCode(), n -> n, null,
                new ClipSplit.Drawn(config.valSpeakers().isEmpty() ? config.valSplit() : 0, 0, config.seed()));
        List<Clip> out = new ArrayList<>();
        for (String name : names) {
            Part part = tested(config, name)
                    ? Part.TEST
                    : config.valSpeakers().contains(Fsdd.speaker(name))
                            ? Part.VALIDATION
                            : drawn.getOrDefault(name, Part.TRAIN);
            out.add(new Clip(name, Fsdd.digit(name), part));
        }
        return out;
    }

    private static boolean tested(FsddClassesConfig config, String name) {
        return config.testSpeakers().isEmpty()
                ? Fsdd.index(name) < Fsdd.TEST_BELOW
                : config.testSpeakers().contains(Fsdd.speaker(name));
    }

    private FsddClasses() {}
}
