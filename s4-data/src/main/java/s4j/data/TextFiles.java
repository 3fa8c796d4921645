package s4j.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import s4j.io.MalformedFileException;
import s4j.data.table.Unpacked;

/**
 * Files of a text, in the order of their names, read block by block. A byte order mark is left out, and a line's end is a line
 * feed however it is written.
 *
 * @param files plain or {@code .gz}
 * @param replaces whether bytes that are not UTF-8 become U+FFFD; else they are refused
 */
record TextFiles(List<Path> files, boolean replaces) {
    private static final int BLOCK = 1 << 16;

    /** A file alone, or all files of a folder and its subfolders but for hidden ones. */
    static List<Path> at(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        try (Stream<Path> all = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
            List<Path> files = all.filter(Files::isRegularFile)
                    .filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList();
            if (files.isEmpty()) {
                throw new MalformedFileException("dataset.path: no files in " + path + "; expected text");
            }
            return files;
        }
    }

    /** SHA-256 over those of the files' contents. */
    String hash() throws IOException {
        List<byte[]> each = new ArrayList<>();
        for (Path file : files) {
            var sha = Sha256.digest();
            blocks(file, (block, n) -> sha.update(block, 0, n));
            each.add(java.util.HexFormat.of().formatHex(sha.digest()).getBytes(StandardCharsets.US_ASCII));
        }
        return Sha256.hex(each.toArray(new byte[0][]));
    }

    /** Each byte of all files. */
    void bytes(IntConsumer sink) throws IOException {
        for (Path file : files) {
            blocks(file, (block, n) -> {
                for (int i = 0; i < n; i++) {
                    sink.accept(block[i] & 0xff);
                }
            });
        }
    }

    /**
     * Each character of all files, a code point.
     *
     * @throws MalformedFileException where a file is not UTF-8: which byte, at which position from 0
     */
    void characters(IntConsumer sink) throws IOException {
        for (Path file : files) {
            var decoding = new Decoding(file.toString(), sink, replaces);
            blocks(file, decoding::add);
            decoding.end();
        }
    }

    private interface Block {
        void take(byte[] block, int n) throws IOException;
    }

    private static void blocks(Path file, Block sink) throws IOException {
        try (InputStream plain = new BufferedInputStream(Files.newInputStream(file), BLOCK);
                InputStream in = file.toString().endsWith(".gz") ? Unpacked.gzip(plain, file.toString()) : plain) {
            byte[] block = new byte[BLOCK];
            for (int n = in.readNBytes(block, 0, BLOCK); n > 0; n = in.readNBytes(block, 0, BLOCK)) {
                sink.take(block, n);
            }
        }
    }

    /** One file's bytes on their way to characters. */
    private static final class Decoding {
        private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        private final CharBuffer chars = CharBuffer.allocate(BLOCK);
        private final String name;
        private final IntConsumer sink;
        private ByteBuffer left = ByteBuffer.allocate(0);
        private long done;
        private boolean first = true;
        private boolean carriageReturn;
        private int high = -1;

        Decoding(String name, IntConsumer sink, boolean replaces) {
            this.name = name;
            this.sink = sink;
            decoder.onMalformedInput(replaces ? CodingErrorAction.REPLACE : CodingErrorAction.REPORT);
        }

        void add(byte[] block, int n) throws MalformedFileException {
            ByteBuffer in = ByteBuffer.allocate(left.remaining() + n).put(left).put(block, 0, n).flip();
            run(in, false);
            left = in.slice();
            done += in.position();
        }

        void end() throws MalformedFileException {
            run(left, true);
            if (carriageReturn) {
                sink.accept('\n');
            }
        }

        private void run(ByteBuffer in, boolean end) throws MalformedFileException {
            CoderResult result;
            do {
                result = decoder.decode(in, chars, end);
                if (result.isError()) {
                    throw new MalformedFileException(("%s, byte %,d: got 0x%02x, which is not UTF-8 there; expected"
                            + " UTF-8 text. Convert it, read any bytes with dataset.level=bytes, or write"
                            + " dataset.malformed=replace").formatted(name, done + in.position(),
                                    in.get(in.position()) & 0xff));
                }
                chars.flip();
                while (chars.hasRemaining()) {
                    add(chars.get());
                }
                chars.clear();
            } while (result.isOverflow());
        }

        private void add(char c) {
            if (Character.isHighSurrogate(c)) {
                high = c;
                return;
            }
            int code = high < 0 ? c : Character.toCodePoint((char) high, c);
            high = -1;
            boolean mark = first && code == 0xfeff;
            first = false;
            if (mark) {
                return;
            }
            if (carriageReturn) { // CR LF is one line's end, and so is CR alone
                sink.accept('\n');
            }
            boolean second = carriageReturn && code == '\n';
            carriageReturn = code == '\r';
            if (!second && !carriageReturn) {
                sink.accept(code);
            }
        }
    }
}
