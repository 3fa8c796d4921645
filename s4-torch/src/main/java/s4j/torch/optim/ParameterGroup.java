package s4j.torch.optim;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import s4j.torch.LearnerOptions;
import s4j.torch.OptimizerConfig;
import s4j.torch.tensor.Parameter;

/**
 * Parameters that share learning rate and decay. Every trained parameter is in exactly one group.
 *
 * @param lr learning rate before the schedule
 * @param weightDecay decay
 * @param parameters the members, in order of creation
 */
public record ParameterGroup(double lr, double weightDecay, List<Parameter> parameters) {
    /**
     * The official rule: a parameter's own rate and decay where it has them (A, B, P and dt), else the optimizer's; no
     * decay for biases, norms and embeddings unless the options ask for it.
     */
    public static List<ParameterGroup> of(List<Parameter> trained, LearnerOptions options) {
        return of(trained, options.optimizer(), options.biasWeightDecay(), options.normalizationWeightDecay());
    }

    /** The same rule; whether biases and embeddings, and norms, decay. */
    public static List<ParameterGroup> of(List<Parameter> trained, OptimizerConfig optimizer, boolean biases,
            boolean norms) {
        Map<List<Double>, List<Parameter>> groups = new LinkedHashMap<>();
        for (Parameter p : trained) {
            double lr = p.lr() == null ? optimizer.lr() : p.lr();
            double decay = p.weightDecay() != null
                    ? p.weightDecay()
                    : decays(p, biases, norms) ? optimizer.weightDecay() : 0;
            groups.computeIfAbsent(List.of(lr, decay), key -> new ArrayList<>()).add(p);
        }
        return groups.entrySet().stream()
                .map(e -> new ParameterGroup(e.getKey().get(0), e.getKey().get(1), List.copyOf(e.getValue()))).toList();
    }

    private static boolean decays(Parameter p, boolean biases, boolean norms) {
        return switch (p.role()) {
            case WEIGHT, SSM -> true;
            case BIAS, EMBEDDING -> biases;
            case NORM -> norms;
            case BUFFER -> false;
        };
    }
}
