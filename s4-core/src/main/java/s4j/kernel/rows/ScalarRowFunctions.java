package s4j.kernel.rows;

import s4j.kernel.ScalarMath;

/** {@link RowFunctions} as plain Java. */
final class ScalarRowFunctions implements RowFunctions {
    @Override
    public void gelu(float[] x, float[] y, int size) {
        for (int i = 0; i < size; i++) {
            y[i] = (float) (x[i] * ScalarMath.normal(x[i]));
        }
    }

    @Override
    public void glu(float[] z, int rows, int m, float[] y) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m; j++) {
                int at = 2 * r * m + j;
                y[r * m + j] = (float) (z[at] * ScalarMath.sigmoid(z[at + m]));
            }
        }
    }

    @Override
    public void sigmoid(float[] x, float[] y, int size) {
        for (int i = 0; i < size; i++) {
            y[i] = (float) ScalarMath.sigmoid(x[i]);
        }
    }

    @Override
    public void add(float[] x, int xAt, float[] y, int yAt, int size) {
        for (int i = 0; i < size; i++) {
            y[yAt + i] += x[xAt + i];
        }
    }

    @Override
    public void multiply(float[] x, float[] y, int size) {
        for (int i = 0; i < size; i++) {
            y[i] *= x[i];
        }
    }

    @Override
    public void normalize(float[] x, int xAt, float[] y, int yAt, int h, int stride, float[] w, float[] b,
            float[] scratch) {
        double mean = mean(x, xAt, h);
        double factor = 1 / Math.sqrt(variance(x, xAt, h, mean) + EPS);
        for (int i = 0; i < stride; i++) {
            y[yAt + i] = i < h ? (float) ((x[xAt + i] - mean) * factor * w[i] + b[i]) : 0;
        }
    }

    @Override
    public void standardize(float[] x, int xAt, float[] y, int yAt, int h, int stride, float shift, float scale,
            float[] scratch) {
        double mean = mean(x, xAt, h);
        double factor = scale / Math.max(Math.sqrt(variance(x, xAt, h, mean)), MIN_DEVIATION);
        for (int i = 0; i < stride; i++) {
            y[yAt + i] = i < h ? (float) ((x[xAt + i] - mean + shift) * factor) : 0;
        }
    }

    private static double mean(float[] x, int at, int h) {
        double sum = 0;
        for (int i = 0; i < h; i++) {
            sum += x[at + i];
        }
        return sum / h;
    }

    private static double variance(float[] x, int at, int h, double mean) {
        double sum = 0;
        for (int i = 0; i < h; i++) {
            sum += (x[at + i] - mean) * (x[at + i] - mean);
        }
        return sum / h;
    }

    @Override
    public void scale(float[] x, int xAt, float[] y, int yAt, int stride, float[] w, float[] b) {
        for (int i = 0; i < stride; i++) {
            y[yAt + i] = x[xAt + i] * w[i] + b[i];
        }
    }
}
