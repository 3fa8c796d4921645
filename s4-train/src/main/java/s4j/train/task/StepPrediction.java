package s4j.train.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.model.TargetSpec;
import s4j.torch.Learner.StepScores;
import s4j.train.report.Curve;
import s4j.train.report.Headline;
import s4j.train.report.Html;
import s4j.train.report.Page;
import s4j.train.report.Section;

/**
 * Sequences with a target at each step, e.g. the next sample.
 *
 * @param scores sums over the steps
 * @param names of the metrics that are asked for
 * @param unit what a step is, e.g. sample or character
 * @param reference what simple models do on the same steps; null: not asked
 */
public record StepPrediction(StepScores scores, List<String> names, String unit,
        @Nullable Baselines reference)
        implements
            Evaluation {
    private static final double LN2 = Math.log(2);

    @Override
    public long size() { return scores.steps(); }

    /** Mean −log₂ p(target). */
    public double bits() { return bits(scores.loss() / scores.steps()); }

    /** A mean cross entropy in bits. */
    public static double bits(double loss) { return loss / LN2; }

    @Override
    public Map<String, Double> metrics() {
        double loss = scores.loss() / scores.steps();
        Map<String, Double> out = new LinkedHashMap<>();
        out.put("loss", loss);
        out.put("accuracy", share(scores.top1()));
        out.putAll(ofLoss(loss, names));
        Map<String, Long> hits = Map.of("accuracy@3", scores.top3(), "accuracy@5", scores.top5(), "accuracy@10",
                scores.top10());
        names.stream().filter(hits::containsKey).forEach(n -> out.put(n, share(hits.getOrDefault(n, 0L))));
        return out;
    }

    private double share(long hits) { return (double) hits / scores.steps(); }

    /** Those metrics that follow from the loss alone. */
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

    StepPrediction with(Baselines other) { return new StepPrediction(scores, names, unit, other); }

    @Override
    public String summary() {
        return String.format(Locale.ROOT, "%,d of %,d test %ss right, loss %.4f", scores.top1(), scores.steps(),
                unit, loss());
    }

    @Override
    public String lastLine() {
        return "test nll: " + told(bits()) + (text()
                ? String.format(Locale.ROOT, " (%.4f nats, perplexity %.2f)", loss(), Math.exp(loss()))
                : "");
    }

    /** Whether steps are text rather than sound. */
    private boolean text() {
        return !unit.equals(TargetSpec.StepClasses.DEFAULTS.unit());
    }

    @Override
    public List<String> baselines() {
        List<String> out = new ArrayList<>();
        if (reference == null) {
            return out;
        }
        out.add("baseline unigram: " + told(reference.unigram()));
        Double chain = reference.markov();
        if (chain != null) {
            out.add("baseline order-1 Markov: " + told(chain) + against(chain));
        }
        Double grams = reference.kneserNey();
        if (grams != null) {
            out.add("baseline Kneser-Ney 5-gram: " + told(grams) + perplexity(grams) + against(grams));
        }
        Normalised per = reference.normalised();
        if (per != null) {
            out.add(String.format(Locale.ROOT, "whatever a token is: %.4f bits per byte, perplexity %.2f per word",
                    bits() * per.bitsPerByte(), Math.exp(loss() * per.perWord())));
        }
        return out;
    }

    private String against(double baseline) {
        return String.format(Locale.ROOT, "; the model's are %.4f %s", Math.abs(baseline - bits()),
                bits() < baseline ? "fewer" : "more");
    }

    private String perplexity(double bits) {
        return text() ? String.format(Locale.ROOT, " (perplexity %.2f)", Math.pow(2, bits)) : "";
    }

    /**
     * What makes models of other tokens comparable.
     *
     * @param bitsPerByte tokens of a byte of UTF-8
     * @param perWord tokens of a word, i.e. of what stands between blanks and of each line's end
     */
    record Normalised(double bitsPerByte, double perWord) {}

    @Override
    public Map<String, @Nullable Object> provenance(@Nullable Map<String, Double> validation) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("validation_accuracy", validation == null ? null : validation.get("accuracy"));
        out.put("test_accuracy", share(scores.top1()));
        out.put("validation_nll_bits", validation == null ? null : bits(validation.getOrDefault("loss", Double.NaN)));
        out.put("test_nll_bits", bits());
        out.put("baseline_unigram_bits", reference == null ? null : reference.unigram());
        out.put("baseline_markov_bits", reference == null ? null : reference.markov());
        if (text()) {
            out.put("test_perplexity", Math.exp(loss()));
            out.put("baseline_kneser_ney_bits", reference == null ? null : reference.kneserNey());
        }
        return out;
    }

    @Override
    public Headline headline() {
        return new Headline(String.format(Locale.ROOT, "%.4f", bits()), "bits per " + unit + " on the test split");
    }

    @Override
    public Map<String, String> facts(@Nullable Map<String, Double> validation) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Test " + unit + "s", String.format(Locale.ROOT, "%,d of %,d right", scores.top1(), scores.steps()));
        if (validation != null) {
            out.put("Best validation",
                    String.format(Locale.ROOT, "%.4f bits", bits(validation.getOrDefault("loss", Double.NaN))));
        }
        return out;
    }

    @Override
    public List<Curve> curves() {
        Map<String, Double> levels = new LinkedHashMap<>();
        if (reference != null && reference.markov() != null) {
            levels.put("order-1 Markov on test", reference.markov());
        }
        return List.of(new Curve("Bits per " + unit, "loss", StepPrediction::bits, "bits per " + unit, levels),
                Curve.of("Accuracy", "accuracy"));
    }

    /** The model beside the simple ones. */
    @Override
    public List<Section> sections() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("This model", told(bits()));
        if (reference != null && reference.markov() != null) {
            out.put("Order-1 Markov chain, fitted on the training split", told(reference.markov()));
        }
        if (reference != null) {
            out.put("Unigram, fitted on the training split", told(reference.unigram()));
        }
        if (reference != null && reference.kneserNey() != null) {
            out.put("Kneser-Ney 5-grams, of the training split", told(reference.kneserNey()));
        }
        out.put("Accuracy", Html.percent(share(scores.top1())));
        out.put("Among the three most probable", Html.percent(share(scores.top3())));
        out.put("Among the five most probable", Html.percent(share(scores.top5())));
        out.put("Among the ten most probable", Html.percent(share(scores.top10())));
        return List.of(new Section("On the test split", Page.facts(out)));
    }

    private String told(double bits) { return String.format(Locale.ROOT, "%.4f bits per %s", bits, unit); }
}
