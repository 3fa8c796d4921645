package s4j.train;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import s4j.audio.SoundFeatures;
import s4j.audio.SoundInput;
import s4j.data.Dataset;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.model.SequenceBatch;
import s4j.predict.InputTransform;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.train.run.RunException;
import s4j.train.task.Evaluator;

/**
 * A model of sound on data of another sampling rate, without training: its layers are discretised anew for steps that are longer
 * by learned / given. It runs in plain Java.
 *
 * @param model at the other rate
 * @param learned how the model's own data was normalised
 * @param given how the data is normalised
 * @param note for people
 */
public record OtherRate(S4Model model, InputTransform learned, InputTransform given, String note) {
    /**
     * Of a model file and data; null where both are of one rate, or are no sound.
     *
     * @throws RunException when the model hears frames, which have no sampling rate that could be changed
     */
    public static @Nullable OtherRate of(ModelFile file, String name, Dataset data) throws MalformedFileException {
        SoundInput then = SoundInput.of(file.config(), name);
        SoundInput now = data.sound();
        if (then == null || now == null || then.sampleRate() == now.sampleRate()) {
            return null;
        }
        if (!(then.features() instanceof SoundFeatures.Raw)) {
            throw new RunException(
                    ("dataset.sample_rate: got %d; the model has learned %s of sound at %d, which is what "
                            + "new recordings are resampled to. Another rate without training is for features=raw")
                            .formatted(now.sampleRate(), then.features().name(), then.sampleRate()));
        }
        double rate = (double) then.sampleRate() / now.sampleRate();
        String note = String.format(Locale.ROOT, "trained at %,d Hz, tested at %,d Hz: rate %s in its layers",
                then.sampleRate(), now.sampleRate(), Double.toString(rate).replaceFirst("\\.0$", ""));
        return new OtherRate(S4Model.of(file, name, ModelOptions.standard().atRate(rate)),
                InputTransform.required(file.tensors(), 1), InputTransform.required(data.transform(), 1), note);
    }

    /** Outputs of a batch, normalised as the model's own data was; shown to a watcher. */
    @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
    public float[] scores(SequenceBatch batch, Evaluator.Watcher watcher) {
        double factor = given.std()[0] / learned.std()[0];
        double offset = (given.mean()[0] - learned.mean()[0]) / learned.std()[0];
        float[] x = new float[batch.x().length];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (batch.x()[i] * factor + offset);
        }
        float[] scores = model.forward(new SequenceBatch(batch.size(), batch.length(), batch.features(), x,
                batch.lengths(), batch.targets()));
        watcher.evaluated(batch, scores);
        return scores;
    }
}
