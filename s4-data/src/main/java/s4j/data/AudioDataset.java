package s4j.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import s4j.audio.Quantization;
import s4j.audio.Waveform;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.model.TargetSpec;

/** Recordings as sequences of levels, split in three. */
record AudioDataset(String name, AudioForm form, AudioSet train, AudioSet validation, AudioSet test, int sampleRate,
        String hash, List<String> conditions, int parts) implements Dataset {
    /** The network's embedding has an entry for each level. */
    @Override
    public int dInput() { return Quantization.levels(form.bits()); }

    @Override
    public boolean tokens() { return true; }

    @Override
    public int lMax() { return Math.max(train.longest(), Math.max(validation.longest(), test.longest())); }

    @Override
    public boolean equalLengths() { return false; }

    @Override
    public TargetSpec targets() { return TargetSpec.StepClasses.of(dInput()); }

    @Override
    public Map<String, TensorData> transform() { return form.tensors(sampleRate); }

    /** The names of each split, in order. */
    record Names(List<String> train, List<String> validation, List<String> test) {}

    /** Reads recordings one after the other; all end up with one rate. */
    static final class Reader {
        private final Recordings recordings;
        private final AudioForm form;
        private final ToIntFunction<String> label;
        private final List<String> conditions;
        private final int parts;
        private @Nullable Integer rate;
        private @Nullable String first;

        /**
         * A reader to a sampling rate; null: that of the first recording, which all others must have.
         *
         * @param conditions what sequences are told to be, by label; none: nothing
         * @param parts of a sequence that are told apart
         */
        Reader(Recordings recordings, AudioForm form, @Nullable Integer rate, ToIntFunction<String> label,
                List<String> conditions, int parts) {
            this.conditions = conditions;
            this.parts = parts;
            this.recordings = recordings;
            this.form = form;
            this.rate = rate;
            this.label = label;
        }

        /** The windows of some recordings. */
        AudioSet set(List<String> names) throws IOException {
            List<byte[]> windows = new ArrayList<>();
            List<Integer> labels = new ArrayList<>();
            for (String file : names) {
                for (byte[] window : form.windows(uniform(file, recordings.read(file)))) {
                    windows.add(window);
                    labels.add(label.applyAsInt(file));
                }
            }
            return new AudioSet(List.copyOf(windows), List.copyOf(labels), form, conditions.isEmpty() ? 0 : parts);
        }

        private Waveform uniform(String file, Waveform wave) throws MalformedFileException {
            if (rate == null) {
                rate = wave.sampleRate();
                first = file;
            }
            if (first != null && wave.sampleRate() != rate) {
                throw new MalformedFileException("%s, %s: %d samples per second, %s has %d; expected one rate. Set "
                        .formatted(recordings.place(), file, wave.sampleRate(), first, rate)
                        + "dataset.sample_rate to resample");
            }
            return wave.at(rate);
        }

        AudioDataset dataset(String name, Names names) throws IOException {
            AudioSet train = set(names.train());
            AudioSet validation = set(names.validation());
            return dataset(name, train, validation, set(names.test()));
        }

        AudioDataset dataset(String name, AudioSet train, AudioSet validation, AudioSet test) throws IOException {
            if (train.size() == 0 || test.size() == 0) {
                throw new MalformedFileException(
                        "%s: %d sequences to train on and %d to test; expected some of each. Put more or "
                                .formatted(recordings.place(), train.size(), test.size())
                                + "longer recordings there, or lower dataset.sample_len");
            }
            return new AudioDataset(name, form, train, validation, test, rate == null ? 0 : rate, recordings.hash(),
                    conditions, parts);
        }
    }
}
