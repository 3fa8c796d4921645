package s4j.data.forecast;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Forms of a date. */
public enum StampForm {
    /** A whole number, e.g. the position of a row. */
    INTEGER("(-?\\d+)"),
    /** 1821. */
    YEAR("(\\d{4})"),
    /** 1949-01. */
    MONTH("(\\d{4})([-/])(\\d{1,2})"),
    /** 1991 Jul. */
    MONTH_NAME("(\\d{4})([ -]?)([A-Za-z]{3,9})"),
    /** Jul 1991. */
    NAME_YEAR("([A-Za-z]{3,9})([ -]?)(\\d{4})"),
    /** 1970 Q1. */
    QUARTER("(\\d{4})([ -]?)[Qq]([1-4])"),
    /** 2020-W53, a week of ISO 8601, that begins on Monday. */
    WEEK("(\\d{4})([ -]?)[Ww](\\d{1,2})"),
    /** 2016-07-01. */
    ISO("(\\d{4})-(\\d{1,2})-(\\d{1,2})"),
    /** 1990/1/1. */
    YEAR_FIRST("(\\d{4})/(\\d{1,2})/(\\d{1,2})"),
    /** 12/31/2010. */
    MONTH_FIRST("(\\d{1,2})/(\\d{1,2})/(\\d{4})"),
    /** 31/12/2010. */
    DAY_FIRST("(\\d{1,2})/(\\d{1,2})/(\\d{4})"),
    /** 31.12.2010. */
    DOTS("(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})");

    private final Pattern pattern;

    StampForm(String pattern) { this.pattern = Pattern.compile(pattern); }

    Matcher matcher(String text) { return pattern.matcher(text); }

    /** Whether it has days, and so may have a clock. */
    boolean dated() { return compareTo(ISO) >= 0; }
}
