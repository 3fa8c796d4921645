package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.io.ModelFile;
import s4j.io.NpzFile;
import s4j.io.SafeTensors;
import s4j.io.TensorData;

/** {@code s4 export}: a model's weights for other programs. */
@Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Writes the weights of a model under the names of the official S4 (V4).",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 export model.safetensors --format npz --out weights.npz         numpy.load reads it",
                "  s4 export model.safetensors --format safetensors --out w.safetensors",
                "", "In Python: {k: torch.from_numpy(v) for k, v in numpy.load('weights.npz').items()}",
                "is a state_dict. Complex tensors are real with a last axis of 2 (torch.view_as_complex)."})
final class ExportCommand implements Callable<Integer> {
    /** Tensors of the data set, not of the network. */
    private static final String DATA = "data.";

    /** Kinds of files. */
    enum Format {
        safetensors, npz
    }

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL",
            description = "A model.safetensors that s4 train or s4 import wrote.")
    @Nullable
    Path model;

    @Option(names = "--format", paramLabel = "FORMAT", required = true,
            description = "${COMPLETION-CANDIDATES}: plain weights, without s4j's configuration.")
    @Nullable
    Format format;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to write.")
    @Nullable
    Path out;

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null || format == null || out == null) {
            throw new IllegalStateException("called without being parsed");
        }
        Map<String, TensorData> weights = new LinkedHashMap<>(ModelFile.read(model).tensors());
        weights.keySet().removeIf(name -> name.startsWith(DATA));
        switch (format) {
            case safetensors -> new SafeTensors(weights, Map.of("format", "pt")).write(out);
            case npz -> NpzFile.write(out, weights);
        }
        PrintWriter console = spec.commandLine().getOut();
        console.println(out + ": " + weights.size() + " tensors as " + format);
        console.flush();
        return 0;
    }
}
