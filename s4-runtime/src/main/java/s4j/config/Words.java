package s4j.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The words of files and command lines: how Java names become them, and which one a misspelt one meant. */
public final class Words {
    /** {@code dModel} to {@code d_model}. */
    static String snake(String camel) {
        return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** The word of an enum constant: its {@link Key}, or its name in lower case. */
    static String of(Enum<?> constant) {
        try {
            Key key = constant.getDeclaringClass().getField(constant.name()).getAnnotation(Key.class);
            return key == null ? constant.name().toLowerCase(Locale.ROOT) : key.value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("every constant is a field: " + constant, e);
        }
    }

    /** Longer words are nobody's slip of a finger; to compare them would cost their length times that of every known word. */
    private static final int LONGEST = 64;

    /** What an unknown word should have been: {@code did you mean x?} if one is near, else the list. */
    public static String suggestion(String word, Collection<String> known) {
        String near = nearest(word, known);
        return near != null ? "did you mean " + near + "?" : "expected one of " + String.join(", ", known);
    }

    /** The known word fewest edits away; null when none is near enough to be meant. */
    static @Nullable String nearest(String word, Collection<String> known) {
        String best = null;
        if (word.length() > LONGEST) {
            return null;
        }
        int least = Math.max(1, word.length() / 3) + 1;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - word.length()) >= least) {
                continue;
            }
            int d = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (d < least) {
                least = d;
                best = candidate;
            }
        }
        return best;
    }

    /** Edits (insert, delete, replace, swap neighbours) between two words. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }

    private Words() {}
}
