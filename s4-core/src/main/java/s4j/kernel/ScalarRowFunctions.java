package s4j.kernel;

/** {@link RowFunctions} as plain Java. */
final class ScalarRowFunctions implements RowFunctions {
    private final ScalarProjection projection = new ScalarProjection();

    @Override
    public void gelu(float[] x, float[] y, int size) { projection.gelu(x, y, size); }

    @Override
    public void glu(float[] z, int rows, int m, float[] y) { projection.glu(z, rows, m, y); }

    @Override
    public void sigmoid(float[] x, float[] y, int size) {
        for (int i = 0; i < size; i++) {
            y[i] = (float) (1 / (1 + Math.exp(-x[i])));
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
        double mean = 0;
        for (int i = 0; i < h; i++) {
            mean += x[xAt + i];
        }
        mean /= h;
        double variance = 0;
        for (int i = 0; i < h; i++) {
            variance += (x[xAt + i] - mean) * (x[xAt + i] - mean);
        }
        double factor = 1 / Math.sqrt(variance / h + EPS);
        for (int i = 0; i < stride; i++) {
            y[yAt + i] = i < h ? (float) ((x[xAt + i] - mean) * factor * w[i] + b[i]) : 0;
        }
    }

    @Override
    public void scale(float[] x, int xAt, float[] y, int yAt, int stride, float[] w, float[] b) {
        for (int i = 0; i < stride; i++) {
            y[yAt + i] = x[xAt + i] * w[i] + b[i];
        }
    }
}
