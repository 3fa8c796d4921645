package s4j.data.table;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/** The characters of a file of separated values: unpacked, decoded, and its delimiter found. */
final class CsvText {
    /** What is looked at to find the delimiter, in bytes. */
    static final int HEAD = 1 << 16;
    private static final int LINES = 20;
    private static final List<Character> DELIMITERS = List.of(',', ';', '\t', '|');

    final String name;
    final Reader reader;
    final char delimiter;
    private final BufferedInputStream in;

    CsvText(InputStream file, String name, @Nullable Character delimiter) throws IOException {
        this.name = name;
        this.in = Unpacked.of(file, name);
        Charset charset = charset();
        in.mark(HEAD);
        String head = new String(in.readNBytes(HEAD - 1), charset);
        in.reset();
        if (head.isBlank()) {
            throw new MalformedFileException(name + ": the file is empty; expected a table. Is it the right file?");
        }
        if (head.indexOf('\0') >= 0) {
            throw new MalformedFileException(
                    name + ": got bytes that are no text; expected separated values as UTF-8 text");
        }
        this.delimiter = delimiter == null ? found(head) : delimiter;
        this.reader = new InputStreamReader(in, charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    /** By the byte order mark, which is then behind us; UTF-8 without one. */
    private Charset charset() throws IOException {
        in.mark(3);
        byte[] mark = in.readNBytes(3);
        in.reset();
        if (mark.length == 3 && mark[0] == (byte) 0xef && mark[1] == (byte) 0xbb && mark[2] == (byte) 0xbf) {
            in.skipNBytes(3);
            return StandardCharsets.UTF_8;
        }
        if (mark.length >= 2 && mark[0] == (byte) 0xff && mark[1] == (byte) 0xfe) {
            in.skipNBytes(2);
            return StandardCharsets.UTF_16LE;
        }
        if (mark.length >= 2 && mark[0] == (byte) 0xfe && mark[1] == (byte) 0xff) {
            in.skipNBytes(2);
            return StandardCharsets.UTF_16BE;
        }
        return StandardCharsets.UTF_8;
    }

    /** The one that cuts the first line into most cells, of those that cut all first lines alike; a comma if none does. */
    static char found(String head) {
        List<String> lines = lines(head);
        char best = ',';
        int most = 0;
        boolean alike = false;
        for (char d : DELIMITERS) {
            int cells = count(lines.getFirst(), d);
            boolean same = lines.stream().allMatch(line -> count(line, d) == cells);
            if (cells > 0 && ((same && !alike) || (same == alike && cells > most))) {
                best = d;
                most = cells;
                alike = same;
            }
        }
        return best;
    }

    /** Whole lines, but for line ends inside quotes; the last may be cut and is then left out. */
    private static List<String> lines(String head) {
        List<String> lines = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < head.length() && lines.size() < LINES; i++) {
            char c = head.charAt(i);
            quoted ^= c == '"';
            if (!quoted && (c == '\n' || c == '\r')) {
                if (i > from) {
                    lines.add(head.substring(from, i));
                }
                from = i + 1;
            }
        }
        if (lines.isEmpty() || (lines.size() < LINES && head.length() < HEAD / 4 && from < head.length())) {
            lines.add(head.substring(from));
        }
        return lines;
    }

    private static int count(String line, char delimiter) {
        int n = 0;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            quoted ^= line.charAt(i) == '"';
            n += !quoted && line.charAt(i) == delimiter ? 1 : 0;
        }
        return n;
    }

}
