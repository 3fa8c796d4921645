package s4j.audio;

/**
 * Triangular bands of equal width on the mel scale m = 2595 log10(1 + f / 700), each 1 at its centre, which is the border of its
 * neighbours (HTK's scale, no area normalisation).
 *
 * @param first frequency bin of each band's first weight
 * @param weights of each band
 */
record MelBands(int[] first, double[][] weights) {
    /**
     * Over the bins k · rate / nFft, k = 0 … nFft / 2.
     *
     * @param from lowest frequency, Hz
     * @param to highest
     */
    static MelBands of(int bands, int nFft, int rate, double from, double to) {
        if (!(to > from) || to > rate / 2.0) {
            throw new IllegalArgumentException(
                    "f_max: got %s; expected above f_min %s, up to %s (half the sampling rate)"
                            .formatted(to, from, rate / 2.0));
        }
        double[] border = new double[bands + 2];
        for (int i = 0; i < border.length; i++) {
            border[i] = hertz(mel(from) + (mel(to) - mel(from)) * i / (bands + 1));
        }
        int bins = nFft / 2 + 1;
        int[] first = new int[bands];
        double[][] weights = new double[bands][];
        for (int m = 0; m < bands; m++) {
            double[] all = new double[bins];
            int low = bins;
            int high = 0;
            for (int k = 0; k < bins; k++) {
                double f = (double) k * rate / nFft;
                double up = (f - border[m]) / (border[m + 1] - border[m]);
                double down = (border[m + 2] - f) / (border[m + 2] - border[m + 1]);
                all[k] = Math.max(0, Math.min(up, down));
                if (all[k] > 0) {
                    low = Math.min(low, k);
                    high = k + 1;
                }
            }
            first[m] = Math.min(low, high);
            weights[m] = low < high ? java.util.Arrays.copyOfRange(all, low, high) : new double[0];
        }
        return new MelBands(first, weights);
    }

    private static double mel(double hertz) { return 2595 * Math.log10(1 + hertz / 700); }

    private static double hertz(double mel) { return 700 * (Math.pow(10, mel / 2595) - 1); }

    /** How many there are. */
    int size() { return first.length; }

    /** The power in band m of a power spectrum. */
    double power(int m, double[] spectrum) {
        double sum = 0;
        double[] w = weights[m];
        for (int i = 0; i < w.length; i++) {
            sum += w[i] * spectrum[first[m] + i];
        }
        return sum;
    }
}
