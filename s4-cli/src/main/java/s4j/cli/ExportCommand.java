package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import s4j.data.Dataset;
import s4j.io.ModelFile;
import s4j.kernel.PackedMatrix.Precision;
import s4j.model.EncoderConfig;
import s4j.model.SequenceBatch;
import s4j.stream.Quantization;
import s4j.stream.S4Model;
import s4j.train.Evaluation;
import s4j.train.RunException;
import s4j.train.Trained;
import s4j.train.config.ConfigLoader;
import s4j.train.config.TrainConfig;

/** {@code s4 export}: the same model with smaller weights, and what that costs. */
@Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Writes a model with the weights of its projections in another precision and measures what that"
                + " changes. State space models and states stay as they are.",
        footerHeading = "%nExamples:%n", footer = {
                "  s4 export runs/NAME/model.safetensors --weights int8 --out small.safetensors",
                "  s4 export model.safetensors --weights bf16 --out small.safetensors --test"})
final class ExportCommand implements Callable<Integer> {
    private static final int SEED = 1;
    private static final int SEQUENCES = 4;
    private static final int STEPS = 1000;

    private final Parts parts;

    @Spec
    @Nullable
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model.safetensors that s4 train wrote.")
    @Nullable
    Path model;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE",
            description = "With --test: keys of dataset, loader or trainer that differ from training.")
    List<String> words = List.of();

    @Option(names = "--weights", required = true, paramLabel = "PRECISION",
            description = "float32, bf16, or int8 (one scale an output).")
    String weights = "";

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to write the model.")
    @Nullable
    Path out;

    @Option(names = "--test", description = "Also compare both on the test split of the model's data set.")
    boolean test;

    ExportCommand(Parts parts) { this.parts = parts; }

    @Override
    public Integer call() throws IOException {
        if (spec == null || model == null || out == null) {
            throw new IllegalStateException("called without being parsed");
        }
        Precision precision = switch (weights.toLowerCase(Locale.ROOT)) {
            case "float32" -> Precision.FLOAT32;
            case "bf16" -> Precision.BF16;
            case "int8" -> Precision.INT8;
            default -> throw new RunException("--weights " + weights + "; expected float32, bf16 or int8");
        };
        ModelFile before = ModelFile.read(model);
        ModelFile after = Quantization.of(before, precision);
        S4Model.Options options = S4Model.Options.standard();
        S4Model was = S4Model.of(before, model.toString(), options);
        S4Model is = S4Model.of(after, out.toString(), options);
        after.write(out);
        PrintWriter console = spec.commandLine().getOut();
        console.printf(Locale.ROOT, "%s: %,d bytes; %s: %,d bytes%n", model, Files.size(model), out, Files.size(out));
        console.printf(Locale.ROOT, "relative change of the outputs on random input: %.2e%n", change(was, is));
        if (test) {
            compare(before, was, is, console);
        }
        console.flush();
        return 0;
    }

    private static double change(S4Model was, S4Model is) {
        int length = Math.min(STEPS, was.config().lMax());
        boolean tokens = was.config().encoder().name() == EncoderConfig.Kind.EMBEDDING;
        SplittableRandom random = new SplittableRandom(SEED);
        float[] x = new float[SEQUENCES * length * was.dInput()];
        for (int i = 0; i < x.length; i++) {
            x[i] = tokens ? random.nextInt(was.config().dInput()) : (float) random.nextGaussian();
        }
        SequenceBatch batch = new SequenceBatch(SEQUENCES, length, was.dInput(), x, new int[SEQUENCES]);
        float[] a = was.forward(batch);
        float[] b = is.forward(batch);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < a.length; i++) {
            difference += (a[i] - (double) b[i]) * (a[i] - (double) b[i]);
            norm += (double) a[i] * a[i];
        }
        return Math.sqrt(difference / Math.max(norm, Double.MIN_NORMAL));
    }

    private void compare(ModelFile before, S4Model was, S4Model is, PrintWriter console) throws IOException {
        words.forEach(EvalCommand::checkGroup);
        Trained trained = Trained.of(before, String.valueOf(model));
        TrainConfig settings = ConfigLoader.usual(List.of()).override(trained.config(), words);
        Dataset data = parts.datasets().load(settings.dataset(), console::println);
        Evaluation first = Trained.evaluate(data, was::forward, settings);
        Evaluation second = Trained.evaluate(data, is::forward, settings);
        console.printf(Locale.ROOT, "test accuracy %.4f, was %.4f (%,d sequences)%n", second.accuracy(),
                first.accuracy(), first.size());
    }
}
