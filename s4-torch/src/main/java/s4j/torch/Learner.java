package s4j.torch;

import java.util.List;
import java.util.Map;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.torch.distributed.Group;

/** A network with its optimizer on a device: all that the trainer sees of libtorch; values in, values out. */
public interface Learner extends Scorer, AutoCloseable {
    /** A new network, initialised from the options' seed. */
    static Learner create(NetworkConfig network, LearnerOptions options) {
        return create(network, options, Group.alone());
    }

    /** The same as one of several workers, which all make the same steps. */
    static Learner create(NetworkConfig network, LearnerOptions options, Group workers) {
        return new TorchLearner(network, options, workers);
    }

    /**
     * One training step: forward, backward, clip, update with every group's learning rate times {@code lrFactor}. The loss is the mean
     * over all parts of the batch of all workers, whatever their sizes are; it is computed part by part, so that only one is in memory.
     *
     * @param parts of the batch; none where a small batch leaves nothing to this worker
     * @throws NonFiniteException when the loss or a gradient is not finite; parameters are then as before the step
     */
    StepResult trainStep(List<SequenceBatch> parts, double lrFactor);

    /** One training step on a batch in one part. */
    default StepResult trainStep(SequenceBatch batch, double lrFactor) {
        return trainStep(List.of(batch), lrFactor);
    }

    /** The network's tensors under the official names, as evaluation uses them: what goes into a model file. */
    Map<String, TensorData> modelTensors();

    /** Everything that continues training to the same bits: raw weights, optimizer state, averages, random state. */
    Map<String, TensorData> trainingState();

    /** Takes back {@link #trainingState()}; names, types and shapes must match. */
    void restore(Map<String, TensorData> state);

    /** Takes the tensors of a model file; names, types and shapes must match. */
    void loadModel(Map<String, TensorData> tensors);

    /** All trained parameters in order, with their groups. */
    List<ParameterInfo> parameters();

    /** The convolution kernels of the i-th S4 layer, {@code [c, h, l]} flattened, for plots. */
    float[] kernel(int i, int length);

    /** What runs underneath, one line: libtorch and BLAS versions, core type, vector width, threads, device. */
    String describe();

    /** What the bits of a run depend on (device, threads, BLAS core, CPU): equal strings continue to the same bits. */
    String fingerprint();

    @Override
    void close();

    /**
     * Sums over steps that are no padding.
     *
     * @param steps how many
     * @param loss sum of −ln p(target)
     * @param top1 targets that had the highest score
     * @param top3 targets among the three highest
     * @param top5 targets among the five highest
     * @param top10 targets among the ten highest
     */
    record StepScores(long steps, double loss, long top1, long top3, long top5, long top10) {
        /** Of nothing. */
        public static final StepScores NOTHING = new StepScores(0, 0, 0, 0, 0, 0);

        /** Both together. */
        public StepScores plus(StepScores o) {
            return new StepScores(steps + o.steps, loss + o.loss, top1 + o.top1, top3 + o.top3, top5 + o.top5,
                    top10 + o.top10);
        }
    }

    /**
     * What a network says about a batch.
     *
     * @param outputs {@code [b, d_output]}
     * @param loss mean over the predictions
     * @param size predictions: sequences, or numbers that count
     */
    record Scored(float[] outputs, double loss, long size) {}

    /**
     * Of one training step.
     *
     * @param loss mean loss
     * @param correct predictions that name the right class; 0 of numbers
     * @param size predictions: sequences, steps that are no padding where each has a target, or numbers
     * @param gradientNorm before clipping
     */
    record StepResult(double loss, long correct, long size, double gradientNorm) {}

    /**
     * One trained parameter.
     *
     * @param name official name
     * @param shape sizes
     * @param lr its group's learning rate
     * @param weightDecay its group's weight decay
     */
    record ParameterInfo(String name, List<Long> shape, double lr, double weightDecay) {}

    /** The loss or a gradient is not finite; names the parameter, value and step are in the message. */
    final class NonFiniteException extends RuntimeException {
        private static final long serialVersionUID = 1;

        /** With a message for the user. */
        public NonFiniteException(String message) { super(message); }
    }
}
