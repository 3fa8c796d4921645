package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.data.Dataset;
import s4j.io.ModelFile;
import s4j.train.Evaluation;
import s4j.train.RunException;
import s4j.train.Trained;
import s4j.train.config.ConfigLoader;
import s4j.train.config.TrainConfig;

/** {@code s4 eval}: a model file on the test split it belongs to. */
@Command(name = "eval", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Tests a trained model on the data set it was trained for; both are described in the model file.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 eval runs/NAME/model.safetensors",
                "  s4 eval model.safetensors trainer.limit_test_batches=20 loader.batch_size_eval=100",
                "  s4 eval model.safetensors dataset.data_dir=/data/mnist",
                "", "The last line is the test accuracy."})
final class EvalCommand implements Callable<Integer> {
    /** What does not change the model: its network is the file's. */
    private static final Set<String> GROUPS = Set.of("dataset", "loader", "trainer");

    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model.safetensors that s4 train wrote.")
    @Nullable
    Path model;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE",
            description = "Keys of dataset, loader or trainer that differ from training.")
    List<String> words = List.of();

    @Option(names = "--config-dir", paramLabel = "DIRECTORY",
            description = "Look for group files here first. May be repeated.")
    List<Path> configDirectories = List.of();

    EvalCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null) {
            throw new IllegalStateException("called without being parsed");
        }
        words.forEach(EvalCommand::checkGroup);
        PrintWriter out = spec.commandLine().getOut();
        Trained trained = Trained.of(ModelFile.read(model), model.toString());
        TrainConfig settings = ConfigLoader.usual(configDirectories).override(trained.config(), words);
        Dataset data = parts.datasets().load(settings.dataset(), out::println);
        if (trained.dataHash() != null && !trained.dataHash().equals(data.hash())) {
            out.println("note: the data differs from what the model was trained on (hash " + data.hash() + ", then "
                    + trained.dataHash() + ")");
        }
        Evaluation test = trained.evaluate(data, parts.learners(), settings);
        out.printf(Locale.ROOT, "%s on %s: %,d of %,d test sequences right, loss %.4f%n", model, data.name(),
                test.correct(), test.size(), test.loss());
        out.println(TrainCommand.accuracyLine(test.accuracy()));
        out.flush();
        return 0;
    }

    static void checkGroup(String word) {
        String path = word.startsWith("~") ? word.substring(1) : word;
        String group = path.replaceFirst("[.=/].*", "");
        if (!GROUPS.contains(group)) {
            throw new RunException(
                    "eval cannot change " + word + ": network and training are the model file's; expected"
                            + " keys of dataset, loader or trainer");
        }
    }
}
