package s4j.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.OptimizerParamGroup;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.StringTensorDictItem;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import s4j.torch.optim.ParameterGroup;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;

/**
 * The parameters of a network with S4 layers in groups: A, B, P and dt at their own learning rate without decay, which S4 needs to
 * train well; matrices at the network's rate with its decay; vectors (biases, norms) without decay.
 */
public final class S4Optimizers {
    private S4Optimizers() {}

    /**
     * AdamW of libtorch over all parameters of a network.
     *
     * @param network a module in which the layers are registered
     * @param layers all its S4 layers
     * @param lr learning rate of what has none of its own
     * @param weightDecay decay of matrices
     */
    public static AdamW adamW(Module network, List<S4> layers, double lr, double weightDecay) {
        List<ParameterGroup> groups = groups(network, layers, lr, weightDecay);
        AdamW optimizer = new AdamW(members(groups.getFirst()), options(groups.getFirst()));
        for (ParameterGroup group : groups.subList(1, groups.size())) {
            optimizer.add_param_group(new OptimizerParamGroup(members(group), options(group)));
        }
        return optimizer;
    }

    private static TensorVector members(ParameterGroup group) {
        return new TensorVector(group.parameters().stream().map(Parameter::value).toArray(Tensor[]::new));
    }

    private static AdamWOptions options(ParameterGroup group) {
        AdamWOptions options = new AdamWOptions(group.lr());
        options.weight_decay().put(group.weightDecay());
        return options;
    }

    /** The groups themselves, for {@link s4j.torch.optim.Optimizer} or any other. Parameters as in {@link #adamW}. */
    public static List<ParameterGroup> groups(Module network, List<S4> layers, double lr, double weightDecay) {
        Map<Long, Parameter> own = new HashMap<>();
        layers.forEach(layer -> layer.trained().forEach(p -> own.put(address(p.value()), p)));
        List<Parameter> all = new ArrayList<>();
        StringTensorDict named = network.named_parameters();
        for (long i = 0; i < named.size(); i++) {
            all.add(parameter(named.get(i), own));
        }
        if (!own.isEmpty()) {
            throw new IllegalArgumentException("S4 parameter " + own.values().iterator().next().name()
                    + " of a layer is not among the network's; expected register_module(name, layer) for each");
        }
        OptimizerConfig optimizer = new OptimizerConfig(OptimizerConfig.Kind.ADAMW, lr, weightDecay,
                OptimizerConfig.DEFAULTS.betas(), OptimizerConfig.DEFAULTS.eps(), 0);
        return ParameterGroup.of(all, optimizer, false, false);
    }

    /** Under its name in the network; what the dictionary itself gives dies with it. */
    private static Parameter parameter(StringTensorDictItem item, Map<Long, Parameter> own) {
        String name = item.key().getString();
        Parameter known = own.remove(address(item.value()));
        if (known != null) {
            return new Parameter(name, known.value(), known.role(), known.lr(), known.weightDecay());
        }
        Tensor value = NativeScope.keep(new Tensor(item.value()));
        return new Parameter(name, value, value.dim() > 1 ? Role.WEIGHT : Role.BIAS, null, null);
    }

    private static long address(Tensor tensor) { return tensor.unsafeGetTensorImpl().address(); }
}
