package s4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import s4j.torch.Learner;
import s4j.train.LearnerFactory;

/**
 * What the command is put together from; tests put in their own.
 *
 * @param learners makes networks
 * @param parity runs golden cases
 */
record Parts(LearnerFactory learners, Parity parity) {
    /** Runs the golden cases of some kinds (none: all) in a directory. */
    interface Parity {
        ParityResult run(Path directory, Set<String> kinds) throws IOException;
    }

    /** The table to print, its last line {@code parity: P of T cases, M tensors}, and whether P = T &gt; 0. */
    record ParityResult(String table, boolean passed) {}

    /** The real ones. */
    static Parts standard() {
        return new Parts(Learner::create, (directory, kinds) -> {
            throw new s4j.train.RunException("parity is not built into this s4 yet");
        });
    }
}
