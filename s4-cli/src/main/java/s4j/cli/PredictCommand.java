package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.io.AtomicFile;
import s4j.io.ModelFile;
import s4j.predict.Predictor;
import s4j.stream.ModelOptions;

/** {@code s4 predict}: classes or numbers of new series, from the model file alone and in plain Java. */
@Command(name = "predict", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Predicts the class or the numbers of each series in a file. The model file knows normalisation, class"
                + " names and how its training data was laid out; libtorch is not used.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 predict runs/NAME/model.safetensors --input new.csv",
                "  s4 predict model.safetensors --input JapaneseVowels_TEST.ts.gz --out predictions.csv",
                "  s4 predict model.safetensors --input steps.csv dataset.id=id dataset.time=t --format json",
                "  s4 predict words.safetensors --input recordings/", "",
                "Input: .csv .tsv .txt .ts .arff .npz, gzipped or not, one row a series or (dataset.time) one row a step;",
                ".wav files, or a folder of them, of a model of sound. A target column is shown beside the prediction."})
final class PredictCommand implements Callable<Integer> {
    /** Kinds of output. */
    enum Format {
        csv, json
    }

    private final Pipes pipes;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model.safetensors that s4 train wrote.")
    @Nullable
    Path model;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "dataset.KEY=VALUE",
            description = "How the input is laid out where it differs from the training data: target, id, time, channels,"
                    + " ignore, delimiter, missing.")
    List<String> words = List.of();

    @Option(names = "--input", paramLabel = "FILE", required = true, description = "Series to predict from.")
    @Nullable
    Path input;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write; else to standard output.")
    @Nullable
    Path out;

    @Option(names = "--format", paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}: a line a series; json if FILE ends in .json or .jsonl, else csv.")
    @Nullable
    Format format;

    PredictCommand(Pipes pipes) { this.pipes = pipes; }

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null || input == null) {
            throw new IllegalStateException("called without being parsed");
        }
        Destinations.over(model, input).and("--out", out);
        ModelFile file = ModelInput.read(model);
        Predictor predictor = Predictor.of(file, model.toString(), ModelOptions.standard());
        PredictInput series = PredictInput.read(input, file, predictor, words);
        PrintWriter err = spec.commandLine().getErr();
        series.notes().forEach(err::println);
        err.flush();
        PredictOutput lines = PredictOutput.of(json(), predictor, series);
        StringBuilder text = new StringBuilder(lines.header());
        for (int from = 0; from < series.size(); from += PredictInput.AT_ONCE) {
            lines.batch(from, text);
            progress(err, Math.min(series.size(), from + PredictInput.AT_ONCE), series.size());
        }
        if (out == null) {
            pipes.out().write(text.toString().getBytes(StandardCharsets.UTF_8));
            pipes.out().flush();
        } else {
            AtomicFile.write(out, text.toString());
        }
        String accuracy = lines.accuracy();
        if (accuracy != null) {
            err.println(accuracy);
            err.flush();
        }
        return 0;
    }

    private boolean json() {
        String name = out == null ? "" : out.toString().toLowerCase(Locale.ROOT);
        return format == null ? name.endsWith(".json") || name.endsWith(".jsonl") : format == Format.json;
    }

    private void progress(PrintWriter err, int done, int all) {
        if (out != null && all > PredictInput.AT_ONCE && TrainCommand.terminal()) {
            err.print("\r%,d of %,d series%s".formatted(done, all, done == all ? "\n" : ""));
            err.flush();
        }
    }
}
