package s4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.io.MalformedFileException;
import s4j.model.SequenceBatch;

/** Text as sequences of tokens. */
final class TextDatasetTest {
    @TempDir
    Path dir = Path.of("");

    private final List<String> log = new ArrayList<>();

    private Dataset load(Path path, TextConfig.Level level, int sampleLen) throws IOException {
        return new TextConfig("text", path.toString(), level, sampleLen, 0, 0.25, null).load(log::add);
    }

    /** The text of a sequence's targets, by the vocabulary that goes into the model file. */
    private static String text(Dataset data, SequenceSet set, int i) {
        int[] vocabulary = Objects.requireNonNull(data.transform().get("data.vocabulary")).toInts();
        StringBuilder out = new StringBuilder();
        for (int token : set.batch(new int[]{i}).classes()) {
            out.appendCodePoint(vocabulary[token]);
        }
        return out.toString();
    }

    @Test
    void networkSeesTheTokenBeforeTheOneItIsToSay() throws IOException {
        Path file = Files.writeString(dir.resolve("a.txt"), "\ufeffdéad 😀bead\ncab");
        Dataset data = load(file, TextConfig.Level.CHARACTERS, 4);
        assertEquals(List.of("found: " + file + ", 1 file, 14 tokens of 9 characters"), log);
        StringBuilder all = new StringBuilder();
        for (SequenceSet set : List.of(data.train(), data.test())) {
            for (int i = 0; i < set.size(); i++) {
                all.append(text(data, set, i));
            }
        }
        assertEquals("déad 😀bead\ncab", all.toString(), "nothing is lost, and no order");
        SequenceBatch second = data.train().batch(new int[]{1});
        int[] first = data.train().batch(new int[]{0}).classes();
        assertEquals(first[3], second.x()[0], "the token before the window");
        assertEquals(0f, data.train().batch(new int[]{0}).x()[0], "the line feed comes before a file");
        for (int t = 1; t < 4; t++) {
            assertEquals(second.classes()[t - 1], second.x()[t]);
        }
        SequenceBatch padded = data.test().batch(new int[]{0});
        assertEquals(2, padded.length(), "what is left");
    }

    @Test
    void bytesNeedNoVocabulary() throws IOException {
        Files.write(dir.resolve("a"), new byte[]{-1, 0, 10, 7});
        Files.write(dir.resolve("b"), new byte[]{1, 2, 3});
        Dataset data = load(dir, TextConfig.Level.BYTES, 3);
        assertEquals(256, data.dInput());
        assertTrue(data.transform().isEmpty());
        assertArrayEquals(new int[]{255, 0, 10}, data.train().batch(new int[]{0}).classes());
        assertArrayEquals(new int[]{7}, data.train().batch(new int[]{1}).classes(), "windows end with their file");
        assertArrayEquals(new float[]{10, 1, 2}, data.test().batch(new int[]{0}).x(), "a new file begins anew");
    }

    @Test
    void invalidUtf8IsNamedByByteAndPosition() throws IOException {
        Path file = Files.write(dir.resolve("latin.txt"), new byte[]{'a', 'b', (byte) 0xe9, 'c'});
        assertFails(MalformedFileException.class, () -> load(file, TextConfig.Level.CHARACTERS, 2),
                "latin.txt, byte 2: got 0xe9", "dataset.level=bytes");
        Path cut = Files.write(dir.resolve("cut.txt"), new byte[]{'a', (byte) 0xc3});
        assertFails(MalformedFileException.class, () -> load(cut, TextConfig.Level.CHARACTERS, 2), "cut.txt, byte 1",
                "0xc3");
    }

    @Test
    void tooLittleTextIsRefused() throws IOException {
        Path empty = Files.writeString(dir.resolve("a.txt"), "");
        assertFails(MalformedFileException.class, () -> load(empty, TextConfig.Level.CHARACTERS, 2),
                "there is no text");
        Path little = Files.writeString(dir.resolve("b.txt"), "abc");
        assertFails(IOException.class, () -> load(little, TextConfig.Level.CHARACTERS, 100), "1 sequences of 100",
                "dataset.sample_len");
    }
}
