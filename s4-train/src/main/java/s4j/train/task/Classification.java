package s4j.train.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.data.SequenceSet.Picture;
import s4j.train.report.ConfusionTable;
import s4j.train.report.Curve;
import s4j.train.report.GrayImage;
import s4j.train.report.Headline;
import s4j.train.report.Html;
import s4j.train.report.Section;

/**
 * Sequences with a class each.
 *
 * @param size sequences
 * @param correct of them classified rightly
 * @param meanLoss mean cross entropy
 * @param confusion counts {@code [true][predicted]}
 * @param mistakes the misclassified sequences it was most confident of, the most confident first
 * @param classNames of the classes
 * @param mostFrequent accuracy of always predicting the most frequent class of the training split; null: not asked
 */
public record Classification(long size, long correct, double meanLoss, int[][] confusion, List<Mistake> mistakes,
        List<String> classNames, @Nullable Double mostFrequent) implements Evaluation {
    /**
     * One misclassified sequence.
     *
     * @param index of the sequence in its split
     * @param label its class
     * @param predicted the network's
     * @param probability that the network gives its prediction
     * @param picture of it; null where it is none
     */
    public record Mistake(int index, int label, int predicted, double probability, @Nullable Picture picture) {}

    Classification with(double baseline) {
        return new Classification(size, correct, meanLoss, confusion, mistakes, classNames, baseline);
    }

    /** Share that is right. */
    public double accuracy() { return (double) correct / size; }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> out = new LinkedHashMap<>();
        out.put("loss", meanLoss);
        out.put("accuracy", accuracy());
        return out;
    }

    @Override
    public String summary() {
        return String.format(Locale.ROOT, "%,d of %,d test sequences right, loss %.4f", correct, size, meanLoss);
    }

    @Override
    public String lastLine() { return String.format(Locale.ROOT, "test accuracy: %.4f", accuracy()); }

    @Override
    public List<String> baselines() {
        return mostFrequent == null
                ? List.of()
                : List.of(String.format(Locale.ROOT, "baseline most frequent class: accuracy %.4f", mostFrequent));
    }

    @Override
    public Map<String, @Nullable Object> provenance(@Nullable Map<String, Double> validation) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("validation_accuracy", validation == null ? null : validation.get("accuracy"));
        out.put("test_accuracy", accuracy());
        if (mostFrequent != null) {
            out.put("baseline_most_frequent_accuracy", mostFrequent);
        }
        return out;
    }

    @Override
    public Headline headline() {
        return new Headline(String.format(Locale.ROOT, "%.2f %%", 100 * accuracy()), "test accuracy");
    }

    @Override
    public Map<String, String> facts(@Nullable Map<String, Double> validation) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Test sequences", String.format(Locale.ROOT, "%,d of %,d right", correct, size));
        if (validation != null) {
            out.put("Best validation", String.format(Locale.ROOT, "%.2f %%", 100 * validation.getOrDefault("accuracy",
                    Double.NaN)));
        }
        if (mostFrequent != null) {
            out.put("Always the most frequent class", String.format(Locale.ROOT, "%.2f %%", 100 * mostFrequent));
        }
        return out;
    }

    @Override
    public List<Curve> curves() { return List.of(Curve.of("Loss", "loss"), Curve.of("Accuracy", "accuracy")); }

    @Override
    public List<Section> sections() {
        List<Section> out = new ArrayList<>();
        out.add(new Section("Confusion on the test split", new ConfusionTable(confusion, classNames).html()));
        if (!mistakes.isEmpty()) {
            out.add(new Section("Misclassified", misclassified()));
        }
        return out;
    }

    private String misclassified() {
        StringBuilder out = new StringBuilder("<p>");
        out.append(String.format(Locale.ROOT, "%,d of %,d; the %d most confident:</p><div class=\"digits\">",
                size - correct, size, mistakes.size()));
        for (Mistake m : mistakes) {
            String is = classNames.get(m.label());
            String says = classNames.get(m.predicted());
            out.append("<figure>");
            if (m.picture() != null) {
                out.append(new GrayImage(m.picture())
                        .html("Test example " + m.index() + ", a " + is + " predicted as " + says));
            }
            out.append("<figcaption>").append(Html.text(is)).append(" → <b>").append(Html.text(says))
                    .append("</b><br><small>").append(String.format(Locale.ROOT, "p = %.2f", m.probability()))
                    .append("</small></figcaption></figure>");
        }
        return out.append("</div>").toString();
    }
}
