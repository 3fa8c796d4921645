package s4j.predict;

import java.util.List;
import s4j.config.ConfigException;
import s4j.io.ModelFile;
import s4j.model.Outputs;
import s4j.model.TargetSpec;
import s4j.stream.S4Model;

/**
 * The outputs of a network of classes as probabilities: softmax of its scores; of the one output of two classes
 * ({@code binary_cross_entropy}) p = 1 / (1 + e^−y) of the second.
 *
 * @param reading of the outputs
 * @param names of the classes, class 0 first
 */
public record ClassProbabilities(Outputs reading, List<String> names) {
    /** Keeps a copy. */
    public ClassProbabilities {
        names = List.copyOf(names);
    }

    /**
     * Of a model and the file it came from.
     *
     * @throws IllegalArgumentException when the model has learned numbers, or one class alone
     */
    public static ClassProbabilities of(ModelFile file, S4Model model) {
        try {
            Learned learned = Learned.of(file, "the model file", model.config().dOutput());
            List<String> names = switch (learned.targets()) {
                case TargetSpec.Classes c -> c.names();
                case TargetSpec.StepClasses s -> Learned.numbers(s.count());
                case TargetSpec.Values v -> throw new IllegalArgumentException(
                        "the model predicts numbers (task.loss=" + learned.objective().name()
                                + "), which have no probabilities; expected a model of classes");
            };
            if (names.size() < 2) {
                throw new IllegalArgumentException(
                        "the model has one output and its file does not say what it means; expected two classes or more,"
                                + " or task.loss=binary_cross_entropy in it");
            }
            return new ClassProbabilities(new Outputs(learned.objective()), names);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** Of the outputs {@code [d_output]} of one step or sequence. */
    public double[] of(float[] outputs) {
        return Outputs.probabilities(reading.scores(outputs), 0, names.size());
    }
}
