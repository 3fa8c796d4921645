package s4j.data.table;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Numbers and missing values as people write them. */
public final class Cells {
    private static final Set<String> MISSING = Set.of("", "?", "nan", "na", "n/a", "null");

    /** Whether a cell says that there is no value. */
    public static boolean missing(String cell) {
        return cell.length() <= 4 && MISSING.contains(cell.toLowerCase(Locale.ROOT));
    }

    /** The number in a cell; null: it is none. Java's suffixes (1d, 0x1p3) are no numbers of a table. */
    public static @Nullable Double number(String cell, boolean decimalComma) {
        String text = decimalComma && cell.indexOf(',') == cell.lastIndexOf(',') && cell.indexOf('.') < 0
                ? cell.replace(',', '.')
                : cell;
        if (text.isEmpty() || !plain(text)) {
            return infinity(text);
        }
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static boolean plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Double infinity(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }

    /** A number with a comma where the point should be: worth its own advice. */
    static boolean commaNumber(String cell) {
        return cell.matches("[+-]?\\d+,\\d+");
    }

    /** A number with commas in it, as a decimal point or between thousands. */
    static boolean commas(String cell) {
        return cell.indexOf(',') >= 0 && (commaNumber(cell) || cell.matches("[+-]?\\d{1,3}(,\\d{3})+(\\.\\d+)?"));
    }

    private Cells() {}
}
