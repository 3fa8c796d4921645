package s4j.torch.objective;

import org.bytedeco.pytorch.Tensor;
import s4j.model.ObjectiveConfig;
import s4j.torch.tensor.ParameterStore;

/**
 * A loss of a network's outputs against a batch's targets. It may own parameters: those it adds to the store when it is made,
 * below {@code objective.}, are trained and kept with the network's.
 *
 * <p>To add one: a record in {@link ObjectiveConfig}, a class here, its line in {@link #of}.
 */
public interface Objective {
    /**
     * The loss of a batch.
     *
     * @param outputs {@code [b, outputs]}; of step classes those of the real steps {@code [n, outputs]}
     * @param goals the batch's targets as tensors
     */
    Loss loss(Tensor outputs, Goals goals);

    /**
     * A batch's loss.
     *
     * @param mean over all predictions, with its graph
     * @param correct predictions that name the right class; 0 of numbers
     * @param size predictions: sequences, steps, or numbers that count
     * @param weight what the sum over the predictions was divided by: size, or the sum of their classes' weights
     */
    record Loss(Tensor mean, long correct, long size, double weight) {
        /** A mean in which all predictions count alike. */
        public Loss(Tensor mean, long correct, long size) {
            this(mean, correct, size, (double) size);
        }
    }

    /**
     * The objective of a configuration.
     *
     * @param store where its own parameters go
     */
    static Objective of(ObjectiveConfig config, ParameterStore store) {
        return switch (config) {
            case ObjectiveConfig.CrossEntropy c -> new CrossEntropy(c);
            case ObjectiveConfig.BinaryCrossEntropy b -> new BinaryCrossEntropy();
            case ObjectiveConfig.Mse m -> Numbers.MSE;
            case ObjectiveConfig.Mae m -> Numbers.MAE;
            case ObjectiveConfig.Huber h -> Numbers.huber(h.delta());
            case ObjectiveConfig.Gaussian g -> new Densities.Gaussian();
            case ObjectiveConfig.StudentT t -> new Densities.StudentT();
            case ObjectiveConfig.Quantile q -> new Quantiles(q.levels());
        };
    }
}
