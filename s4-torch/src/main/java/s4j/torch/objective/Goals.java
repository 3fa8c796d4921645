package s4j.torch.objective;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import s4j.model.SequenceBatch;
import s4j.model.Targets;

/**
 * A batch's targets as tensors on the network's device.
 *
 * @param values classes {@code [n]} int64, or numbers {@code [b, t, d]} float32
 * @param mask 1 at numbers that count {@code [b, t, d]}; null: all count
 */
public record Goals(Tensor values, @Nullable Tensor mask) {
    /**
     * The targets of a batch; of classes of steps those of predicted steps, one sequence after the other.
     *
     * @param classes outputs of the network, above every class
     */
    public static Goals of(SequenceBatch batch, int classes, Device device) {
        return switch (batch.targets()) {
            case Targets.Classes c -> new Goals(labels(c.classes(), classes, device), null);
            case Targets.StepClasses s -> new Goals(steps(batch, s.classes(), classes, device), null);
            case Targets.Values v -> new Goals(numbers(batch.size(), v, v.values(), device),
                    v.mask() == null ? null : numbers(batch.size(), v, v.mask(), device));
            case null -> throw new IllegalArgumentException("training needs a label for each sequence");
        };
    }

    private static Tensor numbers(int size, Targets.Values shape, float[] values, Device device) {
        return Tensor.create(values, size, shape.steps(), shape.features()).to(device, ScalarType.Float);
    }

    private static Tensor labels(int[] labels, int classes, Device device) {
        for (int label : labels) {
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException("label " + label + " in a batch; expected 0 to "
                        + (classes - 1) + " (d_output " + classes + ")");
            }
        }
        return Tensor.create(labels).to(device, ScalarType.Long);
    }

    private static Tensor steps(SequenceBatch batch, int[] targets, int classes, Device device) {
        long[] real = new long[Math.toIntExact(batch.predictedSteps())];
        int n = 0;
        for (int i = 0; i < batch.size(); i++) {
            for (int t = 0; t < batch.stepsOf(i); t++) {
                int target = targets[i * batch.length() + t];
                if (target == Targets.NONE) {
                    continue;
                }
                if (target < 0 || target >= classes) {
                    throw new IllegalArgumentException("target %d of sequence %d, step %d in a batch; expected 0 to %d"
                            .formatted(target, i, t, classes - 1));
                }
                real[n++] = target;
            }
        }
        return Tensor.create(real, real.length).to(device, ScalarType.Long);
    }
}
