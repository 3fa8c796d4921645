package s4j.data.forecast;

import java.time.LocalDateTime;
import java.util.List;

/** What the calendar says about a step, each from −½ to ½: only what changes within and between steps of the frequency. */
enum Calendar {
    MINUTE {
        @Override
        double of(LocalDateTime t) { return t.getMinute() / 59.0; }
    },
    HOUR {
        @Override
        double of(LocalDateTime t) { return t.getHour() / 23.0; }
    },
    WEEKDAY {
        @Override
        double of(LocalDateTime t) { return (t.getDayOfWeek().getValue() - 1) / 6.0; }
    },
    DAY {
        @Override
        double of(LocalDateTime t) { return (t.getDayOfMonth() - 1) / 30.0; }
    },
    MONTH {
        @Override
        double of(LocalDateTime t) { return (t.getMonthValue() - 1) / 11.0; }
    };

    abstract double of(LocalDateTime t);

    float feature(LocalDateTime t) { return (float) (of(t) - 0.5); }

    /** Those of a frequency. */
    static List<Calendar> of(Frequency f) {
        return switch (f.unit()) {
            case MILLIS -> f.count() % 3_600_000 == 0
                    ? List.of(HOUR, WEEKDAY, DAY, MONTH)
                    : List.of(MINUTE, HOUR, WEEKDAY, DAY, MONTH);
            case DAYS -> f.count() % 7 == 0 ? List.of(DAY, MONTH) : List.of(WEEKDAY, DAY, MONTH);
            case BUSINESS_DAYS -> List.of(WEEKDAY, DAY, MONTH);
            case MONTHS, MONTH_ENDS -> f.count() < 12 ? List.of(MONTH) : List.of();
            case STEPS -> List.of();
        };
    }
}
