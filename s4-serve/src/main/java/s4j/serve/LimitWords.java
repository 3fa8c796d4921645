package s4j.serve;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import s4j.config.Words;
import s4j.io.Shown;

/** Limits as words of a command line: {@code idle=5m}, {@code body=1000000}. */
final class LimitWords {
    private static final Map<String, ChronoUnit> UNITS = Map.of("us", ChronoUnit.MICROS, "ms", ChronoUnit.MILLIS, "s",
            ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES, "h", ChronoUnit.HOURS);
    private static final List<String> NAMES = List.of("body", "steps", "streams", "waiting", "time", "idle", "batch",
            "gather", "transfer", "quiet", "connections");

    static ServerConfig.Limits with(ServerConfig.Limits l, String name, String value) {
        ServerConfig.Lines c = l.lines();
        return switch (name) {
            case "body" -> number(name, value, Integer.MAX_VALUE - 8L, n -> new ServerConfig.Limits(n, l.steps(),
                    l.streams(), l.waiting(), l.time(), l.idle(), l.batch(), l.gather(), c));
            case "steps" -> count(name, value, n -> new ServerConfig.Limits(l.body(), (int) n, l.streams(),
                    l.waiting(), l.time(), l.idle(), l.batch(), l.gather(), c));
            case "streams" -> count(name, value, n -> new ServerConfig.Limits(l.body(), l.steps(), (int) n,
                    l.waiting(), l.time(), l.idle(), l.batch(), l.gather(), c));
            case "waiting" -> count(name, value, n -> new ServerConfig.Limits(l.body(), l.steps(), l.streams(),
                    (int) n, l.time(), l.idle(), l.batch(), l.gather(), c));
            case "time" -> new ServerConfig.Limits(l.body(), l.steps(), l.streams(), l.waiting(), time(name, value),
                    l.idle(), l.batch(), l.gather(), c);
            case "idle" -> new ServerConfig.Limits(l.body(), l.steps(), l.streams(), l.waiting(), l.time(),
                    time(name, value), l.batch(), l.gather(), c);
            case "batch" -> count(name, value, n -> new ServerConfig.Limits(l.body(), l.steps(), l.streams(),
                    l.waiting(), l.time(), l.idle(), (int) n, l.gather(), c));
            case "gather" -> new ServerConfig.Limits(l.body(), l.steps(), l.streams(), l.waiting(), l.time(), l.idle(),
                    l.batch(), time(name, value), c);
            case "transfer" -> l.with(new ServerConfig.Lines(time(name, value), c.quiet(), c.most()));
            case "quiet" -> l.with(new ServerConfig.Lines(c.transfer(), time(name, value), c.most()));
            case "connections" -> count(name, value, n -> l.with(new ServerConfig.Lines(c.transfer(), c.quiet(),
                    (int) n)));
            default -> throw new IllegalArgumentException(
                    "unknown limit %s; %s".formatted(Shown.text(name), Words.suggestion(name, NAMES)));
        };
    }

    private static ServerConfig.Limits count(String name, String value, LongFunction<ServerConfig.Limits> limits) {
        return number(name, value, Integer.MAX_VALUE, limits);
    }

    private static ServerConfig.Limits number(String name, String value, long most,
            LongFunction<ServerConfig.Limits> limits) {
        if (!value.matches("\\d{1,10}") || Long.parseLong(value) < 1 || Long.parseLong(value) > most) {
            throw new IllegalArgumentException(
                    "limit %s=%s; expected a whole number from 1 to %,d".formatted(name, Shown.text(value), most));
        }
        return limits.apply(Long.parseLong(value));
    }

    private static Duration time(String name, String value) {
        String digits = value.replaceFirst("[a-z]+$", "");
        ChronoUnit unit = UNITS.get(value.substring(digits.length()));
        if (unit == null || !digits.matches("\\d{1,9}") || Long.parseLong(digits) == 0) {
            throw new IllegalArgumentException(
                    "limit %s=%s; expected a time such as 200us, 500ms, 30s, 5m or 1h".formatted(name,
                            Shown.text(value)));
        }
        return Duration.of(Long.parseLong(digits), unit);
    }

    private LimitWords() {}
}
