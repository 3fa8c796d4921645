package s4j.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * Byte pair encoding (Sennrich et al. 2016) of bytes: a piece of text begins as its bytes, and as long as two neighbours together are
 * a token, those of the lowest number are joined. Every text has tokens, as every byte is one.
 */
public final class BytePairs {
    /** Tokens that are one byte: those with the lowest numbers. */
    public static final int BYTES = 256;

    private static final int KEPT = 100_000;

    private final List<String> tokens;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<String, int[]> known = new HashMap<>();

    /**
     * Of tokens in the order of joining, each a row of bytes as characters below 256.
     *
     * @throws IllegalArgumentException when the first are not the bytes
     */
    public BytePairs(List<String> tokens) {
        this.tokens = List.copyOf(tokens);
        for (int q = 0; q < tokens.size(); q++) {
            numbers.put(tokens.get(q), q);
        }
        for (int b = 0; b < BYTES; b++) {
            if (tokens.size() <= b || !tokens.get(b).equals(Character.toString((char) b))) {
                throw new IllegalArgumentException(
                        "token " + b + " is not byte " + b + "; expected the 256 bytes first");
            }
        }
    }

    /** The bytes, before anything is joined. */
    public static List<String> bytes() {
        List<String> out = new ArrayList<>();
        for (int b = 0; b < BYTES; b++) {
            out.add(Character.toString((char) b));
        }
        return out;
    }

    /** The tokens of a text. */
    public int[] encode(String text) {
        int[][] out = {new int[text.length() + 1]};
        int[] n = {0};
        TextPieces pieces = new TextPieces(piece -> encode(piece, token -> {
            if (n[0] == out[0].length) {
                out[0] = Arrays.copyOf(out[0], 2 * n[0]);
            }
            out[0][n[0]++] = token;
        }));
        text.codePoints().forEach(pieces::add);
        pieces.end();
        return Arrays.copyOf(out[0], n[0]);
    }

    /** The tokens of a piece that {@link TextPieces} gave. */
    public void encode(String piece, IntConsumer out) {
        int[] found = known.get(piece);
        if (found == null) {
            found = joined(piece);
            if (known.size() < KEPT) {
                known.put(piece, found);
            }
        }
        for (int token : found) {
            out.accept(token);
        }
    }

    private int[] joined(String piece) {
        int[] now = piece.chars().toArray();
        int n = now.length;
        while (true) {
            int best = -1;
            int number = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < n; i++) {
                Integer both = numbers.get(tokens.get(now[i]) + tokens.get(now[i + 1]));
                if (both != null && both < number) {
                    number = both;
                    best = i;
                }
            }
            if (best < 0) {
                return Arrays.copyOf(now, n);
            }
            now[best] = number;
            System.arraycopy(now, best + 2, now, best + 1, n - best - 2);
            n--;
        }
    }
}
