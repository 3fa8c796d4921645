package s4j.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import s4j.train.report.LineChart;

/** Time and memory against length, both logarithmic: one chart for each family of works that was run at several lengths. */
public final class Plots {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;

    private Plots() {}

    /** A chart and the file it goes to. */
    public record Plot(String file, String title, String svg) {}

    /** All charts in order; those of memory only where it was measured. */
    public static List<Plot> of(List<Result> results) {
        Map<String, List<Result>> families = new LinkedHashMap<>();
        for (Result r : results) {
            String family = r.work().family() + " b%d h%d".formatted(r.work().b(), r.work().h());
            families.computeIfAbsent(family, _ -> new ArrayList<>()).add(r);
        }
        List<Plot> plots = new ArrayList<>();
        families.forEach((family, members) -> {
            if (members.size() > 1) {
                members.sort(java.util.Comparator.comparingInt(r -> r.work().l()));
                plot(plots, "time", family, "milliseconds", members,
                        e -> e.timing().disturbed() ? Double.NaN : e.timing().median());
                plot(plots, "memory", family, "peak memory, 10⁶ bytes", members,
                        e -> e.megabytes() == null ? Double.NaN : e.megabytes());
            }
        });
        return plots;
    }

    private static void plot(List<Plot> plots, String what, String family, String unit, List<Result> members,
            ToDoubleFunction<Result.Entry> value) {
        Set<String> peers = new LinkedHashSet<>();
        members.forEach(r -> peers.addAll(r.peers().keySet()));
        double[] lengths = members.stream().mapToDouble(r -> r.work().l()).toArray();
        List<LineChart.Series> series = new ArrayList<>();
        series.add(new LineChart.Series("s4j", lengths,
                members.stream().mapToDouble(r -> value.applyAsDouble(r.ours())).toArray(), true));
        for (String peer : peers) {
            series.add(new LineChart.Series(peer, lengths, members.stream().mapToDouble(r -> {
                Result.Entry entry = r.peers().get(peer);
                return entry == null ? Double.NaN : value.applyAsDouble(entry);
            }).toArray(), true));
        }
        if (series.stream().flatMapToDouble(s -> java.util.Arrays.stream(s.y())).noneMatch(Double::isFinite)) {
            return;
        }
        String title = family + ": " + unit + " against length";
        String svg = new LineChart(title, title
                + ", both axes logarithmic; a line ends where memory or time ran out, and has a gap where other programs disturbed",
                "L (" + family + "; " + unit + ")", series, LineChart.Scale.LOG_LOG, WIDTH, HEIGHT).document();
        plots.add(new Plot(what + "-" + family.replaceAll("[/ ]", "-") + ".svg", title, svg));
    }
}
