package s4j.data.forecast;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import s4j.io.MalformedFileException;

/** The stamps of a table's rows as they come, each text once: a row whose stamp is none, or not like those before, is refused by its line. */
final class StampRows {
    private final Map<String, Integer> codes = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private final boolean zone;
    private String first = "";
    private String firstPlace = "";

    /** {@code zone}: whether it is known which zone stamps without an offset are in. */
    StampRows(boolean zone) {
        this.zone = zone;
    }

    /** All texts, by their codes. */
    List<String> texts() { return texts; }

    /** A row's position, where a table has no stamps. */
    int position(int row) { return code(Integer.toString(row)); }

    /**
     * The code of a row's stamp.
     *
     * @param place of the row, for messages
     * @param column of the stamps, for messages
     */
    int code(String text, String place, String column) throws MalformedFileException {
        if (!codes.containsKey(text)) {
            Spelling.check(text, place + ", column " + column);
            if (texts.isEmpty()) {
                first = text;
                firstPlace = place;
            } else if (!zone && Spelling.zoned(text) != Spelling.zoned(first)) {
                throw new MalformedFileException(
                        "%s, column %s: got '%s' %s an offset from UTC; %s has '%s' %s one. Expected offsets in all rows or in none."
                                .formatted(place, column, text, word(text), firstPlace, first, word(first))
                                + " Name the zone of those without: dataset.zone, e.g. Europe/Berlin");
            }
        }
        return code(text);
    }

    private static String word(String text) { return Spelling.zoned(text) ? "with" : "without"; }

    private int code(String text) {
        Integer known = codes.putIfAbsent(text, texts.size());
        if (known == null) {
            texts.add(text);
            return texts.size() - 1;
        }
        return known;
    }
}
