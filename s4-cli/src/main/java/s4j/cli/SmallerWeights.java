package s4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import s4j.data.Dataset;
import s4j.io.ModelFile;
import s4j.kernel.matrix.PackedMatrix.Precision;
import s4j.model.SequenceBatch;
import s4j.stream.ModelOptions;
import s4j.stream.Quantization;
import s4j.stream.S4Model;
import s4j.train.task.Evaluation;
import s4j.train.Trained;
import s4j.train.config.ConfigLoader;
import s4j.train.config.TrainConfig;
import s4j.train.run.RunException;

/**
 * A model once more with the weights of its projections in another precision, and what that changes.
 *
 * @param parts where data sets come from
 * @param model the file to read
 * @param out the file to write
 */
record SmallerWeights(Parts parts, Path model, Path out) {
    private static final int SEED = 1;
    private static final int SEQUENCES = 4;
    private static final int STEPS = 1000;

    /**
     * Writes the model and says what it costs.
     *
     * @param weights float32, bf16 or int8
     * @param test whether to compare on the test split too
     * @param words keys of dataset, loader or trainer that differ from training
     */
    void write(String weights, boolean test, List<String> words, PrintWriter console) throws IOException {
        Precision precision = switch (weights.toLowerCase(Locale.ROOT)) {
            case "float32" -> Precision.FLOAT32;
            case "bf16" -> Precision.BF16;
            case "int8" -> Precision.INT8;
            default -> throw new RunException("--weights " + weights + "; expected float32, bf16 or int8");
        };
        ModelFile before = ModelFile.read(model);
        ModelFile after = Quantization.of(before, precision);
        ModelOptions options = ModelOptions.standard();
        S4Model was = S4Model.of(before, model.toString(), options);
        S4Model is = S4Model.of(after, out.toString(), options);
        after.write(out);
        console.printf(Locale.ROOT, "%s: %,d bytes; %s: %,d bytes%n", model, Files.size(model), out, Files.size(out));
        console.printf(Locale.ROOT, "relative change of the outputs on random input: %.2e%n", change(was, is));
        if (test) {
            compare(before, was, is, words, console);
        }
    }

    private static double change(S4Model was, S4Model is) {
        int length = Math.min(STEPS, was.config().lMax());
        boolean tokens = was.config().encoder().tokens();
        SplittableRandom random = new SplittableRandom(SEED);
        float[] x = new float[SEQUENCES * length * was.dInput()];
        for (int i = 0; i < x.length; i++) {
            x[i] = tokens ? random.nextInt(was.config().dInput()) : (float) random.nextGaussian();
        }
        SequenceBatch batch = new SequenceBatch(SEQUENCES, length, was.dInput(), x);
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

    private void compare(ModelFile before, S4Model was, S4Model is, List<String> words, PrintWriter console)
            throws IOException {
        words.forEach(EvalCommand::checkGroup);
        Trained trained = Trained.of(before, model.toString());
        TrainConfig asked = ConfigLoader.usual(List.of()).override(FilePaths.checked(trained.config(),
                words, console::println, model.toString()), words);
        Dataset data = parts.datasets().load(asked.dataset(), console::println);
        TrainConfig settings = asked.resolved(data);
        Evaluation first = Trained.evaluate(data, was::forward, settings);
        Evaluation second = Trained.evaluate(data, is::forward, settings);
        console.println("before: " + first.lastLine());
        console.println("after: " + second.lastLine());
    }
}
