package s4j.audio;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Computes {@link SoundFeatures} of sound at one sampling rate, of whole recordings or as it comes. Immutable, for any number of
 * threads.
 *
 * <p>Frame t is centred at sample t · hop_length; l samples have 1 + ⌊l / hop_length⌋ frames. Beyond its ends sound is reflected
 * (x_(−i) = x_i), as torch.stft with {@code center=True} does. A stream's frame t is known when sample t · hop_length +
 * n_fft / 2 − 1 is (the first one a sample later), with the same bits as of the whole recording.
 */
public final class FrontEnd {
    private final int width;
    private final int hop;
    private final int nFft;
    private final double offset;
    private final @Nullable PowerSpectrum spectrum;
    private final @Nullable MelBands bands;
    /** Rows of coefficients, {@code [n_mfcc][n_mels]}; none: the bands themselves. */
    private final double[][] dct;

    private FrontEnd(SoundFeatures.@Nullable LogMel mel, int coefficients, int rate) {
        if (mel == null) {
            this.width = 1;
            this.hop = 1;
            this.nFft = 0;
            this.offset = 0;
            this.spectrum = null;
            this.bands = null;
            this.dct = new double[0][];
            return;
        }
        Integer win = mel.winLength();
        Double highest = mel.fMax();
        this.nFft = mel.nFft();
        this.hop = mel.hopLength();
        this.offset = mel.logOffset();
        this.spectrum = new PowerSpectrum(nFft, win == null ? nFft : win);
        this.bands = MelBands.of(mel.nMels(), nFft, rate, mel.fMin(), highest == null ? rate / 2.0 : highest);
        this.dct = new double[coefficients][mel.nMels()];
        for (int c = 0; c < coefficients; c++) {
            for (int m = 0; m < mel.nMels(); m++) {
                dct[c][m] = Math.cos(Math.PI / mel.nMels() * (m + 0.5) * c)
                        * Math.sqrt((c == 0 ? 1.0 : 2.0) / mel.nMels());
            }
        }
        this.width = coefficients == 0 ? mel.nMels() : coefficients;
    }

    /**
     * Of features at a sampling rate.
     *
     * @throws IllegalArgumentException when a band would lie above half the rate
     */
    public static FrontEnd of(SoundFeatures features, int rate) {
        return switch (features) {
            case SoundFeatures.Raw _ -> new FrontEnd(null, 0, rate);
            case SoundFeatures.LogMel mel -> new FrontEnd(mel, 0, rate);
            case SoundFeatures.Mfcc mfcc -> new FrontEnd(mfcc.bands(), mfcc.nMfcc(), rate);
        };
    }

    /** Whether a step is a sample. */
    public boolean raw() { return spectrum == null; }

    /** Values of a step. */
    public int width() { return width; }

    /** Samples from one step to the next. */
    public int hop() { return hop; }

    /** Steps of so many samples. */
    public int steps(int samples) { return raw() ? samples : samples / hop + 1; }

    /** Features {@code [steps, width]} of a whole recording of at least one sample. */
    public float[] features(float[] x) {
        PowerSpectrum power = spectrum;
        if (power == null) {
            return x;
        }
        int half = nFft / 2;
        int steps = steps(x.length);
        float[] out = new float[Math.multiplyExact(steps, width)];
        float[] edge = new float[nFft];
        double[] mels = new double[bands == null ? 0 : bands.size()];
        PowerSpectrum.Room room = new PowerSpectrum.Room(nFft);
        for (int t = 0; t < steps; t++) {
            int from = t * hop - half;
            boolean inside = from >= 0 && from + nFft <= x.length;
            if (!inside) {
                for (int i = 0; i < nFft; i++) {
                    edge[i] = x[reflected(from + i, x.length)];
                }
            }
            frame(power.of(inside ? x : edge, inside ? from : 0, room), mels, out, t * width);
        }
        return out;
    }

    /** The place of x_i in n samples. */
    private static int reflected(int i, int n) {
        if (n == 1) {
            return 0;
        }
        int in = Math.floorMod(i, 2 * (n - 1));
        return in < n ? in : 2 * (n - 1) - in;
    }

    private void frame(double[] power, double[] mels, float[] out, int at) {
        if (bands == null) {
            throw new IllegalStateException("raw sound has no frames");
        }
        for (int m = 0; m < mels.length; m++) {
            mels[m] = Math.log(bands.power(m, power) + offset);
        }
        if (dct.length == 0) {
            for (int m = 0; m < width; m++) {
                out[at + m] = (float) mels[m];
            }
            return;
        }
        for (int c = 0; c < width; c++) {
            double sum = 0;
            double[] row = dct[c];
            for (int m = 0; m < mels.length; m++) {
                sum += row[m] * mels[m];
            }
            out[at + c] = (float) sum;
        }
    }

    /** A stream of sound. */
    public Stream stream() { return new Stream(); }

    /** Sound as it comes: {@code if (stream.accept(sample, frame)) …}. Allocates nothing on the way; one thread at a time. */
    public final class Stream {
        /** The last n_fft + 1 samples twice, so that any frame of them stands in one piece. */
        private final int kept = nFft + 1;
        private final float[] last = new float[2 * kept];
        private final float[] shown = new float[Math.max(1, nFft)];
        private final double[] mels = new double[bands == null ? 0 : bands.size()];
        private final PowerSpectrum.Room room = new PowerSpectrum.Room(nFft);
        private long samples;
        private long frames;

        private Stream() {}

        /**
         * The next sample.
         *
         * @param frame {@code [width]}, filled when one is complete
         * @return whether one is
         */
        public boolean accept(float sample, float[] frame) {
            PowerSpectrum power = spectrum;
            if (power == null) {
                frame[0] = sample;
                samples++;
                frames++;
                return true;
            }
            int at = (int) (samples % kept);
            last[at] = sample;
            last[at + kept] = sample;
            samples++;
            int half = nFft / 2;
            long end = frames * hop + half;
            if (samples < (end < nFft ? Math.max(end, half + 1) : end)) {
                return false;
            }
            if (end >= nFft) {
                emit(power, last, (int) ((end - nFft) % kept), frame);
            } else {
                reflect(frames * hop - half, samples);
                emit(power, shown, 0, frame);
            }
            return true;
        }

        /** After the last sample: the next frame of the sound's end; false when there is none. */
        public boolean finish(float[] frame) {
            PowerSpectrum power = spectrum;
            if (power == null || samples == 0 || frames > samples / hop) {
                return false;
            }
            reflect(frames * hop - nFft / 2, samples);
            emit(power, shown, 0, frame);
            return true;
        }

        private void emit(PowerSpectrum power, float[] x, int at, float[] frame) {
            frame(power.of(x, at, room), mels, frame, 0);
            frames++;
        }

        /** n_fft samples from a place on; those beyond what there is are reflected. */
        private void reflect(long from, long n) {
            for (int i = 0; i < nFft; i++) {
                long wanted = from + i;
                long period = 2 * (n - 1);
                long in = n == 1 ? 0 : Math.floorMod(wanted, period);
                shown[i] = last[(int) ((in < n ? in : period - in) % kept)];
            }
        }

        /** Forgets everything. */
        public void reset() {
            Arrays.fill(last, 0);
            samples = 0;
            frames = 0;
        }
    }
}
