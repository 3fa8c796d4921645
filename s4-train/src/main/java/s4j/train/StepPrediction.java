package s4j.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.torch.Learner.StepScores;

/**
 * Sequences with a target at each step, e.g. the next sample.
 *
 * @param scores sums over the steps
 * @param baselines what simple models do on the same steps; null: not asked
 */
public record StepPrediction(StepScores scores, @Nullable Baselines baselines) implements Evaluation {
    private static final double LN2 = Math.log(2);

    @Override
    public long size() { return scores.steps(); }

    @Override
    public long correct() { return scores.top1(); }

    @Override
    public double loss() { return scores.loss() / scores.steps(); }

    /** Mean −log₂ p(target). */
    public double bits() { return bits(loss()); }

    /** A mean cross entropy in bits. */
    public static double bits(double loss) { return loss / LN2; }

    @Override
    public boolean betterThan(Position.Best best) { return loss() < best.loss(); }

    /** The metrics of these names. */
    Map<String, Double> metrics(List<String> names) {
        Map<String, Double> out = new LinkedHashMap<>(ofLoss(loss(), names));
        Map<String, Long> hits = Map.of("accuracy@3", scores.top3(), "accuracy@5", scores.top5(), "accuracy@10",
                scores.top10());
        names.stream().filter(hits::containsKey)
                .forEach(n -> out.put(n, (double) hits.getOrDefault(n, 0L) / scores.steps()));
        return out;
    }

    /** Those of them that follow from the loss alone. */
    static Map<String, Double> ofLoss(double loss, List<String> names) {
        Map<String, Double> out = new LinkedHashMap<>();
        for (String name : names) {
            switch (name) {
                case "bpb" -> out.put(name, bits(loss));
                case "ppl" -> out.put(name, Math.exp(loss));
                default -> {
                    continue;
                }
            }
        }
        return out;
    }

    StepPrediction with(Baselines reference) { return new StepPrediction(scores, reference); }
}
