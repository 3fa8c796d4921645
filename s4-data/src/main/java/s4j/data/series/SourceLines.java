package s4j.data.series;

import java.io.BufferedReader;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import s4j.data.table.Cells;
import s4j.io.MalformedFileException;

/** Lines of a text file with their numbers, for messages. */
final class SourceLines {
    final String name;
    private final BufferedReader in;
    private long number;

    SourceLines(String name, BufferedReader in) {
        this.name = name;
        this.in = in;
    }

    /** The next line that is neither blank nor a comment (# or %), without blanks around it; null: the file has ended. */
    @Nullable
    String next() throws IOException {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            number++;
            String text = (number == 1 && line.startsWith("\ufeff") ? line.substring(1) : line).strip();
            if (!text.isEmpty() && text.charAt(0) != '#' && text.charAt(0) != '%') {
                return text;
            }
        }
        return null;
    }

    String place() { return name + ", line " + number; }

    MalformedFileException refused(String what) { return new MalformedFileException(place() + ": " + what); }

    /** The number that a cell holds; NaN: missing. {@code where} says which cell it is. */
    float value(String cell, String where) throws MalformedFileException {
        String text = cell.strip();
        if (Cells.missing(text)) {
            return Float.NaN;
        }
        Double number = Cells.number(text, false);
        if (number == null) {
            throw refused("%s: got '%s'; expected a number".formatted(where,
                    text.length() > 40 ? text.substring(0, 40) + "…" : text));
        }
        return number.floatValue();
    }
}
