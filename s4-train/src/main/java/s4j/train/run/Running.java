package s4j.train.run;

import java.util.LinkedHashMap;
import java.util.Map;
import s4j.torch.Learner;

/**
 * Sums over a stretch of training steps, from which its means come.
 *
 * @param steps training steps
 * @param sequences sequences seen
 * @param correct of them classified rightly; 0 of numbers
 * @param lossSum sum of the sequences' losses
 * @param normSum sum of the steps' gradient norms (before clipping)
 */
public record Running(int steps, long sequences, long correct, double lossSum, double normSum) {
    /** Nothing yet. */
    public static final Running NOTHING = new Running(0, 0, 0, 0, 0);

    /** With one more step. */
    public Running plus(Learner.StepResult step) {
        return new Running(steps + 1, sequences + step.size(), correct + step.correct(),
                lossSum + step.loss() * step.size(), normSum + step.gradientNorm());
    }

    /** Mean loss per sequence. */
    public double loss() { return lossSum / sequences; }

    /** Share of the sequences classified rightly. */
    public double accuracy() { return (double) correct / sequences; }

    /** Mean gradient norm per step. */
    public double gradientNorm() { return normSum / steps; }

    Map<String, Object> toJson() {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("steps", steps);
        out.put("sequences", sequences);
        out.put("correct", correct);
        out.put("loss_sum", lossSum);
        out.put("norm_sum", normSum);
        return out;
    }

    static Running fromJson(JsonFields json) {
        return new Running((int) json.whole("steps"), json.whole("sequences"), json.whole("correct"),
                json.real("loss_sum"), json.real("norm_sum"));
    }
}
