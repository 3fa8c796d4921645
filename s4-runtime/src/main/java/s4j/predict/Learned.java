package s4j.predict;

import java.util.List;
import java.util.stream.IntStream;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.ModelFile;
import s4j.model.ObjectiveConfig;
import s4j.model.TargetSpec;

/**
 * What a model file says it has learned.
 *
 * @param objective its {@code task.loss}; cross entropy where it names none
 * @param targets what is predicted; where it names none (files of before 0.2, imported ones) numbered classes
 */
record Learned(ObjectiveConfig objective, TargetSpec targets) {
    private static final String LOSS = "task.loss";

    /**
     * Of a network with so many outputs.
     *
     * @param name of the file, for messages
     * @throws IllegalArgumentException when loss, targets and outputs do not fit each other
     */
    static Learned of(ModelFile file, String name, int outputs) {
        ConfigTree config = ConfigTree.of(file.config(), new Origin(name));
        ConfigTree loss = config.find(LOSS);
        ObjectiveConfig objective = loss == null
                ? ObjectiveConfig.CrossEntropy.DEFAULTS
                : Binder.bind(loss, ObjectiveConfig.class, ObjectiveConfig.CrossEntropy.DEFAULTS);
        ConfigTree tree = config.find(TargetSpec.KEY);
        TargetSpec targets = tree == null
                ? TargetSpec.Classes.of(numbers(objective instanceof ObjectiveConfig.BinaryCrossEntropy ? 2 : outputs))
                : Binder.bind(tree, TargetSpec.class, TargetSpec.Classes.DEFAULTS);
        if (objective.outputs(targets) != outputs) {
            throw new IllegalArgumentException("the network has %d outputs; expected %d for its targets"
                    .formatted(outputs, objective.outputs(targets)));
        }
        return new Learned(objective, targets);
    }

    /** 0, 1, … as names. */
    static List<String> numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }
}
