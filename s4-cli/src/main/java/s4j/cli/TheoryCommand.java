package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import s4j.audio.WavFile;
import s4j.io.InputFile;
import s4j.train.report.TheoryPage;
import s4j.train.run.RunException;

/** {@code s4 theory}: the page on HiPPO. */
@Command(name = "theory", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Writes an interactive page on HiPPO and S4: what a state remembers of a signal that you draw, convolution ="
                + " recurrence, discretisation error against dt. One file, no network.",
        footerHeading = "%nExamples:%n", footer = {"  s4 theory                                then open theory.html",
                "  s4 theory --signal word.wav --out word.html"})
final class TheoryCommand implements Callable<Integer> {
    private static final int MOST = 1 << 22;
    private static final Pattern NOT_FINITE = Pattern.compile("(?i)[+-]?(nan|inf|infinity|[0-9.]+e[0-9+]+)");

    @Spec
    @Nullable
    CommandSpec spec;

    @Option(names = "--signal", paramLabel = "FILE",
            description = "A wav, or numbers with commas or line ends between.")
    @Nullable
    Path signal;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write (${DEFAULT-VALUE}).")
    Path out = Path.of("theory.html");

    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("called without being parsed");
        }
        Destinations.over(signal).and("--out", out);
        new TheoryPage(signal == null ? null : values(signal)).write(out);
        PrintWriter console = spec.commandLine().getOut();
        console.println("page: " + out);
        console.flush();
        return 0;
    }

    private static double[] values(Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) > MOST) {
            throw new RunException("%s has %,d bytes; expected at most %,d".formatted(file, Files.size(file), MOST));
        }
        double[] values = file.toString().toLowerCase(Locale.ROOT).endsWith(".wav") ? wav(file) : numbers(file);
        if (values.length < 2) {
            throw new RunException(file + " has %d values; expected two or more".formatted(values.length));
        }
        return values;
    }

    private static double[] wav(Path file) throws IOException {
        float[] samples = WavFile.read(file).samples();
        double[] out = new double[samples.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = samples[i];
        }
        return out;
    }

    private static double[] numbers(Path file) throws IOException {
        List<Double> out = new ArrayList<>();
        for (String word : InputFile.text(file).strip().split("[,;\\s]+", -1)) {
            try {
                double v = Double.parseDouble(word);
                if (!Double.isFinite(v)) {
                    throw new NumberFormatException();
                }
                out.add(v);
            } catch (NumberFormatException e) {
                if (!out.isEmpty() || NOT_FINITE.matcher(word).matches()) { // a head of words may stand above
                    throw new RunException("%s: %s after %,d numbers; expected a number".formatted(file,
                            s4j.io.Shown.text(word), out.size()));
                }
            }
        }
        return out.stream().mapToDouble(v -> v).toArray();
    }
}
