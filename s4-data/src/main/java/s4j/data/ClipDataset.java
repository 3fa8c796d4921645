package s4j.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.audio.FrontEnd;
import s4j.audio.SoundInput;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.model.TargetSpec;
import s4j.predict.InputTransform;

/** Recordings with a class each, normalised by mean and standard deviation of each feature over the training recordings. */
final class ClipDataset implements Dataset {
    private static final int SHOWN = 12;

    private final String name;
    private final List<String> classes;
    private final SoundInput sound;
    private final InputTransform transform;
    private final ClipSet train;
    private final ClipSet validation;
    private final ClipSet test;
    private final String hash;
    private final String place;

    /**
     * Of what was read.
     *
     * @param noises to mix into training recordings; none: synthetic ones
     */
    ClipDataset(String name, List<String> classes, ClipForm form, ClipForm.Read read, Recordings from,
            List<float[]> noises)
            throws IOException {
        this.name = name;
        this.classes = classes;
        this.place = from.place();
        this.hash = from.hash();
        this.sound = form.input(read.rate());
        List<Clip.Sound> training = part(read, Clip.Part.TRAIN);
        List<Clip.Sound> tested = part(read, Clip.Part.TEST);
        if (training.isEmpty() || tested.isEmpty()) {
            throw new MalformedFileException(
                    ("%s: %d recordings, %d to train on and %d to test; expected some of each. Look at "
                            + "dataset.test_split, dataset.split, dataset.classes")
                            .formatted(place, read.sounds().size(), training.size(), tested.size()));
        }
        this.transform = scaled(sound, training);
        Augment augment = form.augment().nothing()
                ? null
                : new Augment(form.augment(), read.rate(),
                        noises.isEmpty() ? Noise.synthetic(read.rate(), 0) : noises);
        this.train = new ClipSet(training, transform, read.rate(), augment);
        this.validation = new ClipSet(part(read, Clip.Part.VALIDATION), transform, read.rate(), null);
        this.test = new ClipSet(tested, transform, read.rate(), null);
    }

    private static List<Clip.Sound> part(ClipForm.Read read, Clip.Part part) {
        return read.sounds().stream().filter(s -> s.part() == part).toList();
    }

    private static InputTransform scaled(SoundInput sound, List<Clip.Sound> training) {
        FrontEnd front = sound.frontEnd();
        int d = front.width();
        double[] sum = new double[d];
        double[] squares = new double[d];
        long n = 0;
        for (Clip.Sound s : training) {
            // silence behind raw samples says nothing of their level
            float[] samples = s.samples().samples();
            float[] x = front.raw() ? samples : front.features(sound.padded(samples));
            for (int i = 0; i < x.length; i++) {
                sum[i % d] += x[i];
                squares[i % d] += (double) x[i] * x[i];
            }
            n += x.length / d;
        }
        double[] mean = new double[d];
        double[] std = new double[d];
        for (int i = 0; i < d; i++) {
            mean[i] = sum[i] / n;
            double variance = squares[i] / n - mean[i] * mean[i];
            std[i] = variance > 1e-12 * (1 + mean[i] * mean[i]) ? Math.sqrt(variance) : 1;
        }
        return InputTransform.ofSound(mean, std, sound);
    }

    @Override
    public String name() { return name; }

    @Override
    public int dInput() { return train.transform().frontEnd() == null ? 1 : sound.frontEnd().width(); }

    @Override
    public int lMax() {
        int most = 0;
        for (ClipSet set : List.of(train, validation, test)) {
            for (int i = 0; i < set.size(); i++) {
                most = Math.max(most, set.steps(i));
            }
        }
        return most;
    }

    @Override
    public boolean equalLengths() { return sound.length() != null; }

    @Override
    public TargetSpec targets() { return TargetSpec.Classes.of(classes); }

    @Override
    public SequenceSet train() { return train; }

    @Override
    public SequenceSet validation() { return validation; }

    @Override
    public SequenceSet test() { return test; }

    @Override
    public @Nullable SoundInput sound() { return sound; }

    @Override
    public Map<String, TensorData> transform() {
        Map<String, TensorData> out = new LinkedHashMap<>();
        out.put("data.mean", TensorData.of(transform.mean(), transform.mean().length));
        out.put("data.std", TensorData.of(transform.std(), transform.std().length));
        out.put("data.sample_rate", TensorData.of(new int[]{sound.sampleRate()}, 1));
        return Collections.unmodifiableMap(out);
    }

    @Override
    public String hash() { return hash; }

    @Override
    public Map<String, String> facts() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Read from", place);
        out.put("Sampling rate", String.format(Locale.ROOT, "%,d Hz", sound.sampleRate()));
        out.put("Features", sound.features().name());
        out.put("Longest", String.format(Locale.ROOT, "%.2f s", seconds()));
        return out;
    }

    private double seconds() {
        int most = 0;
        for (ClipSet set : List.of(train, validation, test)) {
            for (Clip.Sound s : set.sounds()) {
                most = Math.max(most, s.samples().size());
            }
        }
        return (double) most / sound.sampleRate();
    }

    /** What was found, in one line. */
    String found() {
        List<String> some = new ArrayList<>(classes.subList(0, Math.min(SHOWN, classes.size())));
        if (some.size() < classes.size()) {
            some.add("…");
        }
        return String.format(Locale.ROOT, "found: %s, %,d recordings of up to %.2f s at %,d Hz; %d classes (%s)", place,
                train.size() + validation.size() + test.size(), seconds(), sound.sampleRate(), classes.size(),
                String.join(", ", some));
    }
}
