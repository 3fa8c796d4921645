package s4j.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import s4j.io.MalformedFileException;

/** Files of a text, in the order of their names. */
record TextFiles(List<Path> files) {
    /** A file alone, or all files of a folder and its subfolders but for hidden ones. */
    static TextFiles at(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return new TextFiles(List.of(path));
        }
        try (Stream<Path> all = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> files = all.filter(Files::isRegularFile)
                    .filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList();
            if (files.isEmpty()) {
                throw new IOException("dataset.path: no files in " + path + "; expected text");
            }
            return new TextFiles(files);
        }
    }

    /**
     * The characters of UTF-8, without a byte order mark.
     *
     * @throws MalformedFileException when it is not UTF-8: which byte, at which position from 0
     */
    static String decode(byte[] bytes, String name) throws MalformedFileException {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new MalformedFileException(("%s, byte %,d: got 0x%02x, which is not UTF-8 there; expected UTF-8 text."
                    + " Convert it, or read any bytes with dataset.level=bytes").formatted(name, in.position(),
                            bytes[in.position()] & 0xff));
        }
        String text = out.flip().toString();
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }
}
