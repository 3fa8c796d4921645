package s4j.data.forecast;

import java.util.List;
import s4j.predict.WindowNormalization;

/**
 * What a network sees of a series to forecast it. A step has the channels, past and future covariates, and features of the
 * calendar, and what is static, in this order.
 *
 * @param context steps that are seen
 * @param horizon steps that are forecast
 * @param masked whether the horizon's steps follow the context, with 0 where a value is not known in advance (the official
 *     construction); else the context is all
 * @param normalization of each window's channels
 * @param channels columns of the series themselves
 * @param past covariates known up to the present
 * @param future covariates known in advance
 * @param calendar features; empty: none
 * @param wanted the channels that are forecast
 * @param statics features of a series as a whole, the same at each step
 */
public record WindowLayout(int context, int horizon, boolean masked, WindowNormalization normalization, int channels,
        int past, int future, List<Calendar> calendar, List<Integer> wanted, StaticFeatures statics) {
    /** Without static features. */
    public WindowLayout(int context, int horizon, boolean masked, WindowNormalization normalization, int channels,
            int past,
            int future, List<Calendar> calendar, List<Integer> wanted) {
        this(context, horizon, masked, normalization, channels, past, future, calendar, wanted, StaticFeatures.NONE);
    }

    /** Checks the sizes. */
    public WindowLayout {
        if (context < 1 || horizon < 1 || wanted.isEmpty()) {
            throw new IllegalArgumentException("context " + context + ", horizon " + horizon + ", forecast " + wanted);
        }
        wanted = List.copyOf(wanted);
        calendar = List.copyOf(calendar);
    }

    /** Values of a step. */
    int width() { return columns() + calendar.size() + statics.width(); }

    /** Columns of the table in a step. */
    int columns() { return channels + past + future; }

    /** Steps of an input. */
    int length() { return context + (masked ? horizon : 0); }

    /** Steps of a window. */
    int span() { return context + horizon; }
}
