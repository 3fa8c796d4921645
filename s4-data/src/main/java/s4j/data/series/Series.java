package s4j.data.series;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;

/**
 * One time series.
 *
 * @param values {@code [l, d]}; NaN: missing
 * @param channels d
 * @param target the class, or the number as it was written; null: unknown
 * @param id its name in the source; null: it has none
 * @param place where it was read, for messages
 */
public record Series(float[] values, int channels, @Nullable String target, @Nullable String id, String place) {
    /** Checks that there are whole steps, at least one. */
    public Series {
        if (channels < 1 || values.length == 0 || values.length % channels != 0) {
            throw new IllegalArgumentException(
                    "%d values of %d channels (%s); expected one or more whole steps".formatted(values.length, channels,
                            place));
        }
    }

    /** Steps. */
    public int length() { return values.length / channels; }

    /** The values of one channel. */
    DoubleStream channel(int c) {
        return IntStream.range(0, length()).mapToDouble(t -> values[t * channels + c]);
    }

    /** Values that are missing. */
    public int missing() {
        int n = 0;
        for (float v : values) {
            n += Float.isNaN(v) ? 1 : 0;
        }
        return n;
    }

    /**
     * Without the steps at its end that have no value at all: tables of equal width are filled up so after a shorter series.
     *
     * @throws MalformedFileException when no step is left
     */
    Series trimmed() throws MalformedFileException {
        int end = values.length;
        while (end > 0 && Float.isNaN(values[end - 1])) {
            end--;
        }
        if (end == 0) {
            throw new MalformedFileException(place + ": the series has no values; expected one or more");
        }
        int whole = Math.ceilDiv(end, channels) * channels;
        return whole == values.length
                ? this
                : new Series(Arrays.copyOf(values, whole), channels, target, id, place);
    }
}
