package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.generate.TokenModel;
import s4j.generate.Vocabulary;
import s4j.io.Json;
import s4j.io.ModelFile;
import s4j.io.AtomicFile;
import s4j.io.NpzFile;
import s4j.io.SafeTensors;
import s4j.io.TensorData;
import s4j.io.InputFile;
import s4j.stream.ModelOptions;
import s4j.stream.OnnxExport;
import s4j.stream.S4Model;
import s4j.train.run.RunException;

/** {@code s4 export}: a model's weights for other programs, or the model with smaller weights or with a vocabulary. */
@Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false,
        description = "With --format writes the weights of a model under the names of the official S4 (V4). With --weights"
                + " writes the model once more with the weights of its projections in another precision and measures what"
                + " that changes; state space models and states stay as they are. With --vocabulary writes the model once"
                + " more with the text of its tokens, for s4 generate.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 export model.safetensors --format npz --out weights.npz         numpy.load reads it",
                "  s4 export model.safetensors --format safetensors --out w.safetensors",
                "  s4 export runs/NAME/model.safetensors --format onnx --out model.onnx        sequences up to l_max",
                "  s4 export runs/NAME/model.safetensors --format onnx --graph step --out step.onnx   states in, states out",
                "  s4 export runs/NAME/model.safetensors --weights int8 --out small.safetensors",
                "  s4 export model.safetensors --weights bf16 --out small.safetensors --test",
                "  s4 export model.safetensors --vocabulary tokens.json --out text.safetensors",
                "", "In Python: {k: torch.from_numpy(v) for k, v in numpy.load('weights.npz').items()}",
                "is a state_dict. Complex tensors are real with a last axis of 2 (torch.view_as_complex)."})
final class ExportCommand implements Callable<Integer> {
    /** Tensors of the data set, not of the network. */
    private static final String DATA = "data.";

    /** Kinds of files. */
    enum Format {
        safetensors, npz, onnx
    }

    /** Kinds of graph. */
    enum Graph {
        whole, step
    }

    private static final int LONGEST = 1 << 20;

    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL",
            description = "A model.safetensors that s4 train or s4 import wrote.")
    @Nullable
    Path model;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE",
            description = "With --test: keys of dataset, loader or trainer that differ from training.")
    List<String> words = List.of();

    @Option(names = "--format", paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}: plain weights, without s4j's configuration; or the network as a graph.")
    @Nullable
    Format format;

    @Option(names = "--graph", paramLabel = "KIND",
            description = "Of onnx: ${COMPLETION-CANDIDATES} (default whole: sequences at once; step: states in, states out).")
    @Nullable
    Graph kind;

    @Option(names = "--length", paramLabel = "N",
            description = "Of onnx, whole: the longest sequence; default the model's l_max.")
    @Nullable
    Integer length;

    @Option(names = "--weights", paramLabel = "PRECISION",
            description = "float32, bf16, or int8 (one scale an output): a model for s4j.")
    @Nullable
    String weights;

    @Option(names = "--vocabulary", paramLabel = "FILE",
            description = "What each token is as text: a JSON list of strings, token 0 first, e.g. [\"a\", \"b\", \"\\n\"].")
    @Nullable
    Path vocabulary;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to write.")
    @Nullable
    Path out;

    @Option(names = "--test",
            description = "With --weights: also compare both on the test split of the model's data set.")
    boolean test;

    ExportCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null || out == null) {
            throw new IllegalStateException("called without being parsed");
        }
        if (Stream.of(format, weights, vocabulary).filter(Objects::nonNull).count() != 1) {
            throw new ParameterException(spec.commandLine(),
                    "export needs one of --format, --weights and --vocabulary");
        }
        GeneratedFiles.requireDirectory("--out", out, model);
        if (vocabulary != null) {
            GeneratedFiles.requireDirectory("--out", out, vocabulary);
        }
        if (format != Format.onnx && (kind != null || length != null)) {
            throw new ParameterException(spec.commandLine(), "--graph and --length are for --format onnx");
        }
        PrintWriter console = spec.commandLine().getOut();
        if (format == Format.onnx) {
            graph(model, out, console);
        } else if (weights != null) {
            new SmallerWeights(parts, model, out).write(weights, test, words, console);
        } else if (vocabulary != null) {
            withText(model, vocabulary, out, console);
        } else if (format != null) {
            plain(model, format, out, console);
        }
        console.flush();
        return 0;
    }

    /** Puts the text of its tokens into a model that generates. */
    private static void withText(Path model, Path file, Path out, PrintWriter console) throws IOException {
        String both = model + " with " + file;
        try {
            Vocabulary vocabulary = Vocabulary.of(Json.parse(InputFile.text(file), file.toString()));
            ModelFile after = vocabulary.in(ModelInput.read(model));
            TokenModel.of(after, both, ModelOptions.standard()); // it fits
            after.write(out);
            console.println(out + ": with the text of " + vocabulary.tokens().size() + " tokens");
        } catch (IllegalArgumentException e) {
            throw new RunException(both + ": " + e.getMessage());
        }
    }

    private void graph(Path model, Path out, PrintWriter console) throws IOException {
        ModelFile file = ModelInput.read(model);
        OnnxExport.Kind of = kind == Graph.step ? OnnxExport.Kind.STEP : OnnxExport.Kind.WHOLE;
        int longest = length != null
                ? length
                : S4Model.of(file, model.toString(), ModelOptions.standard()).config().lMax();
        if (longest < 1 || longest > LONGEST) {
            throw new RunException("export --length %d; expected 1 to %,d".formatted(longest, LONGEST));
        }
        byte[] bytes;
        try {
            bytes = OnnxExport.of(file, model.toString(), of, longest);
        } catch (IllegalArgumentException e) {
            throw new RunException(model + " as onnx: " + e.getMessage());
        }
        AtomicFile.write(out, o -> o.write(java.nio.ByteBuffer.wrap(bytes)));
        console.println(out + ": " + (of == OnnxExport.Kind.STEP
                ? "one step, x and states to y and states after it"
                : "sequences of up to %,d steps".formatted(longest)));
    }

    private static void plain(Path model, Format format, Path out, PrintWriter console) throws IOException {
        Map<String, TensorData> tensors = new LinkedHashMap<>(ModelInput.read(model).tensors());
        tensors.keySet().removeIf(name -> name.startsWith(DATA));
        switch (format) {
            case safetensors -> new SafeTensors(tensors, Map.of("format", "pt")).write(out);
            case npz -> NpzFile.write(out, tensors);
            case onnx -> throw new AssertionError("done above");
        }
        console.println(out + ": " + tensors.size() + " tensors as " + format);
    }
}
