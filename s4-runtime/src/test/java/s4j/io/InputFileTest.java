package s4j.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import s4j.audio.SoundFile;
import s4j.audio.WavFile;
import s4j.pickle.TorchCheckpoint;

/** What is named as an input and is none. */
class InputFileTest {
    @TempDir
    Path tmp = Path.of("");

    @Test
    void aDirectoryIsRefusedByItsNameWhateverWasExpected() {
        List<String> parts = List.of(tmp + " is a directory; expected a file");
        String[] words = parts.toArray(String[]::new);
        assertFails(MalformedFileException.class, () -> InputFile.text(tmp), words);
        assertFails(MalformedFileException.class, () -> InputFile.lines(tmp), words);
        assertFails(MalformedFileException.class, () -> InputFile.open(tmp), words);
        assertFails(MalformedFileException.class, () -> SafeTensors.read(tmp), words);
        assertFails(MalformedFileException.class, () -> SoundFile.read(tmp), words);
        assertFails(MalformedFileException.class, () -> WavFile.read(tmp), words);
        assertFails(MalformedFileException.class, () -> TorchCheckpoint.open(tmp), words);
    }

    @Test
    void whatIsNoTextIsRefusedByItsName() throws IOException {
        Path file = Files.write(tmp.resolve("x"), new byte[]{'a', (byte) 0xff, 'b'});
        assertFails(MalformedFileException.class, () -> InputFile.text(file), file + ": no text in UTF-8");
        assertFails(NoSuchFileException.class, () -> InputFile.lines(tmp.resolve("none")), "none");
        assertEquals(List.of("é", "", "b"), InputFile.lines(Files.writeString(file, "é\n\nb\n")));
    }
}
