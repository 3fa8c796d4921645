package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.generate.Vocabulary;
import s4j.io.MalformedFileException;
import s4j.model.SequenceBatch;
import s4j.model.Targets;

/** Folders of text, damaged ones, and what tokens must not depend on. */
final class TextFolderTest {
    @TempDir
    Path dir = Path.of("");

    private final List<String> log = new ArrayList<>();

    private Dataset load(String level, Object... keys) throws IOException {
        Map<String, Object> all = new HashMap<>(Map.of("path", dir.toString(), "level", level, "sample_len", 2L,
                "val_split", 0.0, "test_split", 0.25));
        for (int i = 0; i < keys.length; i += 2) {
            all.put(keys[i].toString(), keys[i + 1]);
        }
        return Small.bound(all, TextConfig.DEFAULTS).load(log::add);
    }

    private static String word(Enum<?> e) { return e.name().toLowerCase(Locale.ROOT); }

    private static Corpus corpus(Dataset data) { return Objects.requireNonNull(data.corpus()); }

    private static Vocabulary vocabulary(Dataset data) { return Objects.requireNonNull(data.vocabulary()); }

    private static int[] all(Tokens tokens) {
        int[] out = new int[Math.toIntExact(tokens.size())];
        Arrays.setAll(out, tokens::at);
        return out;
    }

    private static String text(Dataset data, Tokens tokens) { return vocabulary(data).decode(all(tokens)); }

    @ParameterizedTest
    @CsvSource({"train.txt,valid.txt,test.txt", "wiki.train.tokens,wiki.valid.tokens,wiki.test.tokens",
            "training_1.txt,validation_1.txt,testing_1.txt", "train-a,val-a,test-a", "trainset,valset,testset",
            "my train,my val,my test"})
    void filesNamedByTheirSplitAreThatSplit(String train, String validation, String test) throws IOException {
        Files.writeString(dir.resolve(train), "aaaaaa");
        Files.writeString(dir.resolve(validation), "bbb");
        Files.writeString(dir.resolve(test), "cc");
        Dataset data = load("bytes");
        assertEquals(List.of("aaaaaa", "bbb", "cc"), List.of(text(data, corpus(data).train()),
                text(data, corpus(data).validation()), text(data, corpus(data).test())));
    }

    /** A word inside another word is no name of a split: nothing is left out. */
    @ParameterizedTest
    @CsvSource({"constraints.txt,latest.txt", "strain.txt,contest.txt", "retrain1.txt,attest.txt",
            "trainer.txt,tests.txt"})
    void partsOfWordsNameNoSplit(String one, String other) throws IOException {
        Files.writeString(dir.resolve(one), "aaaa");
        Files.writeString(dir.resolve(other), "bbbb");
        Files.writeString(dir.resolve("third.txt"), "cccc");
        Dataset data = load("bytes");
        assertEquals(12, corpus(data).train().size() + corpus(data).test().size());
    }

    @Test
    void aWordEndsWithItsFile() throws IOException {
        Files.writeString(dir.resolve("a.txt"), "one two");
        Files.writeString(dir.resolve("b.txt"), "three one two three\n");
        Files.writeString(dir.resolve("c.txt"), "");
        Files.writeString(dir.resolve("d.txt"), " two one three");
        Dataset data = load("words");
        assertTrue(vocabulary(data).tokens().containsAll(List.of("one", "two", "three")), vocabulary(data).toString());
        assertEquals(3 + 5 + 4, corpus(data).train().size() + corpus(data).test().size(), "each file's line ends");
        assertTrue(vocabulary(data).tokens().stream().noneMatch(w -> w.contains("twothree")),
                vocabulary(data).tokens().toString());
    }

    /** Files are read block by block, and a text is the same in one file or many. */
    @ParameterizedTest
    @EnumSource(TextConfig.Level.class)
    void aTextMayLieInSeveralFiles(TextConfig.Level level) throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        StringBuilder text = new StringBuilder();
        String[] words = {"the", "état", "of", "日本", "😀x", "a"};
        while (text.length() < 150_000) {
            text.append(words[random.nextInt(words.length)]).append(random.nextInt(9) == 0 ? "\n" : " ");
        }
        text.append('\n');
        Path one = Files.createDirectories(dir.resolve("one"));
        Files.writeString(one.resolve("x.txt"), text);
        Path many = Files.createDirectories(dir.resolve("many"));
        int from = 0;
        for (int k = 0; from < text.length(); k++) {
            int to = k == 4 ? text.length() : text.indexOf("\n", Math.min(text.length() - 1, from + 30_000)) + 1;
            byte[] part = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
            Files.write(many.resolve(k + (k % 2 == 0 ? ".txt" : ".txt.gz")), k % 2 == 0 ? part : TinyMnist.gzip(part));
            from = to;
        }
        Files.writeString(many.resolve(".hidden"), "not this");
        Dataset a = load(word(level), "path", one.toString(), "vocab_size", 300L);
        Dataset b = load(word(level), "path", many.toString(), "vocab_size", 300L);
        assertEquals(vocabulary(a), vocabulary(b));
        assertArrayEquals(all(corpus(a).train()), all(corpus(b).train()));
        assertArrayEquals(all(corpus(a).test()), all(corpus(b).test()));
        if (level != TextConfig.Level.WORDS) {
            assertEquals(text.toString(), text(a, corpus(a).train()) + text(a, corpus(a).test()), "nothing is lost");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"characters", "bytes", "words", "bpe"})
    void damagedCompressionIsRefusedWithTheFilesName(String level) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 5000; i++) {
            text.write(("w" + random.nextInt(1000) + " ").getBytes(StandardCharsets.UTF_8));
        }
        byte[] good = TinyMnist.gzip(text.toByteArray());
        Path file = dir.resolve("a.txt.gz");
        Files.write(file, Arrays.copyOf(good, good.length - 100));
        assertFails(MalformedFileException.class, () -> load(level), "a.txt.gz", "its compression is damaged");
        Files.writeString(file, "plain text");
        assertFails(MalformedFileException.class, () -> load(level), "a.txt.gz", "Not in GZIP format");
    }

    @Test
    void invalidBytesAreReplacedWhereThatIsAsked() throws IOException {
        Files.write(dir.resolve("a.txt"),
                new byte[]{'a', (byte) 0xff, 'b', (byte) 0xc3, 'c', 'd', 'e', 'f', (byte) 0xe2});
        assertFails(MalformedFileException.class, () -> load("characters"), "a.txt, byte 1: got 0xff",
                "dataset.malformed=replace");
        Dataset data = load("characters", "malformed", "replace");
        assertEquals("a\ufffdb\ufffdcdef\ufffd", text(data, corpus(data).train()) + text(data, corpus(data).test()));
    }

    @Test
    void aCarriageReturnAtTheEndIsALine() throws IOException {
        Files.writeString(dir.resolve("a.txt"), "ab\r\ncd\ref\r");
        Dataset data = load("characters");
        assertEquals("ab\ncd\nef\n", text(data, corpus(data).train()) + text(data, corpus(data).test()));
    }

    @Test
    void whatIsNoTextIsRefused() throws IOException {
        assertFails(MalformedFileException.class, () -> load("characters"), "dataset.path: no files in " + dir);
        Files.writeString(dir.resolve("a.txt"), "");
        assertFails(MalformedFileException.class, () -> load("characters"), "there is no text; expected some");
        Files.writeString(dir.resolve("a.txt"), "abc");
        assertFails(MalformedFileException.class, () -> load("characters", "sample_len", 9L), "3 tokens, 2 of them to",
                "at least one sequence of 9", "dataset.sample_len");
        assertFails(ConfigException.class, () -> load("characters", "path", dir.resolve("none").toString()),
                "dataset.path: nothing at", "a text file or a folder of them");
        StringBuilder many = new StringBuilder();
        for (int c = 0x100; c < 0x11000; c++) {
            many.append(c < 0xd800 || c > 0xdfff ? Character.toString(c) : "");
        }
        Files.writeString(dir.resolve("a.txt"), many);
        assertFails(MalformedFileException.class, () -> load("characters"),
                "different characters; expected at most 65,536",
                "dataset.level=bytes");
    }

    /** Of any length, every token is predicted once and sees the one before it. */
    @Test
    void everyTokenIsPredictedOnceWhateverTheWindow() {
        int[] numbers = new SplittableRandom(7).ints(103, 1, 200).toArray();
        Tokens tokens = Tokens.of(numbers);
        for (int length : new int[]{1, 2, 7, 50, 103, 104, 1000}) {
            for (int context : new int[]{0, 1, 6, 200}) {
                ContextWindows windows = new ContextWindows(tokens, 0, length, context);
                int[] seen = new int[numbers.length];
                for (int i = 0; i < windows.size(); i++) {
                    SequenceBatch b = windows.batch(new int[]{i});
                    int begin = Math.max(0, i * length - context);
                    for (int t = 0; t < b.length(); t++) {
                        int at = begin + t;
                        assertEquals(at == 0 ? 0 : numbers[at - 1], b.x()[t], "before token " + at);
                        if (b.classes()[t] != Targets.NONE) {
                            assertEquals(numbers[at], b.classes()[t]);
                            seen[at]++;
                        }
                    }
                }
                assertTrue(Arrays.stream(seen).allMatch(n -> n == 1), length + " tokens after " + context);
            }
        }
    }

    @Test
    void tokensKeepAnyWidth() {
        for (int vocabulary : new int[]{2, 256, 257, 65_536, 65_537, Integer.MAX_VALUE}) {
            Tokens.Filling filling = Tokens.filling(3, vocabulary);
            filling.add(0);
            filling.add(vocabulary - 1);
            assertFails(IllegalStateException.class, filling::filled, "2 tokens; expected 3");
            filling.add(1);
            Tokens tokens = filling.filled();
            assertArrayEquals(new int[]{0, vocabulary - 1, 1}, all(tokens), "of " + vocabulary);
            assertArrayEquals(new int[]{vocabulary - 1}, all(tokens.slice(1, 2)));
            assertEquals(0, tokens.slice(3, 3).size());
        }
    }

    /** Joining bytes loses nothing, and a larger vocabulary never needs more tokens. */
    @Test
    void joinedBytesAreTheText() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            text.append(List.of("ab", "abc", "é", " ", "\n", "x").get(random.nextInt(6)));
        }
        Files.writeString(dir.resolve("a.txt"), text);
        long last = Long.MAX_VALUE;
        for (long size : new long[]{256, 257, 260, 300, 4096}) {
            Dataset data = load("bpe", "vocab_size", size);
            assertTrue(vocabulary(data).tokens().size() <= size, "at most so many tokens");
            assertEquals(text.toString(), text(data, corpus(data).train()) + text(data, corpus(data).test()));
            long n = corpus(data).train().size() + corpus(data).test().size();
            assertTrue(n <= last, size + " tokens: " + n + " after " + last);
            last = n;
        }
    }

    @Test
    void corporaThatAreNowhereSayWhatIsLookedForAndWhere() {
        for (CorpusConfig.Which which : CorpusConfig.Which.values()) {
            CorpusConfig config = Small.bound(Map.of("corpus", word(which)), CorpusConfig.DEFAULTS);
            assertFails(ConfigException.class, () -> config.read(List.of(dir)), "dataset.corpus: "
                    + word(which) + " is nowhere to be found", "Looked in " + dir);
        }
    }
}
