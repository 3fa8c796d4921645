package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
import s4j.train.OtherRate;
import s4j.train.task.Evaluation;
import s4j.train.task.Evaluator;
import s4j.train.Trained;
import s4j.train.config.ConfigLoader;
import s4j.train.config.OfficialWords;
import s4j.train.config.TrainConfig;
import s4j.train.run.RunException;
import s4j.train.task.Tasks;

/** {@code s4 eval}: a model file on the test split it belongs to. */
@Command(name = "eval", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Tests a model on the data set it was trained for, which the model file describes, or on that of a"
                + " pipeline.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 eval runs/NAME/model.safetensors",
                "  s4 eval model.safetensors trainer.limit_test_batches=20 loader.batch_size_eval=100",
                "  s4 eval model.safetensors dataset.data_dir=/data/mnist",
                "  s4 eval words.safetensors dataset.sample_rate=8000",
                "  s4 eval imported.safetensors pipeline=cifar --predictions cifar.csv",
                "", "The last line is the test split's metric, e.g. test accuracy."})
final class EvalCommand implements Callable<Integer> {
    /** What does not change the model: its network is the file's. */
    private static final Set<String> GROUPS = Set.of("pipeline", "dataset", "loader", "trainer");

    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL",
            description = "A model.safetensors that s4 train or s4 import wrote.")
    @Nullable
    Path model;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "pipeline=NAME | KEY=VALUE",
            description = "Another pipeline's data, and keys of dataset, loader or trainer that differ from training.")
    List<String> words = List.of();

    @Option(names = "--config-dir", paramLabel = "DIRECTORY",
            description = "Look for group files here first. May be repeated.")
    List<Path> configDirectories = List.of();

    @Option(names = "--predictions", paramLabel = "FILE",
            description = "Write target and prediction of every test sequence as CSV; of classes also the scores.")
    @Nullable
    Path predictions;

    EvalCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null) {
            throw new IllegalStateException("called without being parsed");
        }
        words = OfficialWords.translate(words, spec.commandLine().getOut()::println);
        words.forEach(EvalCommand::checkGroup);
        if (predictions != null) {
            GeneratedFiles.requireDirectory("--predictions", predictions, model);
        }
        PrintWriter out = spec.commandLine().getOut();
        ModelFile file = parts.models().read(model);
        Trained trained = Trained.of(file, model.toString());
        boolean dataKnown = trained.config().find("dataset") != null
                || words.stream().anyMatch(w -> w.startsWith("pipeline=") || w.startsWith("dataset="));
        if (!dataKnown) {
            throw new RunException(
                    model + " does not say which data it belongs to (it was imported); expected a pipeline,"
                            + " e.g. s4 eval " + model + " pipeline=cifar");
        }
        TrainConfig asked = ConfigLoader.usual(configDirectories).evaluation(FilePaths.checked(trained.config(),
                words, out::println, model.toString()), words);
        Dataset data = parts.datasets().load(asked.dataset(), out::println);
        TrainConfig settings = asked.resolved(data);
        if (trained.dataHash() != null && !trained.dataHash().equals(data.hash())) {
            out.println("note: the data differs from what the model was trained on (hash " + data.hash() + ", then "
                    + trained.dataHash() + ")");
        }
        PredictionsFile seen = predictions == null
                ? null
                : new PredictionsFile(Tasks.of(settings.task()).rows(data.targets()));
        Evaluator.Watcher watcher = seen == null ? Evaluator.Watcher.NOBODY : seen;
        OtherRate other = OtherRate.of(file, model.toString(), data);
        Evaluation test;
        if (other == null) {
            test = trained.evaluate(data, parts.learners(), settings, watcher);
        } else {
            out.println(other.note());
            test = Trained.evaluate(data, batch -> other.scores(batch, watcher), settings);
        }
        if (seen != null && predictions != null) {
            seen.write(predictions);
        }
        out.println(model + " on " + data.name() + ": " + test.summary());
        out.println(test.lastLine());
        out.flush();
        return 0;
    }

    static void checkGroup(String word) {
        String path = word.startsWith("~") ? word.substring(1) : word;
        String group = path.replaceFirst("[.=/].*", "");
        if (!GROUPS.contains(group)) {
            throw new RunException(
                    "eval cannot change " + word + ": network and training are the model file's; expected"
                            + " pipeline=NAME, or keys of dataset, loader or trainer");
        }
    }
}
