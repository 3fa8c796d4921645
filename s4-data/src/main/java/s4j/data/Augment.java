package s4j.data;

import java.util.Arrays;
import java.util.List;
import s4j.audio.Resampler;
import s4j.math.SplitMix64;

/**
 * Does to recordings what an {@link AugmentConfig} says.
 *
 * @param config what
 * @param rate samples per second
 * @param noises to mix in, each of one sample or more
 */
record Augment(AugmentConfig config, int rate, List<float[]> noises) {
    private static final int THOUSAND = 1000;

    /** The recording at another speed, earlier or later, louder or quieter, with noise; may change x. */
    float[] samples(float[] x, SplitMix64 random) {
        float[] y = config.speed() == 0 ? x : faster(x, 1 + config.speed() * signed(random));
        if (config.shift() > 0) {
            y = later(y, (int) Math.round(config.shift() * rate * signed(random)));
        }
        if (config.noise() > 0 && random.nextDouble() < config.noise()) {
            float[] noise = noises.get(random.nextInt(noises.size()));
            double snr = config.snrMin() + (config.snrMax() - config.snrMin()) * random.nextDouble();
            mix(y, noise, random.nextInt(noise.length), snr);
        }
        if (config.lowpass() > 0 && random.nextDouble() < config.lowpass()) {
            y = narrower(y, random);
        }
        if (config.gainDb() > 0) {
            float gain = (float) Math.pow(10, config.gainDb() * signed(random) / 20);
            for (int i = 0; i < y.length; i++) {
                y[i] *= gain;
            }
        }
        return y;
    }

    /** Blanks stretches of time and bands of normalised features {@code [l, d]}: 0 is their mean. */
    void mask(float[] features, int d, SplitMix64 random) {
        int l = features.length / d;
        for (int i = 0; i < config.timeMasks(); i++) {
            int n = Math.min(l, random.nextInt(config.timeMask() + 1));
            int from = random.nextInt(l - n + 1);
            Arrays.fill(features, from * d, (from + n) * d, 0);
        }
        for (int i = 0; i < config.freqMasks(); i++) {
            int n = Math.min(d, random.nextInt(config.freqMask() + 1));
            int from = random.nextInt(d - n + 1);
            for (int t = 0; t < l; t++) {
                Arrays.fill(features, t * d + from, t * d + from + n, 0);
            }
        }
    }

    /** To another rate, of whole kilohertz, and back; a rate that has no narrower one stays. */
    private float[] narrower(float[] x, SplitMix64 random) {
        int least = 2 * config.lowpassMin() / THOUSAND;
        int choices = (rate - 1) / THOUSAND - least + 1;
        if (choices < 1) {
            return x;
        }
        int other = THOUSAND * (least + random.nextInt(choices));
        float[] back = Resampler.between(other, rate).resample(Resampler.between(rate, other).resample(x));
        return Arrays.copyOf(back, x.length);
    }

    private static double signed(SplitMix64 random) { return 2 * random.nextDouble() - 1; }

    /** By straight lines between samples; pitch changes with it. */
    private static float[] faster(float[] x, double factor) {
        float[] y = new float[Math.max(1, (int) (x.length / factor))];
        for (int i = 0; i < y.length; i++) {
            double at = Math.min(i * factor, x.length - 1.0);
            int k = (int) at;
            float next = x[Math.min(k + 1, x.length - 1)];
            y[i] = (float) (x[k] + (at - k) * (next - x[k]));
        }
        return y;
    }

    /** Moved by so many samples, with silence for what is not known. */
    private static float[] later(float[] x, int by) {
        float[] y = new float[x.length];
        int n = x.length - Math.min(x.length, Math.abs(by));
        System.arraycopy(x, Math.max(0, -by) % Math.max(1, x.length), y, Math.max(0, by) % Math.max(1, x.length), n);
        return y;
    }

    /** Adds noise from a place on, around its end if need be, so that power of x / power of noise is snr dB. */
    static void mix(float[] x, float[] noise, int from, double snr) {
        double signal = 0;
        double other = 0;
        for (int i = 0; i < x.length; i++) {
            float n = noise[(from + i) % noise.length];
            signal += (double) x[i] * x[i];
            other += (double) n * n;
        }
        if (signal == 0 || other == 0) {
            return;
        }
        float factor = (float) Math.sqrt(signal / other / Math.pow(10, snr / 10));
        for (int i = 0; i < x.length; i++) {
            x[i] += factor * noise[(from + i) % noise.length];
        }
    }
}
