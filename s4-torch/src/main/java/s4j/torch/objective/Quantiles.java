package s4j.torch.objective;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import s4j.torch.tensor.Tensors;

/** The mean pinball loss max(q e, (q − 1) e), e = y − v_q, over levels q; see {@link s4j.model.ObjectiveConfig.Quantile}. */
record Quantiles(List<Double> levels) implements Objective {
    @Override
    public Loss loss(Tensor outputs, Goals goals) {
        Tensor y = goals.values();
        Tensor raw = outputs.reshape(y.size(0), y.size(1), y.size(2), levels.size());
        Tensor first = raw.narrow(3, 0, 1);
        Tensor values = levels.size() == 1
                ? first
                : Tensors.cat(3, first, torch.softplus(raw.narrow(3, 1, levels.size() - 1))).cumsum(3);
        Tensor e = y.unsqueeze(3).sub(values);
        Tensor q = Tensors.of(levels.stream().mapToDouble(Double::doubleValue).toArray(), e, levels.size());
        Tensor below = Tensors.of(levels.stream().mapToDouble(v -> v - 1).toArray(), e, levels.size());
        return Numbers.mean(torch.maximum(e.mul(q), e.mul(below)).mean(3), goals);
    }
}
