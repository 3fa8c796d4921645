package s4j.generate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import s4j.io.Json;
import s4j.io.ModelFile;

/**
 * How tokens are text: token q is written as {@code tokens[q]}, characters, words or pieces of words. A model file holds it
 * as a list of strings in its configuration, beside the network, under {@value #KEY}; whatever turns text into tokens for
 * training writes it there. Where tokens are words, bytes or joined bytes, a map stands there: {@code unit}, and the words' {@code tokens}.
 *
 * @param tokens one for each token that the model predicts; an empty one writes nothing and is never read (a first or
 *     padding token)
 * @param unit what they are
 */
public record Vocabulary(List<String> tokens, Unit unit) {
    /** What stands for a word that is none of the vocabulary. */
    public static final String UNKNOWN = "<unk>";
    /** What stands for a line's end among words. */
    public static final String END = "<eos>";

    /** What a token is. */
    public enum Unit {
        /** Text as it stands: characters, pieces of words. */
        PIECES,
        /** Words between blanks; {@value Vocabulary#END} ends a line. */
        WORDS,
        /** Bytes of UTF-8. */
        BYTES,
        /** Bytes of UTF-8 joined as {@link BytePairs} does: each token is a row of them, as characters below 256. */
        BPE;

        /** Whether a token may be half a character. */
        public boolean ofBytes() { return this == BYTES || this == BPE; }
    }

    private static final Vocabulary BYTES = new Vocabulary(
            java.util.stream.IntStream.range(0, 256).mapToObj(i -> Character.toString((char) i)).toList(), Unit.BYTES);

    /** Pieces of text. */
    public Vocabulary(List<String> tokens) { this(tokens, Unit.PIECES); }

    /** The 256 bytes. */
    public static Vocabulary bytes() { return BYTES; }

    /** The key in a model file's configuration. */
    public static final String KEY = "vocabulary";

    /**
     * Keeps a copy and checks the tokens.
     *
     * @throws IllegalArgumentException when two are equal, all are empty, or one is half a character
     */
    public Vocabulary {
        tokens = List.copyOf(tokens);
        Map<String, Integer> seen = new HashMap<>();
        for (int q = 0; q < tokens.size(); q++) {
            String token = tokens.get(q);
            if (!StandardCharsets.UTF_8.newEncoder().canEncode(token)) {
                throw new IllegalArgumentException(KEY + "[" + q + "] is half a character (an unpaired surrogate); "
                        + "expected text. Tokens that are bytes have no place in a vocabulary");
            }
            Integer before = token.isEmpty() ? null : seen.put(token, q);
            if (before != null) {
                throw new IllegalArgumentException(
                        KEY + "[" + q + "] is " + Json.shortened(Json.print(token)) + ", as is [" + before
                                + "]; expected different tokens");
            }
        }
        if (unit == Unit.BPE) {
            new BytePairs(tokens); // refuses what it cannot encode with
        }
        if (seen.isEmpty()) {
            throw new IllegalArgumentException(KEY + " has no token that is text; expected at least one");
        }
    }

    /**
     * From plain JSON values.
     *
     * @throws IllegalArgumentException when it is no list of different strings
     */
    public static Vocabulary of(@Nullable Object value) {
        if (value instanceof Map<?, ?> map && map.containsKey("unit")) {
            return switch (String.valueOf(map.get("unit"))) {
                case "words" -> new Vocabulary(of(map.get("tokens")).tokens, Unit.WORDS);
                case "bytes" -> BYTES;
                case "bpe" -> new Vocabulary(of(map.get("tokens")).tokens, Unit.BPE);
                default -> throw new IllegalArgumentException(
                        KEY + ".unit: got " + map.get("unit") + "; expected words, bytes or bpe");
            };
        }
        if (!(value instanceof List<?> list)) {
            throw new IllegalArgumentException(
                    KEY + ": got " + (value == null ? "null" : Json.shortened(Json.print(value)))
                            + "; expected a list of strings, token 0 first");
        }
        List<String> tokens = new ArrayList<>();
        for (Object token : list) {
            if (!(token instanceof String text)) {
                throw new IllegalArgumentException(
                        KEY + "[" + tokens.size() + "] is " + Json.shortened(Json.print(token))
                                + "; expected a string");
            }
            tokens.add(text);
        }
        return new Vocabulary(tokens);
    }

    /** A model with this vocabulary in place of one that it had. */
    public ModelFile in(ModelFile model) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>(model.config());
        config.put(KEY, toJson());
        return new ModelFile(model.tensors(), config, model.provenance());
    }

    /** As plain JSON values, which {@link #of} reads. */
    public Object toJson() {
        return switch (unit) {
            case PIECES -> tokens;
            case WORDS -> Map.of("unit", "words", "tokens", tokens);
            case BYTES -> Map.of("unit", "bytes");
            case BPE -> Map.of("unit", "bpe", "tokens", tokens);
        };
    }

    /** The text of tokens; of bytes that are no UTF-8, replacement characters. */
    public String decode(int... sequence) {
        return new String(bytes(sequence), StandardCharsets.UTF_8);
    }

    /** The text of tokens in UTF-8; a word has a blank behind it, the last one of a line none. */
    public byte[] bytes(int... sequence) {
        if (unit == Unit.BYTES) {
            byte[] out = new byte[sequence.length];
            for (int i = 0; i < out.length; i++) {
                out[i] = (byte) sequence[i];
            }
            return out;
        }
        if (unit == Unit.BPE) {
            StringBuilder all = new StringBuilder();
            for (int token : sequence) {
                all.append(tokens.get(token));
            }
            return all.toString().getBytes(StandardCharsets.ISO_8859_1);
        }
        StringBuilder text = new StringBuilder();
        for (int token : sequence) {
            String piece = tokens.get(token);
            if (unit == Unit.PIECES) {
                text.append(piece);
            } else if (piece.equals(END)) {
                text.append('\n');
            } else {
                text.append(piece).append(' ');
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The tokens of a text: from its beginning on always the longest token that stands there. Another program may cut words
     * into other pieces; a model then goes on from them a little less well.
     *
     * @throws IllegalArgumentException when no token stands at some place; the message says which
     */
    public int[] encode(String text) {
        return switch (unit) {
            case PIECES -> pieces(text);
            case WORDS -> words(text);
            case BPE -> new BytePairs(tokens).encode(text);
            case BYTES -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                yield java.util.stream.IntStream.range(0, bytes.length).map(i -> bytes[i] & 0xff).toArray();
            }
        };
    }

    private int[] words(String text) {
        Map<String, Integer> numbers = numbers();
        List<Integer> out = new ArrayList<>();
        String[] lines = text.split("\\R", -1);
        for (int line = 0; line < lines.length; line++) {
            for (String word : lines[line].isBlank() ? new String[0] : lines[line].strip().split("\\s+", -1)) {
                Integer token = numbers.getOrDefault(word, numbers.get(UNKNOWN));
                if (token == null) {
                    throw new IllegalArgumentException("the model has no word " + Json.shortened(Json.print(word))
                            + " (line " + (line + 1) + ") and no " + UNKNOWN
                            + " for others; expected words of its vocabulary");
                }
                out.add(token);
            }
            Integer end = numbers.get(END);
            if (line < lines.length - 1 && end != null) {
                out.add(end);
            }
        }
        return out.stream().mapToInt(Integer::intValue).toArray();
    }

    private Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        for (int q = 0; q < tokens.size(); q++) {
            numbers.put(tokens.get(q), q);
        }
        return numbers;
    }

    private int[] pieces(String text) {
        Map<String, Integer> numbers = new HashMap<>();
        Set<Integer> lengths = new TreeSet<>(Comparator.reverseOrder());
        for (int q = 0; q < tokens.size(); q++) {
            if (!tokens.get(q).isEmpty()) {
                numbers.put(tokens.get(q), q);
                lengths.add(tokens.get(q).length());
            }
        }
        int[] out = new int[text.length()];
        int n = 0;
        for (int at = 0; at < text.length(); n++) {
            out[n] = longest(text, at, numbers, lengths);
            at += tokens.get(out[n]).length();
        }
        return Arrays.copyOf(out, n);
    }

    private static int longest(String text, int at, Map<String, Integer> numbers, Set<Integer> lengths) {
        for (int length : lengths) {
            Integer token = length <= text.length() - at ? numbers.get(text.substring(at, at + length)) : null;
            if (token != null) {
                return token;
            }
        }
        int line = (int) text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        int column = text.codePointCount(text.lastIndexOf('\n', at - 1) + 1, at) + 1;
        throw new IllegalArgumentException(
                "no token of the model begins with %s (U+%04X) at character %d (line %d, column %d)"
                        .formatted(Json.print(Character.toString(text.codePointAt(at))), text.codePointAt(at),
                                text.codePointCount(0, at) + 1, line, column)
                        + "; expected text of its " + numbers.size() + " tokens. Leave it out, or write it otherwise");
    }
}
