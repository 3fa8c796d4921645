package s4j.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/**
 * Text as sequences of tokens, for predicting the next one: at step t the network sees token t − 1 (before a file's first one a line
 * feed) and is to say token t. Padding is never trained on.
 *
 * <p>Token i is the character with code point {@code data.vocabulary[i]}, ascending; or byte i.
 */
final class TextDataset implements Dataset {
    private static final int BYTES = 256;
    private static final int LARGEST = 1 << 16;

    private final Path path;
    private final int files;
    private final int[] vocabulary;
    private final boolean bytes;
    private final Windows train;
    private final Windows validation;
    private final Windows test;
    private final String hash;

    private TextDataset(Path path, TextConfig config, List<int[]> texts, String hash) throws IOException {
        this.path = path;
        this.files = texts.size();
        this.hash = hash;
        this.bytes = config.level() == TextConfig.Level.BYTES;
        this.vocabulary = bytes ? java.util.stream.IntStream.range(0, BYTES).toArray() : vocabulary(texts);
        int lineFeed = Arrays.binarySearch(vocabulary, '\n');
        List<char[]> windows = new ArrayList<>();
        for (int[] text : texts) {
            cut(text, config.sampleLen(), lineFeed, windows);
        }
        int n = windows.size();
        int tested = Math.max(1, (int) Math.round(n * config.testSplit()));
        int validated = (int) Math.round(n * config.valSplit());
        if (n - tested - validated < 1) {
            throw new IOException(
                    "%s: %d sequences of %d tokens; expected at least two, to train and to test. Give more text, "
                            .formatted(path, n, config.sampleLen()) + "or lower dataset.sample_len");
        }
        this.train = new Windows(windows.subList(0, n - tested - validated), lineFeed);
        this.validation = new Windows(windows.subList(n - tested - validated, n - tested), lineFeed);
        this.test = new Windows(windows.subList(n - tested, n), lineFeed);
    }

    static TextDataset load(TextConfig config, Path path) throws IOException {
        List<int[]> texts = new ArrayList<>();
        List<byte[]> hashes = new ArrayList<>();
        for (Path file : TextFiles.at(path).files()) {
            byte[] content = Files.readAllBytes(file);
            hashes.add(Sha256.hex(content).getBytes(StandardCharsets.US_ASCII));
            int[] codes;
            if (config.level() == TextConfig.Level.BYTES) {
                codes = new int[content.length];
                Arrays.setAll(codes, i -> content[i] & 0xff);
            } else {
                codes = TextFiles.decode(content, file.toString()).codePoints().toArray();
            }
            if (codes.length > 0) {
                texts.add(codes);
            }
        }
        if (texts.isEmpty()) {
            throw new MalformedFileException(path + ": there is no text; expected some. Is it the right file?");
        }
        return new TextDataset(path, config, texts, Sha256.hex(hashes.toArray(new byte[0][])));
    }

    /** The code points that occur, and the line feed, ascending. */
    private static int[] vocabulary(List<int[]> texts) throws IOException {
        TreeSet<Integer> seen = new TreeSet<>();
        seen.add((int) '\n');
        for (int[] text : texts) {
            for (int code : text) {
                seen.add(code);
            }
        }
        if (seen.size() > LARGEST) {
            throw new IOException(
                    "%,d different characters; expected at most %,d. Read bytes: dataset.level=bytes".formatted(
                            seen.size(), LARGEST));
        }
        return seen.stream().mapToInt(i -> i).toArray();
    }

    /** Windows with the token before their first one in front. */
    private void cut(int[] text, int length, int lineFeed, List<char[]> windows) {
        for (int from = 0; from < text.length; from += length) {
            int n = Math.min(length, text.length - from);
            char[] window = new char[n + 1];
            window[0] = (char) (from == 0 ? lineFeed : token(text[from - 1]));
            for (int t = 0; t < n; t++) {
                window[t + 1] = (char) token(text[from + t]);
            }
            windows.add(window);
        }
    }

    private int token(int code) { return bytes ? code : Arrays.binarySearch(vocabulary, code); }

    @Override
    public String name() { return "text"; }

    @Override
    public int dInput() { return vocabulary.length; }

    @Override
    public boolean tokens() { return true; }

    @Override
    public int lMax() { return Math.max(train.longest(), Math.max(validation.longest(), test.longest())); }

    @Override
    public TargetSpec targets() { return TargetSpec.StepClasses.of(vocabulary.length); }

    @Override
    public SequenceSet train() { return train; }

    @Override
    public SequenceSet validation() { return validation; }

    @Override
    public SequenceSet test() { return test; }

    @Override
    public Map<String, TensorData> transform() {
        return bytes ? Map.of() : Map.of("data.vocabulary", TensorData.of(vocabulary, vocabulary.length));
    }

    @Override
    public String hash() { return hash; }

    @Override
    public Map<String, String> facts() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Read from", path.toString());
        out.put("Files", String.format(Locale.ROOT, "%,d", files));
        out.put("Tokens", String.format(Locale.ROOT, "%,d", train.tokens() + validation.tokens() + test.tokens()));
        out.put("Different tokens",
                String.format(Locale.ROOT, "%,d %s", vocabulary.length, bytes ? "bytes" : "characters"));
        out.put("Begins", excerpt());
        return out;
    }

    private String excerpt() {
        char[] first = train.windows.getFirst();
        StringBuilder out = new StringBuilder();
        for (int t = 1; t < Math.min(first.length, 120); t++) {
            int code = vocabulary[first[t]];
            out.appendCodePoint(code < ' ' || (bytes && code > 126) ? ' ' : code);
        }
        return out.toString();
    }

    /** What was found, in one line. */
    String found() {
        Map<String, String> facts = facts();
        return "found: %s, %s file%s, %s tokens of %s".formatted(path, facts.get("Files"), files == 1 ? "" : "s",
                facts.get("Tokens"), facts.get("Different tokens"));
    }

    /** Sequences of tokens, each behind the one before it. */
    private record Windows(List<char[]> windows, int padding) implements SequenceSet {
        @Override
        public int size() { return windows.size(); }

        int longest() { return windows.stream().mapToInt(w -> w.length - 1).max().orElse(0); }

        long tokens() { return windows.stream().mapToLong(w -> w.length - 1).sum(); }

        @Override
        @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
        public SequenceBatch batch(int[] indices) {
            int[] lengths = Arrays.stream(indices).map(i -> windows.get(i).length - 1).toArray();
            int longest = Arrays.stream(lengths).max().orElseThrow();
            float[] x = new float[Math.multiplyExact(indices.length, longest)];
            int[] targets = new int[x.length];
            Arrays.fill(x, padding);
            Arrays.fill(targets, padding);
            for (int b = 0; b < indices.length; b++) {
                char[] window = windows.get(indices[b]);
                for (int t = 0; t < lengths[b]; t++) {
                    x[b * longest + t] = window[t];
                    targets[b * longest + t] = window[t + 1];
                }
            }
            boolean same = Arrays.stream(lengths).allMatch(n -> n == longest);
            return SequenceBatch.ofSteps(indices.length, longest, x, same ? null : lengths, targets);
        }

        @Override
        public int label(int i) { return -1; }
    }
}
