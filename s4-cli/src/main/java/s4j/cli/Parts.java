package s4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import s4j.data.Dataset;
import s4j.data.DatasetConfig;
import s4j.io.ModelFile;
import s4j.torch.Learner;
import s4j.train.LearnerFactory;
import s4j.train.parity.ParityTable;

/**
 * What the command is put together from; tests put in their own.
 *
 * @param learners makes networks
 * @param datasets finds or fetches data sets
 * @param parity runs golden cases
 * @param models reads model files
 */
record Parts(LearnerFactory learners, Datasets datasets, Parity parity, Models models) {
    /** With files of stand-ins for networks, whose tensors nothing else knows. */
    Parts(LearnerFactory learners, Datasets datasets, Parity parity) {
        this(learners, datasets, parity, ModelFile::read);
    }

    /** Reads and checks a model file. */
    interface Models {
        ModelFile read(Path file) throws IOException;
    }

    /** Finds or fetches a data set and says, line by line, what it does. */
    interface Datasets {
        Dataset load(DatasetConfig config, Consumer<String> log) throws IOException;
    }

    /** Runs the golden cases of some kinds (none: all) in a directory. */
    interface Parity {
        ParityResult run(Path directory, Set<String> kinds) throws IOException;
    }

    /** The table to print, its last line {@code parity: P of T cases, M tensors}, and whether P = T &gt; 0. */
    record ParityResult(String table, boolean passed) {}

    /** The real ones. */
    static Parts standard() {
        return new Parts(Learner::create, DatasetConfig::load, (directory, kinds) -> {
            var report = s4j.train.parity.Parity.run(directory, kinds);
            return new ParityResult(ParityTable.of(report), report.ok());
        }, ModelInput::read);
    }
}
