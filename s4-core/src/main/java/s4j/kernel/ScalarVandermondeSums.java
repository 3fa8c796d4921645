package s4j.kernel;

/** The inner loops of {@link VandermondeSums}, step by step. */
final class ScalarVandermondeSums implements VandermondeSums.Inner {
    private static final int BLOCK = VandermondeSums.BLOCK;

    @Override
    public int lanes() { return 1; }

    @Override
    public void sums(double[] table, int n, double[] re, double[] im, double[] k) {
        for (int j = 0; j < BLOCK; j++) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                sum += re[i] * table[2 * i * BLOCK + j] + im[i] * table[(2 * i + 1) * BLOCK + j];
            }
            k[j] = sum;
        }
    }

    @Override
    public void dots(double[] table, int at, double[] g, double[] gNext, double startRe, double startIm, double[] acc,
            int accAt) {
        add(table, at, g, startRe, startIm, acc, accAt);
        add(table, at, gNext, startRe, startIm, acc, accAt + 2);
    }

    private static void add(double[] table, int at, double[] g, double startRe, double startIm, double[] acc,
            int accAt) {
        double re = 0;
        double im = 0;
        for (int j = 0; j < BLOCK; j++) {
            re += g[j] * table[at + j];
            im -= g[j] * table[at + BLOCK + j];
        }
        acc[accAt] += startRe * re + startIm * im;
        acc[accAt + 1] += startRe * im - startIm * re;
    }
}
