package s4j.flink.examples;

import java.util.List;
import java.util.Locale;

/** What the model is trained on: windows of the first measurements of each series, and by how much the next value differs from the last one. */
final class TrainingWindows {
    /** Steps of a window. */
    private static final int STEPS = 96;

    private TrainingWindows() {}

    /** Rows {@code v1,…,v96,next}, standardised as the job does it; no label and nothing behind the first two thirds of the probation is looked at. */
    static String csv(List<NabSeries> all) {
        StringBuilder out = new StringBuilder();
        for (int i = 1; i <= STEPS; i++) {
            out.append('v').append(i).append(',');
        }
        out.append("next\n");
        for (NabSeries s : all) {
            List<Measurement> first = s.measurements().subList(0, s.probation() * 2 / 3);
            Standardise.Moments scale = new Standardise.Moments();
            first.forEach(m -> scale.take(m.value()));
            double[] z = first.stream().mapToDouble(m -> (m.value() - scale.mean) / scale.std()).toArray();
            for (int t = 0; t + STEPS < z.length; t++) {
                for (int i = 0; i < STEPS; i++) {
                    out.append(String.format(Locale.ROOT, "%.5f,", z[t + i]));
                }
                out.append(String.format(Locale.ROOT, "%.5f%n", z[t + STEPS] - z[t + STEPS - 1]));
            }
        }
        return out.toString();
    }
}
