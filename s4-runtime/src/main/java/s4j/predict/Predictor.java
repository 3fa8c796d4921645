package s4j.predict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import s4j.audio.SoundInput;
import s4j.audio.Waveform;
import s4j.config.ConfigException;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.model.LearnedTask;
import s4j.model.Outputs;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;

/**
 * Predicts from raw series: the model file's own normalisation on the way in, its class names or units on the way out. Immutable,
 * for any number of threads.
 *
 * <pre>
 * Predictor predictor = Predictor.load(Path.of("model.safetensors"));
 * List&lt;Ranked&gt; classes = predictor.classify(series);    // float[l][d], the most probable class first
 * double[] values = predictor.values(series);           // of a regression, in the data's own unit
 * </pre>
 */
public final class Predictor {
    private final S4Model model;
    private final InputTransform transform;
    private final TargetSpec targets;
    private final Outputs reading;

    /** One class of a prediction. */
    public record Ranked(String name, int index, double probability) {}

    private Predictor(S4Model model, InputTransform transform, TargetSpec targets, Outputs reading) {
        this.model = model;
        this.transform = transform;
        this.targets = targets;
        this.reading = reading;
    }

    /**
     * Reads a model file.
     *
     * @throws MalformedFileException when it is damaged, or predicts something else than classes or numbers
     */
    public static Predictor load(Path file) throws IOException {
        return of(ModelFile.read(file), file.toString(), ModelOptions.standard());
    }

    /** From a model file's content; {@code name} is what to call it in messages. */
    public static Predictor of(ModelFile file, String name, ModelOptions options) throws MalformedFileException {
        S4Model model = S4Model.of(file, name, options);
        try {
            if (model.config().encoder().tokens()) {
                throw new IllegalArgumentException("the model reads tokens, not values; use s4 generate, or s4 stream");
            }
            if (LearnedTask.of(file.config()).forecasts()) {
                throw new IllegalArgumentException("the model forecasts a table of time series; use s4 forecast");
            }
            Learned learned = Learned.of(file, name, model.config().dOutput());
            return new Predictor(model, InputTransform.of(file, name, model.dInput()),
                    learned.targets(), new Outputs(learned.objective()));
        } catch (IllegalArgumentException | ConfigException e) {
            throw new MalformedFileException(name + ": " + e.getMessage(), e);
        }
    }

    /** What is predicted. */
    public TargetSpec targets() { return targets; }

    /** The network. */
    public S4Model model() { return model; }

    /** What raw series go through. */
    public InputTransform transform() { return transform; }

    /** How outputs are read. */
    public Outputs reading() { return reading; }

    /** Values of a step of raw data. */
    public int channels() { return transform.channels(model.dInput()); }

    /**
     * The classes of a recording, the most probable first; it is resampled where its rate is another.
     *
     * @throws IllegalArgumentException when the model has not learned from sound
     */
    public List<Ranked> classify(Waveform wave) { return ranked(probabilities(List.of(heard(wave))).getFirst()); }

    /**
     * A recording as a series for {@link #probabilities}: its samples at the model's rate.
     *
     * @throws IllegalArgumentException when the model has not learned from sound
     */
    public float[] heard(Waveform wave) {
        SoundInput sound = transform.sound();
        if (sound == null) {
            throw new IllegalArgumentException("the model file does not say that its input is sound; expected one of"
                    + " dataset=sc, fsdd-classes or audio-classes");
        }
        return wave.at(sound.sampleRate()).samples();
    }

    /** The classes of a series {@code [l][d]}, the most probable first. */
    public List<Ranked> classify(float[][] series) {
        return ranked(probabilities(List.of(flat(series))).getFirst());
    }

    /** Probabilities with the names of their classes, the most probable first. */
    public List<Ranked> ranked(double[] probabilities) {
        List<String> names = names();
        return IntStream.range(0, probabilities.length)
                .mapToObj(c -> new Ranked(names.get(c), c, probabilities[c]))
                .sorted(Comparator.comparingDouble((Ranked r) -> -r.probability()).thenComparingInt(Ranked::index))
                .toList();
    }

    /** The numbers of a series {@code [l][d]} in the data's own unit, {@code [t, d]}. */
    public double[] values(float[][] series) {
        return numbers(List.of(flat(series))).getFirst();
    }

    /** Probabilities of the classes of several series, each {@code [l, d]}, of any lengths. */
    public List<double[]> probabilities(List<float[]> series) {
        int classes = names().size();
        float[] scores = reading.scores(outputs(series));
        return IntStream.range(0, series.size()).mapToObj(i -> Outputs.probabilities(scores, i * classes, classes))
                .toList();
    }

    /** Numbers of several series, each {@code [l, d]}, in the data's own unit: {@code [t, d]} of each. */
    public List<double[]> numbers(List<float[]> series) {
        if (!(targets instanceof TargetSpec.Values spec)) {
            throw new IllegalArgumentException("the model predicts classes, not numbers; use classify");
        }
        float[] points = reading.points(outputs(series));
        int width = spec.steps() * spec.features();
        List<double[]> out = new ArrayList<>();
        for (int i = 0; i < series.size(); i++) {
            double[] row = new double[width];
            for (int j = 0; j < width; j++) {
                row[j] = spec.restored(points[i * width + j], j % spec.features());
            }
            out.add(row);
        }
        return out;
    }

    /** A stream of raw steps. */
    public PredictionStream stream() {
        return new PredictionStream(this, model.newSession());
    }

    /**
     * Names of the classes, class 0 first.
     *
     * @throws IllegalArgumentException when the model predicts numbers
     */
    public List<String> names() {
        if (targets instanceof TargetSpec.Classes c) {
            return c.names();
        }
        throw new IllegalArgumentException("the model predicts numbers, not classes; use values");
    }

    private float[] flat(float[][] series) {
        float[] out = new float[Math.multiplyExact(series.length, channels())];
        for (int t = 0; t < series.length; t++) {
            if (series[t].length != channels()) {
                throw new IllegalArgumentException("step %d of the series has %d values; expected %d".formatted(t + 1,
                        series[t].length, channels()));
            }
            System.arraycopy(series[t], 0, out, t * channels(), channels());
        }
        return out;
    }

    /** Network outputs {@code [b, d_output]}; shorter series are padded, which changes nothing. */
    private float[] outputs(List<float[]> series) {
        int d = channels();
        int width = model.dInput();
        List<float[]> seen = new ArrayList<>();
        int longest = 0;
        for (int i = 0; i < series.size(); i++) {
            int n = series.get(i).length;
            if (n == 0 || n % d != 0) {
                throw new IllegalArgumentException("series %d has %d values; expected whole steps of %d, at least one"
                        .formatted(i + 1, n, d));
            }
            seen.add(transform.series(series.get(i), d));
            longest = Math.max(longest, seen.getLast().length / width);
        }
        float[] x = new float[Math.multiplyExact(Math.multiplyExact(series.size(), longest), width)];
        int[] lengths = new int[series.size()];
        for (int i = 0; i < lengths.length; i++) {
            System.arraycopy(seen.get(i), 0, x, i * longest * width, seen.get(i).length);
            lengths[i] = seen.get(i).length / width;
        }
        int most = longest;
        boolean same = Arrays.stream(lengths).allMatch(n -> n == most);
        return model.forward(same
                ? new SequenceBatch(lengths.length, longest, width, x)
                : new SequenceBatch(lengths.length, longest, width, x, lengths, (s4j.model.Targets) null));
    }
}
