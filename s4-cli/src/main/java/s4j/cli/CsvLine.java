package s4j.cli;

import java.util.List;
import java.util.stream.Collectors;

/** A line of comma-separated values as RFC 4180 has it: a cell that would end itself is quoted. */
final class CsvLine {
    static String of(List<?> cells) {
        return cells.stream().map(CsvLine::cell).collect(Collectors.joining(",")) + "\n";
    }

    private static String cell(Object value) {
        String text = value.toString();
        return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }

    private CsvLine() {}
}
