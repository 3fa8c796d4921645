package s4j.data.series;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import s4j.data.table.Cells;
import s4j.io.MalformedFileException;

/**
 * Classes by number: the code of a class is its position.
 *
 * @param names at least two, all different
 */
public record ClassNames(List<String> names) {
    private static final Comparator<String> BY_NUMBER = Comparator
            .comparingDouble(ClassNames::number).thenComparing(Comparator.naturalOrder());

    private static double number(String label) {
        Double n = Cells.number(label, false);
        return n == null ? Double.NaN : n;
    }

    /** One spelling of a whole number: 1, 1.0 and 1.0000000e+00 are one class. */
    static String normal(String label) {
        Double number = label.isEmpty() || Character.isLetter(label.charAt(0)) ? null : Cells.number(label, false);
        boolean whole = number != null && number == Math.rint(number) && Math.abs(number) < 1L << 53;
        // what has leading zeros is a name (a post code), not a number
        boolean zeros = label.length() > 1 && label.charAt(0) == '0' && Character.isDigit(label.charAt(1));
        return number != null && whole && !zeros ? Long.toString(number.longValue()) : label;
    }

    /**
     * The classes of a training set: in the order of its declaration, or else sorted, by number if they are numbers. A declared
     * class that no series has is left out: it cannot be learned.
     *
     * @throws MalformedFileException when a series has none, or all have the same
     */
    public static ClassNames of(SeriesTable training) throws MalformedFileException {
        Set<String> seen = new HashSet<>();
        for (Series row : training.rows()) {
            if (row.target() == null) {
                throw new MalformedFileException(row.place() + ": the class is missing; expected one for every series");
            }
            seen.add(normal(row.target()));
        }
        List<String> names = training.classes().stream().distinct().filter(seen::contains).toList();
        if (names.isEmpty()) {
            boolean numbers = seen.stream().allMatch(s -> Cells.number(s, false) != null);
            TreeSet<String> sorted = new TreeSet<>(numbers ? BY_NUMBER : Comparator.naturalOrder());
            sorted.addAll(seen);
            names = List.copyOf(sorted);
        }
        if (seen.size() < 2) {
            throw new MalformedFileException(
                    "%s: all %d series to train on have class '%s'; expected two classes or more"
                            .formatted(training.source(), training.rows().size(), seen.iterator().next()));
        }
        return new ClassNames(names);
    }

    /**
     * The codes of a set's classes.
     *
     * @throws MalformedFileException when training has no such class; the message has the place
     */
    public int[] codes(SeriesTable set) throws MalformedFileException {
        int[] out = new int[set.rows().size()];
        for (int i = 0; i < out.length; i++) {
            Series row = set.rows().get(i);
            out[i] = row.target() == null ? -1 : names.indexOf(normal(row.target()));
            if (out[i] < 0) {
                throw new MalformedFileException(
                        "%s: class '%s' is not in the training set, which has %s. Remove the series,"
                                .formatted(row.place(), row.target(), String.join(", ", names))
                                + " or train on the class, too");
            }
        }
        return out;
    }
}
