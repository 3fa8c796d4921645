package s4j.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The published tables of univariate forecasting, with our results beside them. */
record ForecastTables(List<ForecastRow> rows) {
    private static final Map<String, List<Integer>> CELLS = cells();
    private static final double TOLERANCE = 1.02;

    private static Map<String, List<Integer>> cells() {
        Map<String, List<Integer>> out = new LinkedHashMap<>();
        out.put("ETTh1", List.of(24, 48, 96, 168, 192, 336, 720));
        out.put("ETTh2", List.of(24, 48, 96, 168, 192, 336, 720));
        out.put("ETTm1", List.of(24, 48, 96, 192, 288, 336, 672, 720));
        out.put("ETTm2", List.of(96, 192, 336, 720));
        return out;
    }

    String markdown() {
        Published published = Published.read("published-forecasting.csv");
        StringBuilder out = new StringBuilder("# Forecasting: the papers' tables\n\n");
        out.append(
                "Written by `./s4 reproduce forecasting --kept docs/results/forecasting.csv`. MSE of standardised values over all")
                .append(" test windows, univariate.\nEach of our cells: `./s4 train experiment=forecasting/s4-SET")
                .append(" dataset.size=[336,0,H]`, mean (± sd) over the seeds given; how settings were chosen:")
                .append(" docs/forecasting.md.\nS4: table 13 of its paper; Informer, NLinear, DLinear: LTSF-Linear's table. –: not")
                .append(" published, or not run. Bold: the cell's bar holds, min(S4, NLinear) + 2 %,\nwith our own NLinear where")
                .append(" none is published.\n");
        int reached = 0;
        int run = 0;
        int all = 0;
        for (Map.Entry<String, List<Integer>> set : CELLS.entrySet()) {
            out.append("\n## ").append(set.getKey())
                    .append("\n\n| steps | S4 | Informer | NLinear | DLinear | naive | our NLinear | our")
                    .append(" DLinear | ours | seeds | our S4D | official recipe |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n");
            for (int h : set.getValue()) {
                all++;
                ErrorCell own = cell(set.getKey(), "s4", h);
                double bar = bar(published, set.getKey(), h);
                boolean holds = own.count() > 0 && own.mean() <= TOLERANCE * bar;
                run += own.count() > 0 ? 1 : 0;
                reached += holds ? 1 : 0;
                out.append("| ").append(h);
                for (String m : List.of("s4", "informer", "nlinear", "dlinear")) {
                    out.append(" | ").append(published.text(set.getKey(), h, m));
                }
                for (String m : List.of("naive", "nlinear", "dlinear")) {
                    out.append(" | ").append(cell(set.getKey(), m, h));
                }
                out.append(" | ").append(holds ? "**" + own + "**" : own.toString()).append(" | ").append(own.count());
                for (String m : List.of("s4d", "official")) {
                    out.append(" | ").append(cell(set.getKey(), m, h));
                }
                out.append(" |\n");
            }
            out.append(means(set.getKey(), set.getValue()));
        }
        return out.append("\nThe bar holds in ").append(reached).append(" of ").append(run)
                .append(" cells that were run, of ")
                .append(all).append(" in all.\n").toString();
    }

    /** Ours beside the linear and the naive model over the cells that were run. */
    private String means(String set, List<Integer> horizons) {
        double own = 0;
        double linear = 0;
        double naive = 0;
        int n = 0;
        for (int h : horizons) {
            ErrorCell a = cell(set, "s4", h);
            ErrorCell b = cell(set, "nlinear", h);
            if (a.count() > 0 && b.count() > 0) {
                own += a.mean();
                linear += b.mean();
                naive += cell(set, "naive", h).mean();
                n++;
            }
        }
        return n == 0
                ? "\nNo cell was run.\n"
                : String.format(Locale.ROOT,
                        "%nMean over the %d cells that were run: ours %.4f, our NLinear %.4f, naive %.4f.%n",
                        n, own / n, linear / n, naive / n);
    }

    private double bar(Published published, String set, int h) {
        double bar = Double.POSITIVE_INFINITY;
        for (String m : List.of("s4", "nlinear")) {
            Double known = published.error(set, h, m);
            bar = known == null ? bar : Math.min(bar, known);
        }
        ErrorCell own = cell(set, "nlinear", h);
        return published.error(set, h, "nlinear") != null || own.count() == 0 ? bar : Math.min(bar, own.mean());
    }

    private ErrorCell cell(String set, String model, int horizon) {
        return ErrorCell.of(rows.stream().filter(r -> r.set().equals(set) && r.features().equals("S") && r.model()
                .equals(model) && r.horizon() == horizon).toList());
    }
}
