package s4j.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import s4j.audio.Waveform;
import s4j.io.MalformedFileException;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/** Recordings of classes as sequences of samples, {@code (x − mean) / std} with mean and std over all training samples. */
final class AudioClassesDataset implements Dataset {
    private final List<String> classes;
    private final Set train;
    private final Set validation;
    private final Set test;
    private final int sampleRate;
    private final String hash;
    private final String place;

    private AudioClassesDataset(Read read, AudioClassesConfig config, Recordings from) throws IOException {
        this.classes = read.classes;
        this.sampleRate = read.rate;
        this.place = from.place();
        this.hash = from.hash();
        int[] all = new int[read.labels.length];
        Arrays.setAll(all, i -> i);
        Shares shares = new Shares(i -> read.labels[i]);
        int[][] tested = shares.split(all, config.testSplit(), config.seed(), "test");
        int[][] validated = shares.split(tested[0], config.valSplit(), config.seed(), "split");
        if (tested[1].length == 0) {
            throw new IOException(
                    "%s: %d recordings, none to test; expected some. Raise dataset.test_split (%s)".formatted(
                            place, all.length, config.testSplit()));
        }
        double[] scale = scale(read.samples, validated[0]);
        this.train = new Set(read, validated[0], scale);
        this.validation = new Set(read, validated[1], scale);
        this.test = new Set(read, tested[1], scale);
    }

    static AudioClassesDataset load(AudioClassesConfig config, Path path) throws IOException {
        Recordings found = AudioPlaces.open(path);
        if (found == null) {
            throw new IOException(
                    "dataset.path: no wav files in " + path + "; expected a folder of them for each class");
        }
        try (found) {
            return new AudioClassesDataset(Read.of(found, config), config, found);
        }
    }

    private static double[] scale(List<float[]> samples, int[] training) {
        double sum = 0;
        long n = 0;
        for (int i : training) {
            for (float v : samples.get(i)) {
                sum += v;
            }
            n += samples.get(i).length;
        }
        double mean = sum / n;
        double squares = 0;
        for (int i : training) {
            for (float v : samples.get(i)) {
                squares += (v - mean) * (v - mean);
            }
        }
        double std = Math.sqrt(squares / n);
        return new double[]{mean, std > 0 ? std : 1};
    }

    /** All recordings at one rate, and the numbers of their classes. */
    private record Read(List<float[]> samples, int[] labels, List<String> classes, int rate) {
        static Read of(Recordings from, AudioClassesConfig config) throws IOException {
            List<String> names = from.names();
            TreeSet<String> sorted = new TreeSet<>();
            for (String name : names) {
                int slash = name.indexOf('/');
                if (slash < 0) {
                    throw new MalformedFileException("%s, %s: the file is in no class's folder; expected CLASS/FILE.wav"
                            .formatted(from.place(), name));
                }
                sorted.add(name.substring(0, slash));
            }
            List<String> classes = List.copyOf(sorted);
            if (classes.size() < 2) {
                throw new MalformedFileException(
                        "%s: one class only, '%s'; expected a folder of wav files for each of two"
                                .formatted(from.place(), classes.getFirst()) + " or more");
            }
            List<float[]> samples = new ArrayList<>(names.size());
            Integer rate = config.sampleRate();
            for (String name : names) {
                Waveform wave = from.read(name);
                rate = rate == null ? Integer.valueOf(wave.sampleRate()) : rate;
                samples.add(samples(wave.at(rate).samples(), config.sampleLen(), from.place() + ", " + name));
            }
            int[] labels = names.stream().mapToInt(n -> classes.indexOf(n.substring(0, n.indexOf('/')))).toArray();
            return new Read(samples, labels, classes, rate == null ? 0 : rate);
        }

        private static float[] samples(float[] all, @Nullable Integer longest, String place)
                throws MalformedFileException {
            if (all.length == 0) {
                throw new MalformedFileException(place + ": the recording has no samples; expected one or more");
            }
            return longest == null || all.length <= longest ? all : Arrays.copyOf(all, longest);
        }
    }

    @Override
    public String name() { return "audio-classes"; }

    @Override
    public int dInput() { return 1; }

    @Override
    public int lMax() { return Math.max(train.longest(), Math.max(validation.longest(), test.longest())); }

    @Override
    public TargetSpec targets() { return TargetSpec.Classes.of(classes); }

    @Override
    public SequenceSet train() { return train; }

    @Override
    public SequenceSet validation() { return validation; }

    @Override
    public SequenceSet test() { return test; }

    @Override
    public Map<String, TensorData> transform() {
        Map<String, TensorData> out = new LinkedHashMap<>();
        out.put("data.mean", TensorData.of(new double[]{train.scale[0]}, 1));
        out.put("data.std", TensorData.of(new double[]{train.scale[1]}, 1));
        out.put("data.sample_rate", TensorData.of(new int[]{sampleRate}, 1));
        return Collections.unmodifiableMap(out);
    }

    @Override
    public String hash() { return hash; }

    @Override
    public Map<String, String> facts() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Read from", place);
        out.put("Sampling rate", String.format(Locale.ROOT, "%,d Hz", sampleRate));
        out.put("Longest", String.format(Locale.ROOT, "%.2f s", (double) lMax() / sampleRate));
        return out;
    }

    /** What was found, in one line. */
    String found() {
        return String.format(Locale.ROOT, "found: %s, %,d recordings of up to %.2f s at %,d Hz; %d classes (%s)", place,
                train.size() + validation.size() + test.size(), (double) lMax() / sampleRate, sampleRate,
                classes.size(),
                String.join(", ", classes.subList(0, Math.min(12, classes.size())))
                        + (classes.size() > 12 ? ", …" : ""));
    }

    /** Some of the recordings. */
    private record Set(Read read, int[] indices, double[] scale) implements SequenceSet {
        @Override
        public int size() { return indices.length; }

        private float[] samples(int i) { return read.samples.get(indices[i]); }

        int longest() { return Arrays.stream(indices).map(i -> read.samples.get(i).length).max().orElse(0); }

        @Override
        @SuppressWarnings("NullAway") // does not see in class files that the array of lengths may be null
        public SequenceBatch batch(int[] wanted) {
            int[] lengths = Arrays.stream(wanted).map(i -> samples(i).length).toArray();
            int longest = Arrays.stream(lengths).max().orElseThrow();
            float[] x = new float[Math.multiplyExact(wanted.length, longest)];
            for (int b = 0; b < wanted.length; b++) {
                float[] from = samples(wanted[b]);
                for (int t = 0; t < from.length; t++) {
                    x[b * longest + t] = (float) ((from[t] - scale[0]) / scale[1]);
                }
            }
            boolean same = Arrays.stream(lengths).allMatch(n -> n == longest);
            int[] labels = Arrays.stream(wanted).map(this::label).toArray();
            return new SequenceBatch(wanted.length, longest, 1, x, same ? null : lengths, labels);
        }

        @Override
        public int label(int i) { return read.labels[indices[i]]; }

        @Override
        public Picture picture(int i) { return Spectrogram.of(samples(i)); }
    }
}
