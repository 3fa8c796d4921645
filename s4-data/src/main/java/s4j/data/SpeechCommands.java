package s4j.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import s4j.config.ConfigException;
import s4j.data.Clip.Part;
import s4j.io.MalformedFileException;
import s4j.math.SplitMix64;

/** Reads Speech Commands. */
final class SpeechCommands {
    /** What is said is none of the other classes. */
    static final String UNKNOWN = "_unknown_";
    /** Nothing is said. */
    static final String SILENCE = "_silence_";
    /** The folder of long recordings of noise. */
    static final String BACKGROUND = "_background_noise_";

    private static final List<String> SC10 = List.of("yes", "no", "up", "down", "left", "right", "on", "off", "stop",
            "go");
    private static final List<String> SC35 = List.of("bed", "cat", "down", "five", "forward", "go", "house", "left",
            "marvin", "no", "on", "right", "sheila", "tree", "up", "visual", "yes", "backward", "bird", "dog", "eight",
            "follow", "four", "happy", "learn", "nine", "off", "one", "seven", "six", "stop", "three", "two", "wow",
            "zero");
    private static final Pattern SPEAKER = Pattern.compile("^(.*?)_nohash_");

    private final ScConfig config;
    private final ScPlaces places;
    private final Consumer<String> log;

    SpeechCommands(ScConfig config, ScPlaces places, Consumer<String> log) {
        this.config = config;
        this.places = places;
        this.log = log;
    }

    ClipDataset load() throws IOException {
        ScPlaces.Found found = places.find(log);
        try (Recordings from = found.recordings()) {
            List<String> names = from.names();
            List<String> classes = classes(names);
            List<String> words = names.stream().filter(n -> !Clip.folder(n).equals(BACKGROUND)).toList();
            Map<String, Part> parts = config.split().of(words, n -> Math.max(-1, classes.indexOf(Clip.folder(n))),
                    n -> ClipSplit.speaker(SPEAKER, n), found.lists(), config.drawn());
            List<Clip> clips = clips(words, classes, parts);
            ClipForm form = config.form();
            ClipForm.Read read = form.read(from, clips, log);
            List<float[]> noises = noises(from, names);
            if (classes.contains(SILENCE)) {
                read = new ClipForm.Read(withSilence(read.sounds(), classes.indexOf(SILENCE), noises), read.rate());
            }
            ClipDataset data = new ClipDataset(config.name(), classes, form, read, from, noises);
            log.accept(data.found());
            return data;
        }
    }

    /** What the configuration says; else every word there is. */
    private List<String> classes(List<String> names) throws MalformedFileException {
        TreeSet<String> there = new TreeSet<>(names.stream().map(Clip::folder).toList());
        there.remove(BACKGROUND);
        there.remove("");
        List<String> asked = config.classes().size() == 1 ? named(config.classes().getFirst()) : config.classes();
        List<String> classes = asked.isEmpty() ? List.copyOf(there) : asked;
        List<String> missing = classes.stream().filter(c -> !c.startsWith("_") && !there.contains(c)).toList();
        if (!missing.isEmpty()) {
            throw new ConfigException("dataset.classes: no recordings of %s; there are %s"
                    .formatted(String.join(", ", missing), String.join(", ", there)));
        }
        List<String> odd = classes.stream().filter(c -> c.startsWith("_") && !c.equals(UNKNOWN) && !c.equals(SILENCE))
                .toList();
        if (!odd.isEmpty() || classes.size() < 2) {
            throw new ConfigException("dataset.classes: got %s; expected two or more of %s, %s, %s"
                    .formatted(classes, String.join(", ", there), UNKNOWN, SILENCE));
        }
        return classes;
    }

    private static List<String> named(String word) {
        return switch (word) {
            case "sc10" -> SC10;
            case "sc35" -> SC35;
            case "sc12" -> {
                List<String> twelve = new ArrayList<>(SC10);
                twelve.addAll(List.of(UNKNOWN, SILENCE));
                yield List.copyOf(twelve);
            }
            default -> List.of(word);
        };
    }

    /** Recordings of the words, and as many of all others as {@code unknown} says, where that is a class. */
    private List<Clip> clips(List<String> names, List<String> classes, Map<String, Part> parts) {
        List<Clip> out = new ArrayList<>();
        List<String> others = new ArrayList<>();
        Map<Part, Integer> counts = new EnumMap<>(Part.class);
        for (String name : names) {
            int label = classes.indexOf(Clip.folder(name));
            if (label < 0) {
                others.add(name);
            } else {
                Part part = parts.getOrDefault(name, Part.TRAIN);
                counts.merge(part, 1, Integer::sum);
                out.add(new Clip(name, label, part));
            }
        }
        int unknown = classes.indexOf(UNKNOWN);
        int[] order = ClipSplit.random(config.drawn(), "unknown").permutation(others.size());
        Map<Part, Integer> taken = new EnumMap<>(Part.class);
        for (int i : unknown < 0 ? new int[0] : order) {
            Part part = parts.getOrDefault(others.get(i), Part.TRAIN);
            if (taken.getOrDefault(part, 0) < share(counts, part, config.unknown())) {
                taken.merge(part, 1, Integer::sum);
                out.add(new Clip(others.get(i), unknown, part));
            }
        }
        return out;
    }

    private static int share(Map<Part, Integer> counts, Part part, double percent) {
        return (int) Math.ceil(counts.getOrDefault(part, 0) * percent / 100);
    }

    /** The long recordings of noise. */
    private List<float[]> noises(Recordings from, List<String> names) throws IOException {
        List<float[]> out = new ArrayList<>();
        for (String name : names) {
            if (Clip.folder(name).equals(BACKGROUND)) {
                float[] x = from.read(name).at(config.sampleRate(), config.resampling()).samples();
                if (x.length > 0) {
                    out.add(x);
                }
            }
        }
        return out;
    }

    /**
     * Pieces of noise at any level from none to its own, a tenth of them digital silence; each split takes its pieces from its own
     * tenths of each noise.
     */
    private List<Clip.Sound> withSilence(List<Clip.Sound> sounds, int label, List<float[]> noises) {
        List<float[]> sources = noises.isEmpty() ? Noise.synthetic(config.sampleRate(), config.seed()) : noises;
        if (noises.isEmpty()) {
            log.accept("note: there is no " + BACKGROUND + "; " + SILENCE + " is made of white, pink and brown noise");
        }
        Map<Part, Integer> counts = new EnumMap<>(Part.class);
        sounds.forEach(s -> counts.merge(s.part(), 1, Integer::sum));
        List<Clip.Sound> out = new ArrayList<>(sounds);
        for (Part part : Part.values()) {
            SplitMix64 random = SplitMix64.of(config.seed(), SILENCE + part, 0);
            int n = share(counts, part, config.silence());
            for (int i = 0; i < n; i++) {
                float[] piece = piece(sources.get(random.nextInt(sources.size())), part, random);
                out.add(new Clip.Sound(PackedSound.of(piece), label, part));
            }
        }
        return List.copyOf(out);
    }

    private float[] piece(float[] noise, Part part, SplitMix64 random) {
        int tenth = noise.length / 10;
        int from = part == Part.TRAIN ? 0 : part == Part.VALIDATION ? 8 * tenth : 9 * tenth;
        int to = part == Part.TRAIN ? 8 * tenth : part == Part.VALIDATION ? 9 * tenth : noise.length;
        int n = Math.min(config.length(), Math.max(1, to - from));
        int at = from + random.nextInt(Math.max(1, to - from - n + 1));
        float[] out = Arrays.copyOfRange(noise, at, Math.min(noise.length, at + n));
        float level = random.nextDouble() < 0.1 ? 0 : (float) random.nextDouble();
        for (int i = 0; i < out.length; i++) {
            out[i] = Math.round(out[i] * level * 32768) / 32768f;
        }
        return out;
    }
}
