package s4j.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.stream.ModelOptions;
import s4j.stream.TinyModels;

/** Tokens as text. */
class VocabularyTest {
    private static final int SEED = 6;
    private static final int TOKENS = 16;

    @Test
    void theLongestTokenIsTaken() {
        Vocabulary words = new Vocabulary(List.of("", "a", "ab", "abc", " ", "c", "ä€😀"));
        assertArrayEquals(new int[]{3, 1, 4, 2, 1, 6}, words.encode("abca abaä€😀"));
        assertArrayEquals(new int[0], words.encode(""));
        assertEquals("abca ab", words.decode(3, 1, 4, 0, 2));
    }

    @Test
    void decodedTextIsEncodedToATextThatReadsTheSame() {
        Vocabulary words = new Vocabulary(List.of("\n", "th", "the", "e", "t", "h", " ", "ß", "he t", "😀"));
        for (int seed = SEED; seed < SEED + 100; seed++) {
            int[] tokens = new SplittableRandom(seed).ints(50, 0, words.tokens().size()).toArray();
            String text = words.decode(tokens);
            assertEquals(text, words.decode(words.encode(text)), "seed " + seed);
        }
    }

    @Test
    void anUnknownCharacterIsNamedWithItsPlace() {
        Vocabulary letters = new Vocabulary(List.of("a", "b", "\n", "😀"));
        assertFails(IllegalArgumentException.class, () -> letters.encode("ab\na😀ß"),
                "begins with \"ß\" (U+00DF) at character 6 (line 2, column 3)", "its 4 tokens");
        assertFails(IllegalArgumentException.class, () -> letters.encode("\r\n"),
                "\"\\r\" (U+000D) at character 1 (line 1");
        Vocabulary pairs = new Vocabulary(List.of("ab", "abc", "cd"));
        assertFails(IllegalArgumentException.class, () -> pairs.encode("abcd"), "\"d\" (U+0064) at character 4");
    }

    @Test
    void whatIsNoVocabularyIsRefused() {
        assertFails(IllegalArgumentException.class, () -> Vocabulary.of(Map.of("a", 0L)),
                "vocabulary: got {\"a\":0}; expected a list of strings, token 0 first");
        assertFails(IllegalArgumentException.class, () -> Vocabulary.of(Arrays.asList("a", null)),
                "vocabulary[1] is null; expected a string");
        assertFails(IllegalArgumentException.class, () -> Vocabulary.of(List.of("a", 3L)), "vocabulary[1] is 3");
        assertFails(IllegalArgumentException.class, () -> new Vocabulary(List.of("\n", "b", "\n")),
                "vocabulary[2] is \"\\n\", as is [0]");
        assertFails(IllegalArgumentException.class, () -> new Vocabulary(List.of("", "")), "no token that is text");
        assertFails(IllegalArgumentException.class, () -> new Vocabulary(List.of("a", "\ud83d")),
                "vocabulary[1] is half a character");
    }

    private static TokenModel load(ModelFile file) throws MalformedFileException {
        return TokenModel.of(file, "tiny", ModelOptions.standard());
    }

    private static ModelFile withoutSound() {
        Map<String, TensorData> tensors = new LinkedHashMap<>(TinyModels.tokens().tensors());
        tensors.remove("data.levels");
        return new ModelFile(tensors, TinyModels.tokens().config(), Map.of());
    }

    private static Vocabulary letters(int n) {
        return new Vocabulary(IntStream.range(0, n).mapToObj(q -> Character.toString('a' + q)).toList());
    }

    @Test
    void aModelFileKeepsOneThatFits() throws MalformedFileException {
        ModelFile file = letters(TOKENS).in(withoutSound());
        ModelFile read = ModelFile.of(file.toSafeTensors(), "tiny");
        assertEquals(letters(TOKENS), load(read).vocabulary());
        assertEquals(withoutSound().config().get("network"), read.config().get("network"));
        assertTrue(load(withoutSound()).vocabulary() == null, "none where the file says nothing");
        assertFails(MalformedFileException.class, () -> load(letters(15).in(withoutSound())),
                "tiny: vocabulary has 15 tokens, the model gives scores of 16; expected equal numbers");
        assertFails(MalformedFileException.class, () -> load(letters(TOKENS).in(TinyModels.tokens())),
                "sound (data.levels) and text (vocabulary)");
        ModelFile damaged = new ModelFile(withoutSound().tensors(), Map.of("network", damaged(), "vocabulary", "abc"),
                Map.of());
        assertFails(MalformedFileException.class, () -> load(damaged), "tiny: vocabulary: got \"abc\"");
    }

    private static Object damaged() {
        Object network = withoutSound().config().get("network");
        return network == null ? Map.of() : network;
    }

    @Test
    void wordsStandBetweenBlanksAndOthersAreUnknown() {
        Vocabulary words = new Vocabulary(List.of("<eos>", "the", "cat", "<unk>"), Vocabulary.Unit.WORDS);
        assertArrayEquals(new int[]{1, 2, 0, 0, 3, 1}, words.encode("the  cat\n\r\ndog the"));
        assertEquals("the cat \n<unk> ", words.decode(1, 2, 0, 3));
        assertEquals(words, Vocabulary.of(words.toJson()));
        Vocabulary closed = new Vocabulary(List.of("<eos>", "the"), Vocabulary.Unit.WORDS);
        assertFails(IllegalArgumentException.class, () -> closed.encode("the\ndog"), "no word \"dog\" (line 2)");
    }

    @Test
    void bytesAreThoseOfUtf8() {
        Vocabulary bytes = Vocabulary.bytes();
        assertEquals("dé😀\n", bytes.decode(bytes.encode("dé😀\n")));
        assertArrayEquals(new byte[]{(byte) 0xc3}, bytes.bytes(0xc3), "half a character stays half a one");
        assertEquals(bytes, Vocabulary.of(bytes.toJson()));
        assertFails(IllegalArgumentException.class, () -> Vocabulary.of(Map.of("unit", "runes")),
                "vocabulary.unit: got runes; expected words, bytes or bpe");
    }
}
