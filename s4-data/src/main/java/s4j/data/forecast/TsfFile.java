package s4j.data.forecast;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import s4j.data.table.Cells;
import s4j.io.MalformedFileException;

/**
 * The Monash archive's .tsf: lines {@code @attribute NAME KIND}, {@code @frequency WORD}, then after {@code @data} a series a
 * line, its attributes and its values after colons: {@code T1:1972-01-01 00-00-00:3600,7700,?}.
 */
final class TsfFile {
    private final String name;
    private final List<String> attributes = new ArrayList<>();
    private Frequency frequency = new Frequency(Frequency.Unit.STEPS, 1);
    private int line;

    private TsfFile(String name) { this.name = name; }

    static TimeTable read(String name, BufferedReader in, TimeOptions o) throws IOException {
        TsfFile file = new TsfFile(name);
        List<TimeSeries> out = new ArrayList<>();
        boolean data = false;
        for (String text = in.readLine(); text != null; text = in.readLine()) {
            file.line++;
            String s = text.strip();
            if (s.isEmpty() || s.startsWith("#")) {
                continue;
            }
            if (data) {
                out.add(file.series(s, o));
            } else {
                data = file.header(s);
            }
        }
        if (out.isEmpty()) {
            throw file.refused("no series after @data; expected one a line");
        }
        return new TimeTable(name, ".tsf", List.of("value"), List.of(), List.of(), List.copyOf(out), List.of());
    }

    private MalformedFileException refused(String what) {
        return new MalformedFileException(name + ", line " + line + ": " + what);
    }

    /** Whether data follows. */
    private boolean header(String s) throws MalformedFileException {
        String[] words = s.split("\\s+", -1);
        switch (words[0].toLowerCase(Locale.ROOT)) {
            case "@data" -> {
                return true;
            }
            case "@attribute" -> attributes.add(words.length > 1 ? words[1] : "");
            case "@frequency" -> frequency = frequency(words.length > 1 ? words[1] : "");
            default -> {
                if (!s.startsWith("@")) {
                    throw refused("got '%s'; expected a line that begins with @".formatted(s));
                }
            }
        }
        return false;
    }

    private Frequency frequency(String word) throws MalformedFileException {
        String plain = switch (word) {
            case "yearly" -> "Y";
            case "quarterly" -> "Q";
            case "monthly" -> "M";
            case "weekly" -> "W";
            case "daily" -> "D";
            case "hourly" -> "h";
            case "half_hourly" -> "30min";
            case "minutely" -> "min";
            case "secondly" -> "s";
            default -> word.replace("_minutes", "min").replace("_seconds", "s").replace("_hours", "h");
        };
        try {
            return Frequency.parse(plain);
        } catch (s4j.config.ConfigException e) {
            throw refused("@frequency %s; expected e.g. monthly, half_hourly or 10_minutes".formatted(word));
        }
    }

    private TimeSeries series(String s, TimeOptions o) throws MalformedFileException {
        String[] parts = s.split(":", -1);
        if (parts.length != attributes.size() + 1) {
            throw refused("%d parts between colons; expected %d attributes and the values".formatted(parts.length,
                    attributes.size()));
        }
        String id = "T" + line;
        List<String> fixed = new ArrayList<>();
        for (String wanted : o.statics()) {
            int at = attributes.indexOf(wanted);
            if (at < 0) {
                throw refused("no attribute %s (dataset.static); expected one of %s".formatted(wanted, attributes));
            }
            fixed.add(parts[at]);
        }
        Axis axis = Axis.positions();
        Frequency f = o.frequency() == null ? frequency : o.frequency();
        for (int i = 0; i < attributes.size(); i++) {
            if (attributes.get(i).equals("series_name")) {
                id = parts[i];
            } else if (attributes.get(i).equals("start_timestamp")) {
                Spelling spelling = Spelling.of(List.of(parts[i]), false, name + ", line " + line);
                Stamp start = spelling.parse(parts[i], name + ", line " + line);
                axis = o.zone() == null
                        ? new Axis(f, spelling, start.local(), null)
                        : new Axis(f, spelling, f.even()
                                ? start.local().atZone(o.zone()).withZoneSameInstant(ZoneOffset.UTC).toLocalDateTime()
                                : start.local(), o.zone());
            }
        }
        String[] cells = parts[parts.length - 1].split(",", -1);
        float[] values = new float[cells.length];
        for (int k = 0; k < cells.length; k++) {
            String cell = cells[k].strip();
            Double v = Cells.missing(cell) ? Double.valueOf(Double.NaN) : Cells.number(cell, false);
            if (v == null) {
                throw refused("value %d: got '%s'; expected a number or ?".formatted(k + 1, cell));
            }
            values[k] = v.floatValue();
            if (Float.isInfinite(values[k])) {
                throw refused("value %d: got '%s'; expected a number of at most %.1e, or ?".formatted(k + 1, cell,
                        Float.MAX_VALUE));
            }
        }
        return new TimeSeries(id, axis, List.of(values), fixed);
    }
}
