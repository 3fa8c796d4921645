package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.audio.SoundFile;
import s4j.io.AtomicFile;
import s4j.io.ModelFile;
import s4j.kernel.Backend;
import s4j.predict.Spotter;
import s4j.predict.SpotterOptions;
import s4j.stream.ModelOptions;
import s4j.train.run.RunException;

/** {@code s4 listen}: words in a stream of sound. */
@Command(name = "listen", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Finds words in a live stream of sound by a causal classifier: samples in, a line second,word,probability out"
                + " for each. Memory does not grow; libtorch is not used.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 listen words.safetensors --mic",
                "  s4 listen words.safetensors --input meeting.wav",
                "  ffmpeg -i URL -f s16le -ac 1 -ar 16000 - | s4 listen words.safetensors --input -",
                "  s4 listen words.safetensors --evaluate 3600 --report curve.html",
                "", "Standard input is 16-bit little-endian samples, one channel, at the model's rate or at --rate."})
final class ListenCommand implements Callable<Integer> {
    private final Pipes pipes;
    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A causal classifier of sound that s4 train wrote.")
    @Nullable
    Path model;

    @Option(names = "--input", paramLabel = "FILE", description = "A sound file, or - for standard input.")
    @Nullable
    String input;

    @Option(names = "--mic", description = "Listen to the microphone.")
    boolean mic;

    @Option(names = "--rate", paramLabel = "HZ", description = "Samples per second of standard input.")
    @Nullable
    Integer rate;

    @Option(names = "--evaluate", paramLabel = "SECONDS",
            description = "Listen to a track mixed of the model's own test recordings and noise, and judge what was heard.")
    @Nullable
    Double evaluate;

    @Option(names = "--snr", paramLabel = "DB", defaultValue = "20",
            description = "With --evaluate: recordings over noise (default ${DEFAULT-VALUE}).")
    double snr;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
            description = "With --evaluate: of the mixing (default ${DEFAULT-VALUE}).")
    long seed;

    @Option(names = "--data-dir", paramLabel = "DIRECTORY",
            description = "With --evaluate: where the recordings are, if not in the usual places.")
    @Nullable
    String dataDir;

    @Option(names = "--report", paramLabel = "FILE",
            description = "With --evaluate: write a page with the curve of misses against false alarms.")
    @Nullable
    Path report;

    @Option(names = "--threshold", paramLabel = "P", defaultValue = "0.7",
            description = "Least averaged probability of a word (default ${DEFAULT-VALUE}).")
    double threshold;

    @Option(names = "--average", paramLabel = "S", defaultValue = "0.5",
            description = "Seconds over which probabilities are averaged (default ${DEFAULT-VALUE}).")
    double average;

    @Option(names = "--suppress", paramLabel = "S", defaultValue = "0.5",
            description = "Seconds after a word without another (default ${DEFAULT-VALUE}).")
    double suppression;

    @Option(names = "--window", paramLabel = "S", defaultValue = "0",
            description = "Seconds that a model which pools time looks back (default: as long as its training recordings).")
    double window;

    ListenCommand(Parts parts, Pipes pipes) {
        this.parts = parts;
        this.pipes = pipes;
    }

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null) {
            throw new IllegalStateException("called without being parsed");
        }
        int sources = (mic ? 1 : 0) + (input == null ? 0 : 1) + (evaluate == null ? 0 : 1);
        if (sources != 1) {
            throw new RunException("expected one of --mic, --input FILE (- is standard input) and --evaluate SECONDS");
        }
        if (report != null && evaluate == null) {
            throw new RunException("--report goes with --evaluate SECONDS");
        }
        Destinations.over(model).and("--report", report);
        ModelFile file = ModelInput.read(model);
        Spotter spotter = spotter(file);
        PrintWriter err = spec.commandLine().getErr();
        if (evaluate != null) {
            SpottingRun run = SpottingRun.of(spotter, SpottingRun.track(file, model.toString(), parts,
                    new SpottingRun.Mix(evaluate, snr, seed, dataDir), err));
            PrintWriter out = spec.commandLine().getOut();
            run.lines().forEach(out::println);
            out.flush();
            if (report != null) {
                AtomicFile.write(report, run.page(model.toString()));
            }
            return 0;
        }
        err.println("listening at %,d Hz for %s".formatted(spotter.sampleRate(), String.join(", ",
                spotter.names().stream().filter(n -> !n.startsWith("_")).toList())));
        err.flush();
        Spotter.Stream stream = spotter.stream();
        if (mic) {
            Microphone.listen(spotter.sampleRate(), (x, n) -> stream.accept(x, 0, n, this::print));
        } else if ("-".equals(input)) {
            int from = rate == null ? spotter.sampleRate() : rate;
            if (from != spotter.sampleRate()) {
                throw new RunException("--rate: got %d; the model hears %d, and a stream is not resampled. Put"
                        .formatted(from, spotter.sampleRate()) + " ffmpeg -ar " + spotter.sampleRate() + " before it");
            }
            Microphone.read(pipes.in(), (x, n) -> stream.accept(x, 0, n, this::print));
            stream.finish(this::print);
        } else {
            float[] samples = SoundFile.read(Path.of(String.valueOf(input))).at(spotter.sampleRate()).samples();
            stream.accept(samples, 0, samples.length, this::print);
            stream.finish(this::print);
        }
        return 0;
    }

    private Spotter spotter(ModelFile file) throws IOException {
        try {
            // one stream: more threads only wait for each other
            return Spotter.of(file, String.valueOf(model),
                    new SpotterOptions(threshold, average, suppression, window),
                    new ModelOptions(Backend.best(), 1, 1));
        } catch (IllegalArgumentException e) {
            throw new RunException(String.valueOf(e.getMessage()));
        }
    }

    /** One line, at once. */
    private void print(Spotter.Event e) {
        try {
            pipes.out().write(String.format(Locale.ROOT, "%.2f,%s,%.3f%n", e.seconds(), e.word(), e.probability())
                    .getBytes(StandardCharsets.UTF_8));
            pipes.out().flush();
        } catch (IOException io) {
            throw new java.io.UncheckedIOException(io);
        }
    }
}
