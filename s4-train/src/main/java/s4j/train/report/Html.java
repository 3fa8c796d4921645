package s4j.train.report;

import java.util.Locale;

/** Text and numbers as HTML. */
public final class Html {
    /** With the characters that mean something in HTML replaced. */
    public static String text(String s) {
        return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    /** A coordinate: two decimals are a hundredth of a pixel. */
    static String coordinate(double v) {
        String s = String.format(Locale.ROOT, "%.2f", v);
        return s.endsWith(".00") ? s.substring(0, s.length() - 3) : s;
    }

    /** A number for people: four significant digits, no trailing zeros, powers of ten only where they help. */
    public static String number(double v) {
        if (v == Math.rint(v) && Math.abs(v) < 1e6) {
            return String.valueOf((long) v);
        }
        double size = Math.abs(v);
        if (size < 1e-3 || size >= 1e6) {
            return String.format(Locale.ROOT, "%.1e", v).replaceFirst("e([+-])0", "e$1").replace("e+", "e");
        }
        int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
        String s = String.format(Locale.ROOT, "%." + decimals + "f", v);
        return s.contains(".") ? s.replaceFirst("\\.?0+$", "") : s;
    }

    /** A share. */
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private Html() {}
}
