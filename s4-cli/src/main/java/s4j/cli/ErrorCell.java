package s4j.cli;

import java.util.List;
import java.util.Locale;

/**
 * A mean over seeds.
 *
 * @param mean of the squared errors; NaN: none
 * @param sd their sample standard deviation
 * @param count how many
 */
record ErrorCell(double mean, double sd, int count) {
    static ErrorCell of(List<ForecastRow> rows) {
        double mean = rows.stream().mapToDouble(ForecastRow::mse).average().orElse(Double.NaN);
        double squares = rows.stream().mapToDouble(r -> (r.mse() - mean) * (r.mse() - mean)).sum();
        return new ErrorCell(mean, Math.sqrt(squares / Math.max(1, rows.size() - 1)), rows.size());
    }

    @Override
    public String toString() {
        String text = String.format(Locale.ROOT, "%.4f", mean);
        return count == 0 ? "–" : count < 2 ? text : text + String.format(Locale.ROOT, " ± %.4f", sd);
    }
}
