package s4j.data.series;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How series stand in a table. Formats that say it themselves ({@code .ts}) need none of it.
 *
 * @param target column of the targets; null: the last of the columns target, label and class, or the first column of a file
 *     without a header
 * @param id column with the name of the series a row belongs to
 * @param time column with the time of a row: a number or an ISO date; makes it long form, one row a step
 * @param channels columns with values; empty: all that are nothing else
 * @param ignore columns to leave out
 * @param delimiter of cells; null: found
 * @param labelled whether every series must have a target; without it the columns may have none
 */
public record SeriesOptions(@Nullable String target, @Nullable String id, @Nullable String time, List<String> channels,
        List<String> ignore, @Nullable Character delimiter, boolean labelled) {
    /** Everything is found; targets are expected. */
    public static final SeriesOptions FOUND = new SeriesOptions(null, null, null, List.of(), List.of(), null, true);

    /** Without targets, e.g. to predict them. */
    public SeriesOptions unlabelled() {
        return new SeriesOptions(target, id, time, channels, ignore, delimiter, false);
    }

    /** One row a step, not one row a series. */
    boolean longForm() {
        return time != null || (id != null && !channels.isEmpty());
    }
}
