package s4j.predict;

/** The mean of the last n rows of a stream, of fewer at its beginning. Allocates nothing after it was made. */
final class MovingMean {
    private final float[][] last;
    private final double[] sum;
    private long rows;

    MovingMean(int n, int width) {
        this.last = new float[Math.max(1, n)][width];
        this.sum = new double[width];
    }

    /** Takes a row and puts the mean of the last ones into its place. */
    void next(float[] row) {
        float[] old = last[(int) (rows % last.length)];
        boolean full = rows >= last.length;
        rows++;
        for (int i = 0; i < row.length; i++) {
            sum[i] += row[i] - (full ? old[i] : 0);
            old[i] = row[i];
        }
        if (rows % last.length == 0) {
            again(); // what rounding left behind goes
        }
        double n = Math.min(rows, last.length);
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) (sum[i] / n);
        }
    }

    private void again() {
        for (int i = 0; i < sum.length; i++) {
            double fresh = 0;
            for (float[] r : last) {
                fresh += r[i];
            }
            sum[i] = fresh;
        }
    }
}
