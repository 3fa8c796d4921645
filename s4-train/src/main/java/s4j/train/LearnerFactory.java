package s4j.train;

import s4j.model.NetworkConfig;
import s4j.torch.Learner;
import s4j.torch.LearnerOptions;

/** Makes the network with its optimizer; {@code Learner::create}, or a stand-in in tests. */
@FunctionalInterface
public interface LearnerFactory {
    /** A new network, initialised from the options' seed. */
    Learner create(NetworkConfig network, LearnerOptions options);
}
