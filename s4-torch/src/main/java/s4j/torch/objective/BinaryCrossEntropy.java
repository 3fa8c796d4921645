package s4j.torch.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** −y ln σ(z) − (1 − y) ln(1 − σ(z)) = softplus(z) − y z, of two classes or of numbers between 0 and 1. */
record BinaryCrossEntropy() implements Objective {
    @Override
    public Loss loss(Tensor outputs, Goals goals) {
        if (goals.values().scalar_type().intern() != ScalarType.Long) {
            Tensor z = outputs.reshape(goals.values().sizes());
            return Numbers.mean(torch.softplus(z).sub(z.mul(goals.values())), goals);
        }
        Tensor z = outputs.squeeze(-1);
        Tensor y = goals.values().to(z.scalar_type());
        long correct = z.gt(new Scalar(0.0)).to(ScalarType.Long).eq(goals.values()).sum().item().toLong();
        return new Loss(torch.softplus(z).sub(z.mul(y)).mean(), correct, y.numel());
    }
}
