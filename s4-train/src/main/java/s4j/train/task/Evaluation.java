package s4j.train.task;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import s4j.train.report.Curve;
import s4j.train.report.Headline;
import s4j.train.report.Section;

/** What a network does on a split, and how that is told. */
public interface Evaluation {
    /** Predictions: sequences, steps, or numbers. */
    long size();

    /** {@code loss} (natural logarithm where it is one), then the task's metrics in the order of the metrics files. */
    Map<String, Double> metrics();

    /** One of them. */
    default double metric(String name) { return Objects.requireNonNull(metrics().get(name), name); }

    /** Mean loss. */
    default double loss() { return metric(Metric.LOSS.name()); }

    /** One line for people, e.g. {@code 9,862 of 10,000 test sequences right, loss 0.0574}. */
    String summary();

    /** The last line of a command, for people and scripts, e.g. {@code test accuracy: 0.9862}. */
    String lastLine();

    /** What simple models do on the same split, a line each; none where it was not asked. */
    List<String> baselines();

    /** What a model file keeps of it: {@code test_accuracy} and the like; also of the best validation, null: there was none. */
    Map<String, @Nullable Object> provenance(@Nullable Map<String, Double> validation);

    /** The number at the top of the report. */
    Headline headline();

    /** Facts of the report: this evaluation, and the best validation. */
    Map<String, String> facts(@Nullable Map<String, Double> validation);

    /** Curves of the report, beside learning rate and gradient norm. */
    List<Curve> curves();

    /** Further sections of the report. */
    List<Section> sections();
}
