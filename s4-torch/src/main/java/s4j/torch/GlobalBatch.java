package s4j.torch;

import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import s4j.model.SequenceBatch;
import s4j.torch.distributed.GradientSum;
import s4j.torch.distributed.Group;
import s4j.torch.objective.Objective;
import s4j.torch.optim.Gradients;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;

/**
 * The gradient of the mean loss over a batch that comes in parts, here and at other workers. With w_i what the sum of part i's losses
 * was divided by, and L_i that mean:
 *
 * <pre>
 *   L = Σ w_i L_i / Σ w_i        ∇L = Σ ∇(w_i L_i) / Σ w_i
 * </pre>
 *
 * <p>so that parts of unequal size, padding and weights of classes give what one batch would.
 *
 * @param group the workers
 * @param trained parameters, in the order that all workers have
 * @param running statistics that a worker's own sequences change: means over the workers take their place
 */
record GlobalBatch(Group group, List<Parameter> trained, List<Tensor> running) {
    private static final int SUMS = 4;

    /** Of all trained parameters and running statistics of a network. */
    static GlobalBatch of(Group group, ParameterStore store) {
        List<Tensor> running = store.all().stream()
                .filter(p -> p.name().endsWith(".running_mean") || p.name().endsWith(".running_var"))
                .map(Parameter::value).toList();
        return new GlobalBatch(group, store.trained(), running);
    }

    /** The loss of a part. */
    @FunctionalInterface
    interface PartLoss {
        /** Of part {@code i}. */
        Objective.Loss of(SequenceBatch part, int i);
    }

    /** The whole batch's mean loss, predictions that name the right class, and predictions. */
    record Result(double loss, long correct, long size) {}

    /**
     * Leaves the gradients of the whole batch in the parameters.
     *
     * @throws Learner.NonFiniteException when the loss is not finite, at all workers alike
     */
    Result backward(List<SequenceBatch> parts, PartLoss loss) {
        if (group.size() == 1 && parts.size() == 1) {
            Objective.Loss whole = loss.of(parts.getFirst(), 0);
            double value = whole.mean().item().toDouble();
            requireFinite(value, "");
            whole.mean().backward();
            return new Result(value, whole.correct(), whole.size());
        }
        double[] sums = new double[SUMS + group.size()];
        for (int i = 0; i < parts.size(); i++) {
            try (var _ = NativeScope.open()) {
                add(loss.of(parts.get(i), i), sums);
            }
        }
        sums = new GradientSum(group).sum(trained, running, sums);
        double weight = sums[0] == 0 ? 1 : sums[0];
        requireFinite(sums[1] / weight, culprits(sums));
        Gradients.scale(trained, 1 / weight);
        return new Result(sums[1] / weight, Math.round(sums[2]), Math.round(sums[3]));
    }

    private void add(Objective.Loss part, double[] sums) {
        double value = part.mean().item().toDouble();
        sums[0] += part.weight();
        sums[1] += part.weight() * value;
        sums[2] += part.correct();
        sums[3] += part.size();
        sums[SUMS + group.rank()] += Double.isFinite(value) ? 0 : 1;
        part.mean().mul(new Scalar(part.weight())).backward();
    }

    private String culprits(double[] sums) {
        StringJoiner ranks = new StringJoiner(", ", " at rank ", "");
        double[] bad = Arrays.copyOfRange(sums, SUMS, sums.length);
        for (int r = 0; r < bad.length; r++) {
            if (bad[r] > 0) {
                ranks.add(String.valueOf(r));
            }
        }
        return group.size() == 1 ? "" : ranks.toString();
    }

    private static void requireFinite(double loss, String where) {
        if (!Double.isFinite(loss)) {
            throw new Learner.NonFiniteException("loss is " + loss + where + "; expected a finite number.");
        }
    }
}
