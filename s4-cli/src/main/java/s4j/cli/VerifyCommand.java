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
import s4j.io.ModelFile;
import s4j.stream.Verification;
import s4j.train.run.RunException;

/** {@code s4 verify}: do convolution, chunks and steps of a model agree? */
@Command(name = "verify", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Compares a model's forms on random input: convolution, chunks and single steps, each layer's kernel"
                + " with its recurrence, and the float32 recurrence with a float64 one over a long run.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 verify runs/NAME/model.safetensors",
                "  s4 verify model.safetensors --steps 1000000",
                "",
                "Exit code 1 unless all relative errors are within the tolerance X (of single features: 10 times). Of",
                "outputs it grows with the depth, X times the root of layers / 4 where there are more than 4."})
final class VerifyCommand implements Callable<Integer> {
    private static final int MOST = 10_000_000;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model.safetensors that s4 train wrote.")
    @Nullable
    Path model;

    @Option(names = "--steps", paramLabel = "N", description = "Steps of the long run (default 100,000).")
    long steps = Verification.Options.DEFAULTS.steps();

    @Option(names = "--length", paramLabel = "N",
            description = "Steps on which the forms are compared (default 1,024, at most the model's l_max).")
    int length = Verification.Options.DEFAULTS.length();

    @Option(names = "--seed", paramLabel = "N", description = "Seed of the input (default 1).")
    long seed = Verification.Options.DEFAULTS.seed();

    @Option(names = "--tolerance", paramLabel = "X", description = "Largest relative error (default 1e-5).")
    double tolerance = Verification.Options.DEFAULTS.tolerance();

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null) {
            throw new IllegalStateException("called without being parsed");
        }
        if (length > MOST) {
            throw new RunException("verify --length %d; expected at most %d".formatted(length, MOST));
        }
        if (steps < 1 || length < 1 || !(tolerance > 0)) {
            throw new RunException("verify --steps %d --length %d --tolerance %s; expected numbers above 0"
                    .formatted(steps, length, tolerance));
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Verification.Report report = Verification.of(ModelFile.read(model), model.toString(),
                new Verification.Options(steps, length, seed, tolerance), line -> {
                    err.println(line);
                    err.flush();
                });
        print(report, out);
        out.flush();
        return report.passed() ? 0 : Failures.FAILED;
    }

    private void print(Verification.Report report, PrintWriter out) {
        out.println("kernel against recurrence           whole    worst kernel");
        for (Verification.LayerError e : report.layers()) {
            out.printf(Locale.ROOT, "  %-30s %8.1e  %8.1e%n", e.name(), e.kernel(), e.worst());
        }
        if (!report.drifts().isEmpty()) {
            out.println("outputs against convolution");
            out.printf(Locale.ROOT, "  %-30s %8.1e%n  %-30s %8.1e%n", "chunks", report.chunks(), "steps",
                    report.stepping());
            out.println("float32 against float64             whole    last 1,000  worst feature");
            for (Verification.Drift d : report.drifts()) {
                out.printf(Locale.ROOT, "  %-30s %8.1e  %8.1e    %8.1e%n", "%,d steps".formatted(d.steps()), d.whole(),
                        d.recent(), d.worst());
            }
        }
        if (!report.note().isEmpty()) {
            out.println("note: " + report.note());
        }
        if (report.layers().isEmpty() && report.drifts().isEmpty()) {
            out.println("verify: there was nothing to compare: the model has one form alone");
            return;
        }
        out.println("verify: " + (report.passed() ? "all forms agree" : "FORMS DISAGREE") + " (tolerance " + tolerance
                + ")");
    }
}
