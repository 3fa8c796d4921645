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
 * training writes it there.
 *
 * @param tokens one for each token that the model predicts; an empty one writes nothing and is never read (a first or
 *     padding token)
 */
public record Vocabulary(List<String> tokens) {
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
        config.put(KEY, tokens);
        return new ModelFile(model.tensors(), config, model.provenance());
    }

    /** The text of tokens. */
    public String decode(int... sequence) {
        StringBuilder text = new StringBuilder();
        for (int token : sequence) {
            text.append(tokens.get(token));
        }
        return text.toString();
    }

    /**
     * The tokens of a text: from its beginning on always the longest token that stands there. Another program may cut words
     * into other pieces; a model then goes on from them a little less well.
     *
     * @throws IllegalArgumentException when no token stands at some place; the message says which
     */
    public int[] encode(String text) {
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
