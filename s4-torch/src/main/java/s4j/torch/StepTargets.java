package s4j.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import s4j.model.SequenceBatch;
import s4j.model.Targets;
import s4j.torch.nn.Network;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Tensors;

/** Targets of each step: padding, and what is only read, is left out before the decoder, which is the widest layer by far. */
final class StepTargets {
    /** Steps, and outputs, that are in memory at once in evaluation. */
    private static final long AT_ONCE = 1 << 14;
    private static final long OUTPUTS_AT_ONCE = 1 << 25;
    private static final int[] RANKS = {1, 3, 5, 10};

    private StepTargets() {}

    /** The features of steps that are predicted {@code [n, h]}, one sequence after the other. */
    static Tensor predicted(SequenceBatch batch, Tensor features) {
        Tensor flat = features.flatten(0, 1);
        int all = batch.size() * batch.length();
        long[] rows = new long[Math.toIntExact(batch.predictedSteps())];
        if (rows.length == all) {
            return flat;
        }
        int[] classes = batch.classes();
        int n = 0;
        for (int i = 0; i < batch.size(); i++) {
            for (int t = i * batch.length(); t < i * batch.length() + batch.stepsOf(i); t++) {
                if (classes[t] != Targets.NONE) {
                    rows[n++] = t;
                }
            }
        }
        return flat.index_select(0, Tensor.create(rows, rows.length).to(features.device(), ScalarType.Long));
    }

    /** Sums over all steps, some thousand at a time. */
    static Learner.StepScores scores(Network network, Tensor features, Tensor targets) {
        Learner.StepScores sum = Learner.StepScores.NOTHING;
        long n = targets.size(0);
        long some = Math.clamp(OUTPUTS_AT_ONCE / network.dOutput(), 1, AT_ONCE);
        for (long from = 0; from < n; from += some) {
            long size = Math.min(some, n - from);
            try (var _ = NativeScope.withoutGradients()) {
                sum = sum.plus(some(network.readOut(features.narrow(0, from, size)), targets.narrow(0, from, size)));
            }
        }
        return sum;
    }

    /** A target is among the k highest when fewer than k scores are larger. */
    private static Learner.StepScores some(Tensor logits, Tensor targets) {
        Tensor own = logits.gather(1, targets.unsqueeze(1)); // [n, 1]
        Tensor normalizer = torch.logsumexp(logits, new long[]{1}, true);
        double loss = normalizer.sub(own).to(ScalarType.Double).sum().item().toDouble();
        long[] above = Tensors.longs(logits.gt(own).sum(1)); // scores higher than the target's
        long[] top = new long[4];
        for (long a : above) {
            for (int k = 0; k < top.length; k++) {
                top[k] += a < RANKS[k] ? 1 : 0;
            }
        }
        return new Learner.StepScores(above.length, loss, top[0], top[1], top[2], top[3]);
    }
}
