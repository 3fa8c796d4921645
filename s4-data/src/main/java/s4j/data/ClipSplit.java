package s4j.data;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import s4j.data.Clip.Part;
import s4j.io.MalformedFileException;
import s4j.io.InputFile;
import s4j.math.SplitMix64;

/** How recordings are shared among training, validation and test. */
public enum ClipSplit {
    /** That of Speech Commands' authors: the lists beside the recordings, without them the hash they were made by. */
    OFFICIAL,
    /** {@code validation_list.txt} and {@code testing_list.txt} beside the recordings; all others are trained on. */
    LISTS,
    /** All recordings of a speaker in one split; speakers are drawn. */
    SPEAKER,
    /** Drawn, of every class its share. */
    RANDOM;

    private static final String VALIDATION = "validation_list.txt";
    private static final String TEST = "testing_list.txt";
    private static final long MOST = (1L << 27) - 1;

    /**
     * What a drawn split needs.
     *
     * @param validation fraction of the recordings or speakers that are not tested
     * @param test fraction of all
     * @param seed of the drawing
     */
    record Drawn(double validation, double test, long seed) {}

    /** The lists' recordings, as {@link Clip#listed}. */
    record Lists(Set<String> validation, Set<String> test) {
        /** Those of a directory; null where one is missing. */
        static @Nullable Lists in(Path directory) throws IOException {
            Path first = directory.resolve(VALIDATION);
            Path second = directory.resolve(TEST);
            return Files.isRegularFile(first) && Files.isRegularFile(second)
                    ? new Lists(read(first), read(second))
                    : null;
        }

        private static Set<String> read(Path file) throws IOException {
            Set<String> out = new HashSet<>();
            for (String line : InputFile.lines(file)) {
                if (!line.isBlank()) {
                    out.add(Clip.listed(line.strip()));
                }
            }
            return out;
        }

        Part part(String name) {
            String listed = Clip.listed(name);
            return test.contains(listed) ? Part.TEST : validation.contains(listed) ? Part.VALIDATION : Part.TRAIN;
        }
    }

    /**
     * The split of each recording.
     *
     * @param label number of its class
     * @param speaker from its name
     * @param lists beside the recordings, where there are some
     */
    Map<String, Part> of(List<String> names, ToIntFunction<String> label, UnaryOperator<String> speaker,
            @Nullable Lists lists, Drawn drawn) throws IOException {
        Map<String, Part> out = new HashMap<>();
        switch (this) {
            case OFFICIAL -> names.forEach(n -> out.put(n, lists == null ? hashed(n) : lists.part(n)));
            case LISTS -> {
                if (lists == null) {
                    throw new MalformedFileException("dataset.split: got lists, but there are no " + VALIDATION
                            + " and " + TEST
                            + " beside the recordings; expected both, a line CLASS/FILE.wav each, or another split");
                }
                names.forEach(n -> out.put(n, lists.part(n)));
            }
            case RANDOM -> {
                Part[] parts = drawn(names.size(), new Shares(i -> label.applyAsInt(names.get(i))), drawn);
                for (int i = 0; i < parts.length; i++) {
                    out.put(names.get(i), parts[i]);
                }
            }
            case SPEAKER -> {
                List<String> speakers = new ArrayList<>(new TreeSet<>(names.stream().map(speaker).toList()));
                Part[] parts = drawn(speakers.size(), Shares.ANY, drawn);
                names.forEach(n -> out.put(n, parts[speakers.indexOf(speaker.apply(n))]));
            }
        }
        return out;
    }

    private static Part[] drawn(int n, Shares shares, Drawn drawn) {
        int[] all = new int[n];
        Arrays.setAll(all, i -> i);
        int[][] tested = shares.split(all, drawn.test, drawn.seed, "test");
        int[][] validated = shares.split(tested[0], drawn.validation, drawn.seed, "split");
        Part[] out = new Part[n];
        Arrays.fill(out, Part.TRAIN);
        Arrays.stream(tested[1]).forEach(i -> out[i] = Part.TEST);
        Arrays.stream(validated[1]).forEach(i -> out[i] = Part.VALIDATION);
        return out;
    }

    /**
     * The rule of Speech Commands' README: SHA-1 of the name before {@code _nohash_}, modulo 2²⁷, of which a tenth is for
     * validation, another for the test. One speaker's recordings stay together.
     */
    static Part hashed(String name) {
        String speaker = Clip.base(name).replaceFirst("_nohash_.*$", "");
        BigInteger sum = new BigInteger(1, sha1(speaker));
        double percent = sum.mod(BigInteger.valueOf(MOST + 1)).longValueExact() * (100.0 / MOST);
        return percent < 10 ? Part.VALIDATION : percent < 20 ? Part.TEST : Part.TRAIN;
    }

    private static byte[] sha1(String text) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-1", e);
        }
    }

    /** The speaker in a file's name without ending: what a pattern's first group finds; else the whole name. */
    static String speaker(Pattern pattern, String name) {
        Matcher m = pattern.matcher(Clip.base(name));
        return m.find() && m.groupCount() > 0 && m.group(1) != null ? m.group(1) : Clip.base(name);
    }

    /** A random number for choosing among recordings by seed alone. */
    static SplitMix64 random(Drawn drawn, String purpose) {
        return SplitMix64.of(drawn.seed, purpose, 0);
    }
}
