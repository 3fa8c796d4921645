package s4j.cli;

import java.io.PrintWriter;
import java.io.Writer;
import s4j.io.Shown;

/**
 * What the command prints to: names and values come from files that anybody may have written, so that nothing of them but our own
 * carriage returns reaches the terminal as anything else than text.
 */
final class Terminal extends PrintWriter {
    Terminal(Writer to) { super(to); }

    @Override
    public void write(int c) { write(String.valueOf((char) c)); }

    @Override
    public void write(char[] text, int at, int n) { write(new String(text, at, n)); }

    @Override
    public void write(String text, int at, int n) {
        String part = text.substring(at, at + n);
        String shown = part.indexOf('\r') < 0 ? Shown.text(part) : ownReturns(part);
        super.write(shown, 0, shown.length());
    }

    /** A line that is written over begins with a return; another in it is somebody else's. */
    private static String ownReturns(String part) {
        boolean first = part.startsWith("\r");
        boolean last = part.length() > 1 && part.endsWith("\r");
        String inside = part.substring(first ? 1 : 0, part.length() - (last ? 1 : 0));
        String windows = inside.equals("\n") || inside.isEmpty() ? inside : Shown.text(inside);
        return (first ? "\r" : "") + windows + (last ? "\r" : "");
    }
}
