package s4j.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The published tables of multivariate forecasting, one for each convention of how far models look back, with our results beside
 * them.
 */
record MultivariateTables(List<ForecastRow> rows) {
    private static final List<String> SETS = List.of("ETTh1", "ETTh2", "ETTm2", "Weather", "Exchange", "ILI");
    private static final List<Integer> HORIZONS = List.of(96, 192, 336, 720);
    private static final List<Integer> WEEKS = List.of(24, 36, 48, 60);
    private static final List<String> OWN = List.of("naive", "nlinear", "dlinear", "s4");

    /**
     * A convention.
     *
     * @param word of the file of published errors
     * @param context steps that all of our models see
     * @param weeks the same of ILI
     * @param published their words and names
     */
    private record LookBack(String word, int context, int weeks, Map<String, String> published) {
        int of(String set) { return set.equals("ILI") ? weeks : context; }
    }

    private static final List<LookBack> CONVENTIONS = List.of(
            new LookBack("short", 96, 36, names("itransformer", "iTransformer", "smamba", "S-Mamba", "patchtst",
                    "PatchTST", "rlinear", "RLinear", "dlinear", "DLinear")),
            new LookBack("long", 336, 104, names("patchtst", "PatchTST (512)", "dlinear", "DLinear")));

    private static Map<String, String> names(String... wordsAndNames) {
        Map<String, String> out = new LinkedHashMap<>();
        for (int i = 0; i < wordsAndNames.length; i += 2) {
            out.put(wordsAndNames[i], wordsAndNames[i + 1]);
        }
        return out;
    }

    String markdown() {
        Published published = Published.read("published-multivariate.csv");
        StringBuilder out = new StringBuilder("\n# All columns together\n\n");
        out.append("MSE over all columns and test windows. Each of our cells:")
                .append(" `./s4 train experiment=forecasting/s4-SET dataset.features=M dataset.size=[96,0,H]` (and 336; ILI 36 and 104).\n")
                .append("Naive and linear models see as much as ours. Bold: the lowest of our four. –: not published, or not run.\n");
        for (LookBack c : CONVENTIONS) {
            out.append(
                    String.format(Locale.ROOT, "%n## Look-back %d (ILI %d)%n", c.context, c.weeks).replace("\r", ""));
            for (String set : SETS) {
                table(out, published, c, set);
            }
        }
        return out.toString();
    }

    private void table(StringBuilder out, Published published, LookBack c, String set) {
        out.append("\n| ").append(set);
        c.published.values().forEach(n -> out.append(" | ").append(n));
        out.append(" | naive | our NLinear | our DLinear | ours | seeds |\n|").append("---|".repeat(6 + c.published
                .size())).append('\n');
        int naive = 0;
        int run = 0;
        for (int h : set.equals("ILI") ? WEEKS : HORIZONS) {
            List<ErrorCell> own = new ArrayList<>();
            OWN.forEach(m -> own.add(cell(set, m, m.equals("naive") ? 0 : c.of(set), h)));
            double least = own.stream().mapToDouble(ErrorCell::mean).filter(Double::isFinite).min().orElse(Double.NaN);
            boolean ran = own.getLast().count() > 0;
            out.append("| ").append(h);
            c.published.keySet().forEach(m -> out.append(" | ").append(published.text(set, c.word, h, m)));
            for (ErrorCell cell : own) {
                out.append(" | ").append(ran && cell.mean() == least ? "**" + cell + "**" : cell.toString());
            }
            out.append(" | ").append(own.getLast().count()).append(" |\n");
            run += ran ? 1 : 0;
            naive += ran && own.getFirst().mean() == least ? 1 : 0;
        }
        if (naive > 0) {
            out.append(String
                    .format(Locale.ROOT, "%nThe last value is the best of ours in %d of %d cells that were run.%n",
                            naive, run)
                    .replace("\r", ""));
        }
    }

    private ErrorCell cell(String set, String model, int context, int horizon) {
        return ErrorCell.of(rows.stream().filter(r -> r.set().equals(set) && r.features().equals("M") && r.model()
                .equals(model) && r.context() == context && r.horizon() == horizon).toList());
    }
}
