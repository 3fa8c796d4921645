package s4j.data.forecast;

import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a time table is read.
 *
 * @param time column of stamps; null: {@code ds}, or the first that holds stamps
 * @param targets columns to forecast; empty: {@code y} of a long table, all others of a wide one
 * @param id column with a row's series; null: {@code unique_id}, or none
 * @param past columns known up to the present
 * @param future columns known in advance
 * @param statics columns that are the same in all rows of a series
 * @param zone of stamps without an offset, and the one that is printed; null: the stamps' own offset, or none
 * @param frequency null: found
 * @param duplicates what becomes of several rows with one stamp
 * @param irregular what becomes of stamps off the axis
 * @param delimiter of separated values; null: found
 * @param dayFirst whether {@code 1/2/2010} is the first of February; null: found
 */
public record TimeOptions(@Nullable String time, List<String> targets, @Nullable String id, List<String> past,
        List<String> future, List<String> statics, @Nullable ZoneId zone, @Nullable Frequency frequency,
        Duplicates duplicates,
        Irregular irregular, @Nullable Character delimiter, @Nullable Boolean dayFirst) {
    /** All is found. */
    public static final TimeOptions FOUND = new TimeOptions(null, List.of(), null, List.of(), List.of(), List.of(),
            null, null,
            Duplicates.FEW, Irregular.RESAMPLE, null, null);

    /**
     * What becomes of several rows of a series with one stamp. FEW is their mean, and a message where half of all rows or more
     * are such: then they are of several series.
     */
    public enum Duplicates {
        MEAN, FIRST, LAST, REFUSE, FEW
    }

    /** What becomes of stamps that lie between the steps of the axis: the mean of each step, or a message. */
    public enum Irregular {
        RESAMPLE, REFUSE
    }

    /** The same with other targets. */
    public TimeOptions with(List<String> others) {
        return new TimeOptions(time, others, id, past, future, statics, zone, frequency, duplicates, irregular,
                delimiter, dayFirst);
    }
}
