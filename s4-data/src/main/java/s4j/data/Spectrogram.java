package s4j.data;

import s4j.math.Complex;
import s4j.math.Fft;

/** Sound as a picture. */
public final class Spectrogram {
    private static final int FRAME = 256;
    private static final int COLUMNS = 480;
    private static final int LEAST_HOP = 8;
    private static final double RANGE_DB = 70;

    /**
     * Magnitudes of frames of 256 samples under a Hann window, at most 480 of them, from 70 dB below the loudest (black) to it
     * (white).
     */
    public static SequenceSet.Picture of(float[] samples) {
        int hop = Math.max(LEAST_HOP, Math.ceilDiv(samples.length, COLUMNS));
        int width = Math.max(1, Math.ceilDiv(samples.length, hop));
        int height = FRAME / 2;
        double[][] power = new double[width][];
        double loudest = 1e-12;
        for (int column = 0; column < width; column++) {
            power[column] = power(samples, column * hop - FRAME / 2);
            for (double p : power[column]) {
                loudest = Math.max(loudest, p);
            }
        }
        byte[] pixels = new byte[width * height];
        for (int column = 0; column < width; column++) {
            for (int bin = 0; bin < height; bin++) {
                double db = 10 * Math.log10(Math.max(1e-30, power[column][bin]) / loudest);
                double grey = Math.clamp(1 + db / RANGE_DB, 0, 1);
                pixels[(height - 1 - bin) * width + column] = (byte) Math.round(255 * grey);
            }
        }
        return new SequenceSet.Picture(width, height, pixels);
    }

    private static double[] power(float[] samples, int from) {
        Complex[] frame = new Complex[FRAME];
        for (int i = 0; i < FRAME; i++) {
            int at = from + i;
            double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / FRAME);
            frame[i] = new Complex(at >= 0 && at < samples.length ? hann * samples[at] : 0, 0);
        }
        Complex[] spectrum = Fft.forward(frame);
        double[] power = new double[FRAME / 2];
        for (int bin = 0; bin < power.length; bin++) {
            power[bin] = spectrum[bin].re() * spectrum[bin].re() + spectrum[bin].im() * spectrum[bin].im();
        }
        return power;
    }

    private Spectrogram() {}
}
