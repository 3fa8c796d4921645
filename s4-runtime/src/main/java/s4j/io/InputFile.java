package s4j.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files that people name: what is no file, or no text where one is expected, is refused by its name. */
public final class InputFile {
    /** Bytes of a text that is still read. */
    private static final long LONGEST = 1 << 28;

    /**
     * Opens a file.
     *
     * @throws MalformedFileException when it is a directory
     */
    public static InputStream open(Path file) throws IOException {
        requireFile(file);
        return Files.newInputStream(file);
    }

    /** Refuses a directory. */
    public static void requireFile(Path file) throws MalformedFileException {
        if (Files.isDirectory(file)) {
            throw new MalformedFileException(file + " is a directory; expected a file");
        }
    }

    /**
     * The whole of a text file in UTF-8.
     *
     * @throws MalformedFileException when it is a directory, other bytes than UTF-8, or longer than 256 MB
     */
    public static String text(Path file) throws IOException {
        requireFile(file);
        if (Files.size(file) > LONGEST) {
            throw new MalformedFileException(file + ": " + Files.size(file) + " bytes; expected at most " + LONGEST);
        }
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new MalformedFileException(file + ": no text in UTF-8; expected one", e);
        }
    }

    /** Its lines. */
    public static List<String> lines(Path file) throws IOException {
        return text(file).lines().toList();
    }

    private InputFile() {}
}
