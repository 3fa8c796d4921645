package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.generate.Vocabulary;
import s4j.io.MalformedFileException;
import s4j.model.SequenceBatch;

/** Text as sequences of tokens. */
final class TextDatasetTest {
    @TempDir
    Path dir = Path.of("");

    private final List<String> log = new ArrayList<>();

    static TextConfig config(Path path, TextConfig.Level level, int sampleLen, double validation, double test) {
        return new TextConfig("text", path.toString(), level, 4096, 1, 1000, sampleLen, validation, 1, test,
                TextConfig.Malformed.REFUSE, null);
    }

    private Dataset load(Path path, TextConfig.Level level, int sampleLen) throws IOException {
        return config(path, level, sampleLen, 0, 0.25).load(log::add);
    }

    private static Vocabulary vocabulary(Dataset data) { return Objects.requireNonNull(data.vocabulary()); }

    private static Corpus corpus(Dataset data) { return Objects.requireNonNull(data.corpus()); }

    static int[] all(Tokens tokens) {
        int[] out = new int[Math.toIntExact(tokens.size())];
        java.util.Arrays.setAll(out, tokens::at);
        return out;
    }

    private static String text(Dataset data, Tokens tokens) { return vocabulary(data).decode(all(tokens)); }

    @Test
    void networkSeesTheTokenBeforeTheOneItIsToSay() throws IOException {
        Path file = Files.writeString(dir.resolve("a.txt"), "\ufeffdéad 😀bead\ncab");
        Dataset data = load(file, TextConfig.Level.CHARACTERS, 4);
        assertEquals(List.of("found: " + file
                + ", tokens: 10 training, 0 validation, 4 test, of 9 characters"), log);
        assertEquals("déad 😀bead\ncab", text(data, corpus(data).train()) + text(data, corpus(data).test()),
                "nothing is lost, and no order");
        SequenceBatch second = data.train().batch(new int[]{1});
        int[] first = data.train().batch(new int[]{0}).classes();
        assertEquals(first[3], second.x()[0], "the token before the window");
        assertEquals(0f, data.train().batch(new int[]{0}).x()[0], "the line feed comes before a text");
        for (int t = 1; t < 4; t++) {
            assertEquals(second.classes()[t - 1], second.x()[t]);
        }
        assertEquals(2, data.train().batch(new int[]{2}).length(), "what is left");
    }

    @Test
    void bytesNeedNoVocabulary() throws IOException {
        Files.write(dir.resolve("a"), new byte[]{-1, 0, 10, 7});
        Files.write(dir.resolve("b"), new byte[]{1, 2, 3});
        Dataset data = load(dir, TextConfig.Level.BYTES, 3);
        assertEquals(256, data.dInput());
        assertFalse(data.transform().containsKey("data.vocabulary"));
        assertEquals(Vocabulary.bytes(), data.vocabulary());
        assertArrayEquals(new int[]{255, 0, 10, 7, 1}, all(corpus(data).train()), "files follow each other");
        assertArrayEquals(new int[]{2, 3}, all(corpus(data).test()));
    }

    @Test
    void wordsFollowThePublishedRule() throws IOException {
        Path file = Files.writeString(dir.resolve("w.txt"), " = b =\n\n a b c \nb a");
        Dataset data = config(file, TextConfig.Level.WORDS, 2, 0, 0.01).load(log::add);
        assertEquals(List.of("<eos>", "b", "=", "a", "c", "<unk>"), withUnknown(data), "by falling count");
        assertEquals("= b = \n\na b c \nb a ", text(data, corpus(data).train()), "a line's end for each line");
        assertEquals("\n", text(data, corpus(data).test()), "also for the last, without a line feed");
    }

    private static List<String> withUnknown(Dataset data) {
        List<String> out = new ArrayList<>(vocabulary(data).tokens());
        if (!out.contains("<unk>")) {
            out.add("<unk>");
        }
        return out;
    }

    @Test
    void rareWordsAreUnknownAndCounted() throws IOException {
        Path file = Files.writeString(dir.resolve("w.txt"), "a a b b once\n".repeat(1) + "a new b twice a\n");
        Dataset data = new TextConfig("text", file.toString(), TextConfig.Level.WORDS, 4096, 2, 1000, 2, 0, 1, 0.5,
                TextConfig.Malformed.REFUSE, null).load(log::add);
        assertEquals(List.of("<eos>", "a", "b", "<unk>"), vocabulary(data).tokens());
        assertEquals("a <unk> b <unk> a \n", text(data, corpus(data).test()));
        assertTrue(log.getFirst().contains("outside the vocabulary: <unk>, 2 of the test tokens"), log.getFirst());
        assertFails(MalformedFileException.class,
                () -> config(file, TextConfig.Level.WORDS, 2, 0, 0.5).load(log::add),
                "the word new is not in the vocabulary", "dataset.min_count=2");
    }

    @Test
    void folderWithSplitsKeepsThem() throws IOException {
        Files.writeString(dir.resolve("x.train.txt"), "abcabc");
        Files.writeString(dir.resolve("x.valid.txt"), "ab");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve("x.test.txt.gz")))) {
            out.write("cba".getBytes(StandardCharsets.UTF_8));
        }
        Dataset data = load(dir, TextConfig.Level.CHARACTERS, 3);
        assertEquals("abcabc|ab|cba", text(data, corpus(data).train()) + "|" + text(data, corpus(data).validation())
                + "|" + text(data, corpus(data).test()));
    }

    @Test
    void lineEndsAreLineFeedsHoweverTheyAreWritten() throws IOException {
        Path file = Files.writeString(dir.resolve("a.txt"), "\ufeffa\r\nb\rc\n\r\n\r");
        Dataset data = load(file, TextConfig.Level.CHARACTERS, 2);
        assertEquals("a\nb\nc\n\n\n", text(data, corpus(data).train()) + text(data, corpus(data).test()));
    }

    @Test
    void invalidUtf8IsNamedByByteAndPosition() throws IOException {
        Path file = Files.write(dir.resolve("latin.txt"), new byte[]{'a', 'b', (byte) 0xe9, 'c'});
        assertFails(MalformedFileException.class, () -> load(file, TextConfig.Level.CHARACTERS, 2),
                "latin.txt, byte 2: got 0xe9", "dataset.level=bytes", "dataset.malformed=replace");
        Path cut = Files.write(dir.resolve("cut.txt"), new byte[]{'a', (byte) 0xc3});
        assertFails(MalformedFileException.class, () -> load(cut, TextConfig.Level.CHARACTERS, 2), "cut.txt, byte 1",
                "0xc3");
        byte[] late = new byte[70_000];
        java.util.Arrays.fill(late, (byte) 'x');
        late[69_999] = (byte) 0xff;
        Path file3 = Files.write(dir.resolve("late.txt"), late);
        assertFails(MalformedFileException.class, () -> load(file3, TextConfig.Level.CHARACTERS, 2), "byte 69,999");
        Dataset replaced = new TextConfig("text", file.toString(), TextConfig.Level.CHARACTERS, 4096, 1, 1000, 2, 0, 1,
                0.25,
                TextConfig.Malformed.REPLACE, null).load(log::add);
        assertEquals("ab\ufffdc", text(replaced, corpus(replaced).train()) + text(replaced, corpus(replaced).test()));
    }

    @Test
    void aCharacterAcrossBlocksIsOne() throws IOException {
        String text = "x".repeat((1 << 16) - 1) + "😀" + "y".repeat(9);
        Path file = Files.writeString(dir.resolve("a.txt"), text);
        Dataset data = load(file, TextConfig.Level.CHARACTERS, 2);
        assertEquals(text, text(data, corpus(data).train()) + text(data, corpus(data).test()));
    }

    @Test
    void tooLittleTextIsRefused() throws IOException {
        Path empty = Files.writeString(dir.resolve("a.txt"), "");
        assertFails(MalformedFileException.class, () -> load(empty, TextConfig.Level.CHARACTERS, 2),
                "there is no text");
        Path little = Files.writeString(dir.resolve("b.txt"), "abc");
        assertFails(MalformedFileException.class, () -> load(little, TextConfig.Level.CHARACTERS, 100),
                "3 tokens, 2 of them to train on; expected at least one sequence of 100", "dataset.sample_len");
    }

    @Test
    void validationComesFromSeveralPlacesOfTheTextBeforeTheTest() throws IOException {
        Path file = Files.writeString(dir.resolve("a.txt"), "aaaaaXbbbbbYcccccZTTTT");
        Dataset data = new TextConfig("text", file.toString(), TextConfig.Level.CHARACTERS, 4096, 1, 1000, 2, 0.14, 3,
                0.18,
                TextConfig.Malformed.REFUSE, null).load(log::add);
        assertEquals("aaaaabbbbbccccc", text(data, corpus(data).train()));
        assertEquals("XYZ", text(data, corpus(data).validation()));
        assertEquals("TTTT", text(data, corpus(data).test()));
    }

    @Test
    void blocksAndTrainingAreTheWholeTextOnceWhateverTheirNumber() {
        for (int size : new int[]{1, 2, 7, 100, 1025}) {
            for (int blocks : new int[]{1, 2, 3, 7, 100}) {
                for (int validation : new int[]{0, 1, size / 10, size / 2}) {
                    String name = "size %d, %d for validation in %d blocks".formatted(size, validation, blocks);
                    TextCut cut = new TextCut(size, validation, blocks);
                    Tokens all = Tokens.of(java.util.stream.IntStream.range(0, size + 3).toArray());
                    int[] trained = all(cut.training(all));
                    int[] kept = all(cut.validation(all));
                    assertEquals(validation, kept.length, name);
                    assertArrayEquals(java.util.stream.IntStream.range(0, size + 3).filter(cut::trains).toArray(),
                            trained, name);
                    assertArrayEquals(java.util.stream.IntStream.range(0, size).filter(i -> !cut.trains(i)).toArray(),
                            kept, name);
                }
            }
        }
    }

    @Test
    void wordsOfValidationBlocksAreNotInTheVocabulary() throws IOException {
        Path file = Files.writeString(dir.resolve("w.txt"), "a a a a a v1 v1 a a a a a v2 v2 \na a");
        Dataset data = new TextConfig("text", file.toString(), TextConfig.Level.WORDS, 4096, 2, 1000, 2, 4 / 17.0, 2,
                3 / 17.0,
                TextConfig.Malformed.REFUSE, null).load(log::add);
        assertEquals(List.of("<eos>", "a", "<unk>"), vocabulary(data).tokens());
    }

    @Test
    void mostFrequentPairsAreJoinedFirst() throws IOException {
        // "low" 5 times (4 with a blank), " lower" twice, " newest" 6 times, " widest" 3 times
        String text = "low" + " low".repeat(4) + " lower".repeat(2) + " newest".repeat(6) + " widest".repeat(3);
        Path file = Files.writeString(dir.resolve("a.txt"), text);
        Dataset data = new TextConfig("text", file.toString(), TextConfig.Level.BPE, 256 + 5, 1, 1000, 2, 0, 1, 0.001,
                TextConfig.Malformed.REFUSE, null).load(log::add);
        assertEquals(List.of("es", "est", "lo", "low", " n"), vocabulary(data).tokens().subList(256, 261),
                "9, 9, 7, 7 and 6 times; of equal ones that of the lowest numbers");
        assertEquals(text, text(data, corpus(data).train()) + text(data, corpus(data).test()), "nothing is lost");
        assertEquals(261, data.dInput());
        assertTrue(log.getFirst().contains("of 261 pieces"), log.getFirst());
    }

    @Test
    void piecesOfTheTestPartAreNotLearned() throws IOException {
        Path file = Files.writeString(dir.resolve("a.txt"), "abab ".repeat(40) + "xyxy ".repeat(40));
        Dataset data = new TextConfig("text", file.toString(), TextConfig.Level.BPE, 4096, 1, 1000, 2, 0, 1, 0.5,
                TextConfig.Malformed.REFUSE, null).load(log::add);
        assertFalse(vocabulary(data).tokens().contains("xy"));
        assertTrue(vocabulary(data).tokens().contains("ab"));
    }

    @Test
    void manyTokensLieInATemporaryFile() {
        int n = 70 << 20;
        Tokens.Filling filling = Tokens.filling(n, 200);
        for (int i = 0; i < n; i++) {
            filling.add(i % 199);
        }
        Tokens tokens = filling.filled();
        assertFalse(tokens.memory().heapBase().isPresent(), "not in the heap");
        assertEquals((n - 1) % 199, tokens.at(n - 1));
        assertEquals(5, tokens.slice(5, 10).at(0));
    }
}
