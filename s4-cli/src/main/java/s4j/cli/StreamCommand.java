package s4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.predict.ClassProbabilities;
import s4j.predict.InputTransform;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.stream.Session;
import s4j.stream.StreamState;
import s4j.train.run.RunException;

/** {@code s4 stream}: a model step by step in a pipe. */
@Command(name = "stream", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Runs a model step by step: one step a line as CSV from standard input, one prediction a line to standard"
                + " output at once, in constant time and memory. Values are what the network sees (normalised ones, or a"
                + " token); --normalize applies the mean and deviation that stand in the model file.",
        footerHeading = "%nExamples:%n", footer = {
                "  sensor | s4 stream model.safetensors --normalize",
                "  s4 stream model.safetensors --header < steps.csv > predictions.csv",
                "  s4 stream model.safetensors --state stream.state < today.csv    goes on tomorrow",
                "  s4 stream model.safetensors --raw f32 < steps.f32 > predictions.f32",
                "",
                "Lines are d_input numbers with commas between; empty lines are passed over. A model that gives one",
                "output for a whole sequence gives that of the sequence so far. Exit code 2 for a line that is no step."})
final class StreamCommand implements Callable<Integer> {
    /** Kinds of binary input. */
    enum Raw {
        f32, s16
    }

    private final Pipes pipes;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL",
            description = "A model.safetensors that s4 train or s4 import wrote.")
    @Nullable
    Path model;

    @Option(names = "--header",
            description = "The first line names columns: it is passed over, and y1,y2,… is written; of probabilities the"
                    + " names of the classes.")
    boolean header;

    @Option(names = "--normalize",
            description = "Give the network (x - data.mean) / data.std; the model file must have both.")
    boolean normalize;

    @Option(names = "--probabilities",
            description = "Write the probabilities of the classes rather than the network's outputs. A model of numbers has"
                    + " none.")
    boolean probabilities;

    @Option(names = "--raw", paramLabel = "f32|s16",
            description = "Binary, little-endian: float32, or int16 (divided by 32,768 unless it is a token) in; float32 out.")
    @Nullable
    Raw raw;

    @Option(names = "--state", paramLabel = "FILE",
            description = "Go on from this state where the file exists; at the end of input, after a line that is no"
                    + " step, and when told to end (SIGTERM, Ctrl-C) write it. It belongs to one model.")
    @Nullable
    Path state;

    StreamCommand(Pipes pipes) { this.pipes = pipes; }

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null) {
            throw new IllegalStateException("called without being parsed");
        }
        if (header && raw != null) {
            throw new RunException("--header and --raw; expected one of them: binary input has no lines");
        }
        ModelFile file = ModelFile.read(model);
        try {
            S4Model own = S4Model.of(file, model.toString(), ModelOptions.standard());
            Session session = own.session(restored(own));
            InputTransform values = normalize
                    ? InputTransform.required(file.tensors(), own.dInput())
                    : InputTransform.none();
            StepPipe pipe = new StepPipe(session, values, pipes,
                    probabilities ? ClassProbabilities.of(file, own) : null);
            try (StateKeeper keeper = StateKeeper.of(session, state, pipe, spec.commandLine().getErr())) {
                if (raw == null) {
                    pipe.lines(header);
                } else {
                    pipe.binary(raw);
                }
                keeper.finish();
            }
        } catch (IllegalArgumentException e) {
            throw new RunException(model + ": " + e.getMessage());
        }
        return 0;
    }

    private StreamState restored(S4Model own) throws IOException {
        StreamState fresh = own.newState();
        if (state == null) {
            return fresh;
        }
        GeneratedFiles.requireDirectory("--state", state, java.util.Objects.requireNonNull(model));
        if (!Files.exists(state)) {
            return fresh;
        }
        try {
            return own.restore(Files.readAllBytes(state));
        } catch (MalformedFileException e) {
            throw GenerateState.refused(state, e);
        }
    }
}
