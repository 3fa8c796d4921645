package s4j.audio;

/**
 * Sound on one channel.
 *
 * @param sampleRate samples per second
 * @param samples in [−1, 1], usually
 */
public record Waveform(int sampleRate, float[] samples) {
    /** The rates that are sound: 100 Hz to 1 MHz. */
    public static final int MIN_RATE = 100;
    /** The highest one. */
    public static final int MAX_RATE = 1_000_000;

    /** Checks the rate. */
    public Waveform {
        if (sampleRate < MIN_RATE || sampleRate > MAX_RATE) {
            throw new IllegalArgumentException(
                    "sample rate " + sampleRate + "; expected " + MIN_RATE + " to " + MAX_RATE + " per second");
        }
    }

    /** At another rate; the same one where it is that already. */
    public Waveform at(int rate) {
        return rate == sampleRate ? this : new Waveform(rate, Resampler.between(sampleRate, rate).resample(samples));
    }

    /** At another rate as a {@link Resampling} makes it. */
    public Waveform at(int rate, Resampling how) {
        if (how == Resampling.BANDLIMITED || rate == sampleRate) {
            return at(rate);
        }
        if (sampleRate % rate != 0) {
            throw new IllegalArgumentException("sample_rate: got %d of sound at %d; expected a divisor of that, as "
                    .formatted(rate, sampleRate) + "resampling is decimate");
        }
        int every = sampleRate / rate;
        float[] y = new float[Math.ceilDiv(samples.length, every)];
        for (int i = 0; i < y.length; i++) {
            y[i] = samples[i * every];
        }
        return new Waveform(rate, y);
    }

    /**
     * Least to −1, greatest to 1, as the official data code does; silence stays silence (there it becomes −1).
     */
    public Waveform stretched() {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (float v : samples) {
            min = Math.min(min, v);
            max = Math.max(max, v);
        }
        float[] y = new float[samples.length];
        for (int i = 0; i < y.length && max > min; i++) {
            y[i] = (float) (2.0 * ((double) samples[i] - min) / ((double) max - min + 1e-6) - 1);
        }
        return new Waveform(sampleRate, y);
    }

    /** Seconds. */
    public double seconds() { return (double) samples.length / sampleRate; }
}
