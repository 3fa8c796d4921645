package s4j.data.forecast;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * Whether {@code 1/2/2010} is the second of January or the first of February: what the user says; else a number above 12 settles it, wherever in
 * the table; else the one order by which the steps are even. Where both would do, or neither, nobody can know, and the table is refused.
 *
 * @param dayFirst whether the day stands before the month
 * @param note for people, where evenness alone has settled it; empty: nothing to say
 */
record DayOrder(boolean dayFirst, String note) {
    private static final Pattern SLASHED = Pattern.compile("(\\d{1,2})/(\\d{1,2})/\\d{4}");
    private static final int MONTHS = 12;
    private static final DayOrder MONTH_FIRST = new DayOrder(false, "");

    /**
     * The order in a table's stamps.
     *
     * @param texts all of them
     * @param where for messages
     * @param said by the user; null: nothing
     */
    static DayOrder of(Collection<String> texts, String where, @Nullable Boolean said) throws MalformedFileException {
        if (!SLASHED.matcher(texts.iterator().next()).lookingAt()) {
            return MONTH_FIRST;
        }
        String daysFirst = above(texts, 1);
        String monthsFirst = above(texts, 2);
        if (daysFirst != null && monthsFirst != null) {
            throw new MalformedFileException(
                    "%s: got '%s', whose day is first, and '%s', whose month is; expected one order in all rows. Mend one of them"
                            .formatted(where, daysFirst, monthsFirst));
        }
        @Nullable
        String other = said == null ? null : said ? monthsFirst : daysFirst;
        if (said != null && other != null) {
            throw new MalformedFileException("%s: got '%s'; expected the %s first, as dataset.day_first=%s says. Write"
                    .formatted(where, other, said ? "day" : "month", said) + " dataset.day_first=" + !said);
        }
        if (said != null || daysFirst != null || monthsFirst != null) {
            return new DayOrder(said != null ? said : daysFirst != null, "");
        }
        return even(texts, where);
    }

    /** A stamp whose number at a place is no month; null: none. */
    private static @Nullable String above(Collection<String> texts, int group) {
        for (String text : texts) {
            Matcher m = SLASHED.matcher(text);
            if (m.lookingAt() && Integer.parseInt(m.group(group)) > MONTHS) {
                return text;
            }
        }
        return null;
    }

    private static DayOrder even(Collection<String> texts, String where) throws MalformedFileException {
        List<LocalDateTime> months = line(texts, StampForm.MONTH_FIRST, where);
        List<LocalDateTime> days = line(texts, StampForm.DAY_FIRST, where);
        if (months.equals(days)) {
            return MONTH_FIRST; // 1/1/2019, 1/1/2020: either way the same
        }
        boolean byMonths = Inference.of(months, months, false) != null;
        boolean byDays = Inference.of(days, days, false) != null;
        String shown = texts.stream().filter(t -> !t.matches("0?(\\d+)/0?\\1/.*")).findFirst().orElseThrow();
        if (byMonths == byDays) {
            throw new MalformedFileException(
                    "%s: got '%s', which may be %s or %s, and no row tells which; expected one. Write dataset.day_first=true or"
                            .formatted(where, shown, day(shown, StampForm.MONTH_FIRST, where),
                                    day(shown, StampForm.DAY_FIRST, where))
                            + " dataset.day_first=false");
        }
        return new DayOrder(byDays, "%s is %s, as the steps are even only so (dataset.day_first=%s)".formatted(shown,
                day(shown, byDays ? StampForm.DAY_FIRST : StampForm.MONTH_FIRST, where), byDays));
    }

    private static List<LocalDateTime> line(Collection<String> texts, StampForm form, String where)
            throws MalformedFileException {
        List<LocalDateTime> out = new ArrayList<>(texts.size());
        for (String text : texts) {
            out.add(Spelling.parse(text, form, where).utc());
        }
        return out.stream().distinct().sorted().toList();
    }

    private static String day(String text, StampForm form, String where) throws MalformedFileException {
        return Spelling.parse(text, form, where).local().toLocalDate().toString();
    }
}
