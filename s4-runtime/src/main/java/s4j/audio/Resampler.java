package s4j.audio;

/**
 * Band-limited resampling by a ratio of whole numbers up / down: y_i = Σ_k x_k h(i down / up − k), with the low-pass h(t) = c
 * sinc(c t) w(t c / Z), c = min(1, up / down) · 0.95, w the Kaiser window (β = 8) over Z = 24 zero crossings: 0.95 of the lower
 * rate's band passes, images are 80 dB below. The weights of every phase are scaled to sum 1, so that a constant stays one;
 * beyond the ends the sound is 0.
 *
 * <p>Source: Smith, Digital Audio Resampling Home Page, "Theory of ideal bandlimited interpolation".
 */
public final class Resampler {
    private static final double PASS = 0.95;
    private static final int ZEROS = 24;
    private static final double BETA = 8;
    /** Weights kept in a table; finer ratios compute them anew for every sample. */
    private static final long TABLE = 1 << 22;

    private final int up;
    private final int down;
    private final double cutoff;
    private final int reach;
    private final double[][] phases;

    private Resampler(int up, int down) {
        this.up = up;
        this.down = down;
        this.cutoff = Math.min(1.0, (double) up / down) * PASS;
        this.reach = (int) Math.ceil(ZEROS / cutoff);
        boolean tabled = (long) up * 2 * reach <= TABLE;
        this.phases = new double[tabled ? up : 0][];
        for (int p = 0; p < phases.length; p++) {
            phases[p] = weights(p);
        }
    }

    /** From one rate to another. */
    public static Resampler between(int from, int to) {
        int divisor = gcd(from, to);
        return new Resampler(to / divisor, from / divisor);
    }

    private static int gcd(int a, int b) { return b == 0 ? a : gcd(b, a % b); }

    /** The sound at the new rate: ⌈n up / down⌉ samples. */
    public float[] resample(float[] x) {
        long size = Math.ceilDiv((long) x.length * up, down);
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(x.length + " samples become " + size + ", more than an array holds; "
                    + "cut the recording into pieces");
        }
        float[] y = new float[(int) size];
        for (int i = 0; i < y.length; i++) {
            long position = (long) i * down;
            int phase = (int) (position % up);
            double[] w = phases.length > 0 ? phases[phase] : weights(phase);
            long first = position / up - reach + 1;
            int from = (int) Math.max(0, -first);
            int to = (int) Math.min(w.length, x.length - first);
            double sum = 0;
            for (int k = from; k < to; k++) {
                sum += w[k] * x[(int) (first + k)];
            }
            y[i] = (float) sum;
        }
        return y;
    }

    /** The weights of the 2 reach samples around a point phase / up behind the middle one. */
    private double[] weights(int phase) {
        double fraction = (double) phase / up;
        double[] w = new double[2 * reach];
        double sum = 0;
        for (int k = 0; k < w.length; k++) {
            double t = (k - reach + 1 - fraction) * cutoff;
            w[k] = sinc(t) * kaiser(t / ZEROS);
            sum += w[k];
        }
        for (int k = 0; k < w.length; k++) {
            w[k] /= sum;
        }
        return w;
    }

    private static double sinc(double t) { return t == 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t); }

    private static double kaiser(double t) {
        return Math.abs(t) >= 1 ? 0 : besselI0(BETA * Math.sqrt(1 - t * t)) / besselI0(BETA);
    }

    /** Σ (x/2)^2k / k!². */
    private static double besselI0(double x) {
        double term = 1;
        double sum = 1;
        for (int k = 1; term > 1e-17 * sum; k++) {
            term *= (x / 2 / k) * (x / 2 / k);
            sum += term;
        }
        return sum;
    }
}
