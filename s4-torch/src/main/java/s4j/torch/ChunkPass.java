package s4j.torch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.model.AttentionConfig;
import s4j.model.BackboneConfig;
import s4j.model.NetworkConfig;
import s4j.model.S4LayerConfig;
import s4j.model.SequenceBatch;
import s4j.model.SequenceBatch.Context;
import s4j.torch.nn.Network;
import s4j.torch.tensor.Tensors;

/**
 * One batch of step targets through a network, from what it goes on from.
 *
 * @param network the network
 * @param config its configuration
 * @param carried the states of the batches before it
 */
record ChunkPass(Network network, NetworkConfig config, CarriedStates carried) {
    /** Features of all steps, from the states that the batch goes on from. */
    Tensor features(SequenceBatch batch, Tensor x, @Nullable Tensor lengths, boolean trains) {
        return switch (batch.context()) {
            case null -> !trains && batch.length() > config.lMax() && streams()
                    ? carried.chunked(network, x, config.lMax())
                    : network.features(x, lengths, null, trains).y();
            case Context.Carried c -> {
                Network.Output out = network.features(x, lengths,
                        carried.before(network, batch.size(), c.goesOn()), trains);
                carried.keep(out.states());
                yield out.y();
            }
            case Context.Steps read -> {
                if (!trains) { // what is only read has no target
                    yield carried.chunked(network, x, config.lMax());
                }
                Tensor before = x.narrow(1, 0, read.steps());
                List<Tensor> states = carried.after(network, before, config.lMax());
                Tensor y = network.features(x.narrow(1, read.steps(), batch.length() - read.steps()), null, states,
                        true).y();
                yield Tensors.cat(1, Tensors.zeros(y.scalar_type(), y, y.size(0), read.steps(), y.size(2)), y);
            }
        };
    }

    /** Whether chunks can go on from states; what comes behind a step, padding too, then does not matter to it. */
    private boolean streams() {
        return config.model() instanceof BackboneConfig model && model.pool() == null
                && model.norm() != BackboneConfig.Norm.INSTANCE
                && model.layers().stream().allMatch(layer -> switch (layer) {
                    case S4LayerConfig s4 -> !s4.bidirectional();
                    case AttentionConfig attention -> attention.causal();
                    default -> true;
                });
    }
}
