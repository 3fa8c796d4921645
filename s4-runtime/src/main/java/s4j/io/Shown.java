package s4j.io;

/**
 * Text from files and arguments, fit for a terminal: what would move the cursor, colour, hide or turn around what is shown stands as
 * {@code \\u001b}.
 */
public final class Shown {
    /** The text with control characters but ends of lines and tabs, and marks of direction, written out. */
    public static String text(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (unfit(c)) {
                out = out == null ? new StringBuilder(text.substring(0, i)) : out;
                out.append(String.format("\\u%04x", (int) c));
            } else if (out != null) {
                out.append(c);
            }
        }
        return out == null ? text : out.toString();
    }

    /** Whether a terminal would do something at it rather than show it. */
    public static boolean unfit(char c) {
        return (Character.isISOControl(c) && c != '\n' && c != '\t') || (c >= '\u200e' && c <= '\u200f')
                || (c >= '\u2028' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069');
    }

    private Shown() {}
}
