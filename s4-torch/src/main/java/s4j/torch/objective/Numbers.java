package s4j.torch.objective;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Losses of one output for each number: a function of the error e = output − target. */
@FunctionalInterface
interface Numbers extends Objective {
    /** e². */
    Numbers MSE = e -> e.mul(e);
    /** |e|. */
    Numbers MAE = Tensor::abs;

    /** ½ e² where |e| ≤ δ, else δ (|e| − δ/2): with c = min(|e|, δ) both are c (|e| − c/2). */
    static Numbers huber(double delta) {
        return e -> {
            Tensor size = e.abs();
            Tensor c = torch.clamp_max(size, new Scalar(delta));
            return c.mul(size.sub(c.mul(new Scalar(0.5))));
        };
    }

    /** The loss of each error. */
    Tensor of(Tensor error);

    @Override
    default Loss loss(Tensor outputs, Goals goals) {
        return mean(of(outputs.reshape(goals.values().sizes()).sub(goals.values())), goals);
    }

    /** The mean of losses {@code [b, t, d]} over the numbers that count. */
    static Loss mean(Tensor each, Goals goals) {
        Tensor mask = goals.mask();
        if (mask == null) {
            return new Loss(each.mean(), 0, each.numel());
        }
        // a number that does not count may be anything, also not finite
        Tensor counted = torch.where(mask.gt(new Scalar(0.0)), each, torch.zeros_like(each));
        double size = mask.sum().item().toDouble();
        return new Loss(counted.sum().div(new Scalar(Math.max(1, size))), 0, Math.round(size));
    }
}
