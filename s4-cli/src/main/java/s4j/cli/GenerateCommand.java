package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.generate.AudioCode;
import s4j.generate.Generator;
import s4j.generate.Sampling;
import s4j.generate.TokenModel;
import s4j.io.ModelFile;
import s4j.stream.ModelOptions;
import s4j.train.run.RunException;

/** {@code s4 generate}: new sequences from a model file alone. */
@Command(name = "generate", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Generates sound, text, or token numbers from a model that predicts the next token at each step. The"
                + " model file says all that is needed: sampling rate, levels, vocabulary, first token.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 generate runs/NAME/model.safetensors --seconds 5 --out out.wav",
                "  s4 generate model.safetensors --samples 8 --temperature 0.9 --top-p 0.95 --report out.html",
                "  s4 generate model.safetensors --prefix begin.wav --prefix-seconds 0.5 --seconds 2",
                "  s4 generate model.safetensors --seconds 60 --out - | aplay -f S16_LE -r 8000",
                "  s4 generate digits.safetensors --class seven",
                "  s4 generate text.safetensors --prompt 'Once upon' --steps 200",
                "",
                "Samples are sorted by their log-likelihood, which is the model's own, whatever temperature, top-p and",
                "top-k were. The same seed gives the same samples, however many are asked for. A model with a",
                "vocabulary (s4 export --vocabulary) writes text in UTF-8; one whose tokens are neither sound nor text",
                "writes one token number a line."})
final class GenerateCommand implements Callable<Integer> {
    /** Standard output. */
    static final String STDOUT = "-";

    private static final int TOKENS = 1000;

    private final Pipes pipes;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL",
            description = "A model.safetensors that s4 train or s4 import wrote.")
    @Nullable
    Path model;

    @Option(names = "--samples", paramLabel = "N",
            description = "How many; they take their steps together (default 1).")
    int samples = 1;

    @Option(names = "--seconds", paramLabel = "S", description = "Length of each in seconds, of sound (default 1).")
    @Nullable
    Double seconds;

    @Option(names = "--steps", paramLabel = "N",
            description = "Length of each in steps, instead of --seconds (default 1,000 where tokens are no sound).")
    @Nullable
    Integer steps;

    @Option(names = "--temperature", paramLabel = "T",
            description = "Less than 1 is more certain, 0 always takes the most likely (default 1).")
    double temperature = Sampling.DEFAULTS.temperature();

    @Option(names = "--top-p", paramLabel = "P",
            description = "Draw from the fewest tokens that have this probability together (default 1: all).")
    double topP = Sampling.DEFAULTS.topP();

    @Option(names = "--top-k", paramLabel = "K", description = "Draw from the K most likely tokens (default 0: all).")
    int topK = Sampling.DEFAULTS.topK();

    @Option(names = "--class", paramLabel = "NAME",
            description = "What to say, of a model that was told (dataset.conditional=true), e.g. seven.")
    @Nullable
    String wanted;

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the random numbers (default 1).")
    long seed = 1;

    @Option(names = "--prefix", paramLabel = "FILE",
            description = "Go on from this wav, of any rate; it stands in the output, too. Of a model with a vocabulary: from"
                    + " a text in UTF-8, whole as it is. Of any other: from a text file of token numbers.")
    @Nullable
    Path prefix;

    @Option(names = "--prefix-seconds", paramLabel = "S", description = "Use this much of the prefix's beginning.")
    @Nullable
    Double prefixSeconds;

    @Option(names = "--prompt", paramLabel = "TEXT",
            description = "Go on from this text, of a model with a vocabulary.")
    @Nullable
    String prompt;

    @Option(names = "--out", paramLabel = "FILE",
            description = "Where to write (default out.wav; tokens: standard output); of several samples out-1.wav (the most"
                    + " likely), out-2.wav … \"-\": one sample to standard output while it is generated: signed 16-bit"
                    + " little-endian samples without a header, text, or one token number a line.")
    @Nullable
    String out;

    @Option(names = "--report", paramLabel = "FILE",
            description = "Write a page with waveform, spectrogram and player of each sample.")
    @Nullable
    Path report;

    GenerateCommand(Pipes pipes) { this.pipes = pipes; }

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null) {
            throw new IllegalStateException("called without being parsed");
        }
        PrintWriter err = spec.commandLine().getErr();
        try {
            TokenModel tokens = TokenModel.of(ModelFile.read(model), model.toString(), ModelOptions.standard());
            String target = out != null ? out : tokens.audio() == null ? STDOUT : "out.wav";
            GeneratedFiles files = new GeneratedFiles(tokens.audio(), tokens.vocabulary(), target, report, samples);
            if (!target.equals(STDOUT)) {
                GeneratedFiles.requireDirectory("--out", files.file(0), model);
            }
            if (report != null) {
                GeneratedFiles.requireDirectory("--report", report, model);
            }
            int[] before = new Prefix(prefix, prefixSeconds, prompt).tokens(tokens);
            Generator.Request request = new Generator.Request(samples, length(tokens.audio()),
                    new Sampling(temperature, topP, topK), seed, before, told(tokens));
            PrintWriter lines = target.equals(STDOUT) ? err : spec.commandLine().getOut();
            new GenerateRun(tokens, request, files, pipes.out(), lines, err).run(model.toString());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new RunException(model + ": " + e.getMessage());
        }
        return 0;
    }

    private int told(TokenModel tokens) {
        if (wanted == null && tokens.classes().isEmpty()) {
            return 0;
        }
        int told = wanted == null ? -1 : tokens.classes().indexOf(wanted);
        if (told < 0) {
            throw new RunException("--class: got " + wanted + "; expected "
                    + (tokens.classes().isEmpty()
                            ? "none, as this model is told nothing (dataset.conditional=true in training)"
                            : "one of " + String.join(", ", tokens.classes())));
        }
        return told;
    }

    private int length(@Nullable AudioCode audio) {
        if (steps != null && seconds != null) {
            throw new RunException("--steps and --seconds; expected one of them");
        }
        if (steps != null) {
            return steps;
        }
        if (audio == null) {
            if (seconds != null) {
                throw new RunException("--seconds %s, but this model's tokens are no sound; expected --steps"
                        .formatted(seconds));
            }
            return TOKENS;
        }
        return GeneratedFiles.samples("--seconds", seconds == null ? 1 : seconds, audio);
    }

    /** A duration for people. */
    static String seconds(double s) { return String.format(Locale.ROOT, "%.2f s", s); }
}
