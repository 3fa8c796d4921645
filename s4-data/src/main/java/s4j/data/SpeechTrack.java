package s4j.data;

import java.util.ArrayList;
import java.util.List;
import s4j.io.MalformedFileException;
import s4j.math.SplitMix64;
import s4j.model.TargetSpec;

/**
 * A long sound mixed of a data set's test recordings and noise, with what is said when: for judging who listens to it.
 *
 * @param sampleRate samples per second
 * @param samples in [−1, 1]
 * @param spoken in order
 */
public record SpeechTrack(int sampleRate, float[] samples, List<Spoken> spoken) {
    private static final double GAP = 1;
    private static final double MORE = 2;
    private static final int FADE = 100;

    /**
     * A word.
     *
     * @param word its class
     * @param from second at which its recording begins
     * @param to second at which it ends
     */
    public record Spoken(String word, double from, double to) {}

    /**
     * Recordings in a random order, each once before any is there again, one to three seconds apart, over white, pink and brown noise
     * that changes every minute. Classes in underscores are said as well, but are no words to be found.
     *
     * @param seconds about so long
     * @param snr mean power of a recording over that of the noise, dB
     * @throws MalformedFileException when the data set is not one of recordings
     */
    public static SpeechTrack of(Dataset data, double seconds, double snr, long seed) throws MalformedFileException {
        if (!(data.test() instanceof ClipSet set) || !(data.targets() instanceof TargetSpec.Classes classes)) {
            throw new MalformedFileException("data set " + data.name()
                    + " has no recordings to mix; expected sc, fsdd-classes or audio-classes");
        }
        if (set.size() == 0) {
            throw new MalformedFileException("data set " + data.name()
                    + " has no recordings in its test split; expected some to mix");
        }
        int rate = set.rate();
        SplitMix64 random = SplitMix64.of(seed, "track", 0);
        float[] track = new float[(int) Math.min(Integer.MAX_VALUE / 2, Math.round(seconds * rate))];
        List<Spoken> spoken = new ArrayList<>();
        double power = 0;
        long voiced = 0;
        int[] order = random.permutation(set.size());
        int next = 0;
        int at = rate;
        while (true) {
            if (next == order.length) {
                order = random.permutation(set.size());
                next = 0;
            }
            Clip.Sound sound = set.sounds().get(order[next++]);
            float[] x = sound.samples().samples();
            if (at + x.length + rate > track.length) {
                break;
            }
            for (int i = 0; i < x.length; i++) {
                double edge = Math.min(1, Math.min(i + 1, x.length - i) / (double) FADE);
                track[at + i] += (float) (x[i] * edge);
                power += (double) x[i] * x[i];
            }
            voiced += x.length;
            String word = classes.names().get(sound.label());
            if (!word.startsWith("_")) {
                spoken.add(new Spoken(word, (double) at / rate, (double) (at + x.length) / rate));
            }
            at += x.length + (int) ((GAP + MORE * random.nextDouble()) * rate);
        }
        addNoise(track, rate, Math.sqrt(power / Math.max(1, voiced) / Math.pow(10, snr / 10)), seed);
        return new SpeechTrack(rate, track, List.copyOf(spoken));
    }

    private static void addNoise(float[] track, int rate, double level, long seed) {
        int minute = 60 * rate;
        for (int at = 0, m = 0; at < track.length; at += minute, m++) {
            // never the noise that training had: another seed
            float[] noise = Noise.synthetic(rate, seed + 1000 + m).get(m % 3);
            int end = Math.min(track.length, at + minute);
            for (int i = at; i < end; i++) {
                track[i] += (float) (noise[(i - at) % noise.length] * level / Noise.LEVEL);
            }
        }
    }

    /** Its length. */
    public double seconds() { return (double) samples.length / sampleRate; }
}
