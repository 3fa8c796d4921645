package s4j.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static s4j.testkit.Messages.assertFails;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Text as joined bytes. */
final class BytePairsTest {
    private static Vocabulary joined(String... more) {
        List<String> tokens = new ArrayList<>(BytePairs.bytes());
        tokens.addAll(List.of(more));
        return new Vocabulary(tokens, Vocabulary.Unit.BPE);
    }

    private static List<String> pieces(String text) {
        List<String> out = new ArrayList<>();
        TextPieces pieces = new TextPieces(out::add);
        text.codePoints().forEach(pieces::add);
        pieces.end();
        return out;
    }

    @Test
    void piecesAreRunsWithTheBlankBeforeThem() {
        assertEquals(List.of("To", " be", ",", " 42", "nd", " ", " \u00c3\u00a9t\u00c3\u00a9", "\n", "\n", " -->", "x"),
                pieces(
                        "To be, 42nd  été\n\n -->x"));
        assertEquals(List.of("x".repeat(64), "x".repeat(6)), pieces("x".repeat(70)), "no piece grows without end");
    }

    @Test
    void neighboursOfTheLowestNumberAreJoinedFirst() {
        Vocabulary v = joined("bc", "ab", "abc", " a");
        assertArrayEquals(new int[]{258, 256}, v.encode("abcbc"), "bc before ab, then a and bc");
        assertArrayEquals(new int[]{257, 'x', ' ', 257}, joined("xx", "ab", " a", " b").encode("abx ab"),
                "ab before a blank and a");
        assertEquals("abcbc", v.decode(v.encode("abcbc")));
    }

    @Test
    void everyTextComesBack() {
        Vocabulary v = joined("th", "the", " the", "\u00c3\u00a9", "in");
        SplittableRandom random = new SplittableRandom(4);
        for (int n : new int[]{0, 1, 2, 7, 100, 1025}) {
            StringBuilder text = new StringBuilder("the é in the 😀\r\n\u0000");
            for (int i = 0; i < n; i++) {
                int code = random.nextInt(0x11000);
                text.appendCodePoint(code >= 0xd800 && code < 0xe000 ? 'x' : code);
            }
            assertEquals(text.toString(), v.decode(v.encode(text.toString())), "seed 4, size " + n);
        }
        assertEquals(v, Vocabulary.of(v.toJson()), "as it stands in a model file");
    }

    @Test
    void vocabularyWithoutAllBytesIsRefused() {
        assertFails(IllegalArgumentException.class, () -> new Vocabulary(List.of("a", "b"), Vocabulary.Unit.BPE),
                "token 0 is not byte 0", "expected the 256 bytes first");
    }
}
