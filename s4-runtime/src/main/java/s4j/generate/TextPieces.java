package s4j.generate;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts text, as it comes in, into the pieces within which {@link BytePairs} joins: runs of letters, of digits, or of other signs, each
 * with the blank before it; white space that is no such blank stands alone. A piece is given as its bytes in UTF-8, each a
 * character below 256.
 */
public final class TextPieces {
    /** Longer runs are cut. */
    private static final int MOST = 64;

    /** What a piece is of. */
    private enum Kind {
        NOTHING, BLANK, LETTERS, DIGITS, SIGNS
    }

    private final Consumer<String> out;
    private final StringBuilder piece = new StringBuilder();
    private Kind kind = Kind.NOTHING;

    /** Gives each piece to {@code out}. */
    public TextPieces(Consumer<String> out) { this.out = out; }

    /** The next code point. */
    public void add(int code) {
        Kind of = kind(code);
        boolean joins = of != Kind.NOTHING && of != Kind.BLANK && (kind == of || kind == Kind.BLANK)
                && piece.length() < MOST;
        if (!joins) {
            end();
        }
        piece.appendCodePoint(code);
        kind = of;
        if (of == Kind.NOTHING) {
            end();
        }
    }

    private static Kind kind(int code) {
        if (code == ' ') {
            return Kind.BLANK;
        }
        if (Character.isWhitespace(code)) {
            return Kind.NOTHING;
        }
        int type = Character.getType(code);
        boolean mark = type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
        return Character.isLetter(code) || mark ? Kind.LETTERS : Character.isDigit(code) ? Kind.DIGITS : Kind.SIGNS;
    }

    /** The text has ended. */
    public void end() {
        if (!piece.isEmpty()) {
            out.accept(new String(piece.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
            piece.setLength(0);
        }
        kind = Kind.NOTHING;
    }
}
