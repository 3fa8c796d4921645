package s4j.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Results as a page in Markdown: machine, versions, date, a table of times, one of memory, the plots. */
public final class MarkdownReport {
    private static final String TIME = """

            ## Time

            Milliseconds, median (fastest … slowest round); × is how many times longer the peer takes; ~ where no known
            figure says how fast the peer should be; in brackets where it does not count (see the notes).

            """;

    private MarkdownReport() {}

    /**
     * The page.
     *
     * @param facts name and value: machine, versions, date, command
     * @param results in order
     * @param plots file names and titles of the plots beside the page
     */
    public static String of(Map<String, String> facts, List<Result> results, Map<String, String> plots) {
        StringBuilder out = new StringBuilder(
                "# Benchmark results\n\nHow to read and repeat this: [README](README.md).\n\n");
        facts.forEach((name, value) -> out.append("* ").append(name).append(": ").append(value).append('\n'));
        Set<String> peers = new LinkedHashSet<>();
        results.forEach(r -> peers.addAll(r.peers().keySet()));
        List<String> notes = new ArrayList<>();
        out.append(TIME);
        times(out, results, peers, notes);
        if (results.stream().anyMatch(MarkdownReport::hasMemory)) {
            out.append(
                    "\n## Memory\n\nPeak resident memory of a process of its own over its baseline, in 10⁶ bytes.\n\n");
            memory(out, results, peers);
        }
        if (!notes.isEmpty()) {
            out.append("\n## Notes\n\n");
            for (int i = 0; i < notes.size(); i++) {
                out.append(i + 1).append(". ").append(notes.get(i)).append('\n');
            }
        }
        if (!plots.isEmpty()) {
            out.append("\n## Against length\n");
            plots.forEach((file, title) -> out.append("\n![").append(title).append("](").append(file).append(")\n"));
        }
        return out.toString();
    }

    private static boolean hasMemory(Result r) {
        return r.ours().megabytes() != null || r.peers().values().stream().anyMatch(e -> e.megabytes() != null);
    }

    private static void times(StringBuilder out, List<Result> results, Set<String> peers, List<String> notes) {
        StringBuilder head = new StringBuilder("| work | s4j |");
        StringBuilder rule = new StringBuilder("|---|--:|");
        for (String peer : peers) {
            head.append(' ').append(peer).append(" | × |");
            rule.append("--:|--:|");
        }
        out.append(head).append('\n').append(rule).append('\n');
        for (Result r : results) {
            out.append("| `").append(r.work().name()).append("` | ").append(cell(r.ours().timing())).append(" |");
            for (String peer : peers) {
                Result.Entry entry = r.peers().get(peer);
                out.append(' ').append(entry == null ? "–" : cell(entry.timing())).append(" | ").append(ratio(r, peer));
                r.notes(peer).forEach(note -> {
                    notes.add("`" + r.work().name() + "`: " + note);
                    out.append(" [").append(notes.size()).append(']');
                });
                out.append(" |");
            }
            out.append('\n');
        }
    }

    private static String cell(Timing t) {
        if (!t.measured()) {
            return t.stopped() == null ? "–" : t.stopped();
        }
        return "%s (%s … %s)".formatted(Timing.number(t.median()), Timing.number(t.min()), Timing.number(t.max()));
    }

    /** In brackets where it does not count, with ~ where nobody knows how fast the peer should be. */
    private static String ratio(Result r, String peer) {
        Double ratio = r.ratio(peer);
        if (ratio == null) {
            return "–";
        }
        String text = String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.1f", ratio);
        return switch (r.standing(peer)) {
            case COUNTS -> text;
            case UNVERIFIED -> "~" + text;
            default -> "(" + text + ")";
        };
    }

    private static void memory(StringBuilder out, List<Result> results, Set<String> peers) {
        out.append("| work | s4j |");
        peers.forEach(p -> out.append(' ').append(p).append(" |"));
        out.append("\n|---|--:|").append("--:|".repeat(peers.size())).append('\n');
        for (Result r : results) {
            out.append("| `").append(r.work().name()).append("` | ").append(megabytes(r.ours())).append(" |");
            for (String peer : peers) {
                out.append(' ').append(megabytes(r.peers().get(peer))).append(" |");
            }
            out.append('\n');
        }
    }

    private static String megabytes(Result.@Nullable Entry entry) {
        if (entry == null) {
            return "–";
        }
        if (entry.megabytes() != null) {
            return String.format(Locale.ROOT, "%,.0f", entry.megabytes());
        }
        return entry.memoryStopped() == null ? "–" : entry.memoryStopped();
    }
}
