package s4j.torch.objective;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import s4j.model.ObjectiveConfig;
import s4j.torch.tensor.Tensors;

/** −ln softmax(outputs)[class]; with weights the weighted mean, as PyTorch has it. */
record CrossEntropy(ObjectiveConfig.CrossEntropy config) implements Objective {
    private static final long MEAN = 1;
    private static final long IGNORED = -100;

    @Override
    public Loss loss(Tensor outputs, Goals goals) {
        Tensor mean = config.classWeights() == null && config.labelSmoothing() == 0
                ? torch.cross_entropy_loss(outputs, goals.values())
                : torch.cross_entropy_loss(outputs, goals.values(), weights(outputs), MEAN, IGNORED,
                        config.labelSmoothing());
        long correct = outputs.argmax(new LongOptional(-1), false).eq(goals.values()).sum().item().toLong();
        long size = goals.values().numel();
        double weight = config.classWeights() == null ? (double) size : total(outputs, goals.values());
        return new Loss(mean, correct, size, weight);
    }

    /** The sum of the weights of the targets' classes. */
    private double total(Tensor outputs, Tensor classes) {
        return weights(outputs).get().index_select(0, classes).sum().item().toDouble();
    }

    private TensorOptional weights(Tensor outputs) {
        return config.classWeights() == null
                ? new TensorOptional()
                : new TensorOptional(Tensors.of(
                        config.classWeights().stream().mapToDouble(Double::doubleValue).toArray(), outputs,
                        config.classWeights().size()));
    }
}
