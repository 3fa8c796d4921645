package s4j.math;

import java.util.Collection;

/** The known name closest to a mistyped one, for error messages. */
public final class NearestName {
    /** More letters of a word are not looked at: they would cost their number times the length of every name. */
    private static final int LONGEST = 64;

    /** The name with the fewest single-letter edits to {@code typed}; the first of equals. */
    public static String of(String word, Collection<String> known) {
        String typed = word.length() > LONGEST ? word.substring(0, LONGEST) : word;
        String best = "";
        int fewest = Integer.MAX_VALUE;
        for (String name : known) {
            int edits = edits(typed, name);
            if (edits < fewest) {
                fewest = edits;
                best = name;
            }
        }
        return best;
    }

    private static int edits(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private NearestName() {}
}
