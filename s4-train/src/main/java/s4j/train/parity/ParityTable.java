package s4j.train.parity;

import java.util.Locale;

/** A parity report as text: one line a case, the summary last. */
public final class ParityTable {
    private ParityTable() {}

    /** The table of a report. */
    public static String of(Parity.Report report) {
        StringBuilder table = new StringBuilder();
        int width = report.results().stream().mapToInt(r -> r.name().length()).max().orElse(4);
        String format = "%-" + width + "s  %-44s %10s %10s  %s%n";
        table.append(format.formatted("case", "worst tensor", "error", "tolerance", "result"));
        for (Parity.Result r : report.results()) {
            table.append(r.message().isEmpty()
                    ? format.formatted(r.name(), r.worst(), number(r.error()), number(r.tolerance()),
                            r.passed() ? "pass" : "FAIL")
                    : ("%-" + width + "s  FAIL: %s%n").formatted(r.name(), r.message()));
        }
        return table.append(report.summary()).append(System.lineSeparator()).toString();
    }

    private static String number(double x) { return String.format(Locale.ROOT, "%.1e", x); }
}
