package s4j.audio;

/**
 * |Σ_t w_t x_t e^(−2πikt/n)|² for k = 0 … n/2 of frames of any even length n under a periodic Hann window w.
 *
 * <p>By definition, in float64: cosines are even about n/2 and sines odd, so x_t ± x_(n−t) halves the work, and each sum over t
 * runs along the bins, which the compiler puts on vector lanes. For frames of speech (n = 200 to 512) that needs no transform of
 * mixed radix.
 */
final class PowerSpectrum {
    private final int n;
    private final double[] window;
    /** Rows t = 0 … n/2, columns k = 0 … n/2. */
    private final double[][] cos;
    private final double[][] sin;

    /** Frames of n samples, the window over the {@code width} in the middle. */
    PowerSpectrum(int n, int width) {
        this.n = n;
        this.window = new double[n];
        int from = (n - width) / 2;
        for (int i = 0; i < width; i++) {
            window[from + i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / width);
        }
        int half = n / 2 + 1;
        cos = new double[half][half];
        sin = new double[half][half];
        for (int t = 0; t < half; t++) {
            for (int k = 0; k < half; k++) {
                double angle = 2 * Math.PI * ((long) t * k % n) / n;
                cos[t][k] = Math.cos(angle);
                sin[t][k] = Math.sin(angle);
            }
        }
    }

    /** Room for one thread's computation. */
    static final class Room {
        final double[] re;
        final double[] im;

        /** For frames of n samples. */
        Room(int n) {
            re = new double[n / 2 + 1];
            im = new double[n / 2 + 1];
        }
    }

    /** Of the frame that begins at a place of x; the result stands in the room's {@code re}. */
    double[] of(float[] x, int at, Room room) {
        double[] re = room.re;
        double[] im = room.im;
        int half = n / 2;
        double first = window[0] * x[at];
        double middle = window[half] * x[at + half];
        for (int k = 0; k <= half; k++) {
            re[k] = first + ((k & 1) == 0 ? middle : -middle);
            im[k] = 0;
        }
        for (int t = 1; t < half; t++) {
            double a = window[t] * x[at + t];
            double b = window[n - t] * x[at + n - t];
            add(re, cos[t], a + b);
            add(im, sin[t], a - b);
        }
        for (int k = 0; k <= half; k++) {
            re[k] = re[k] * re[k] + im[k] * im[k];
        }
        return re;
    }

    private static void add(double[] sum, double[] row, double factor) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += factor * row[k];
        }
    }
}
