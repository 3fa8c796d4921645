package s4j.kernel.scan;

/** The inner loops of {@link DiagonalScan} for one feature. */
final class ScalarDiagonalScan implements DiagonalScan.Inner {
    @Override
    public void tile(float[] m, int mAt, int depth, float[] in, int inAt, int inColumn, float[] out, int outAt,
            int outColumn, int columns) {
        for (int r = 0; r < ROWS; r++) {
            for (int c = 0; c < columns; c++) {
                float sum = 0;
                for (int j = 0; j < depth; j++) {
                    sum = Math.fma(m[mAt + j * ROWS + r], in[inAt + j + c * inColumn], sum);
                }
                out[outAt + r + c * outColumn] = sum;
            }
        }
    }

    @Override
    public void states(float[] k, int at, float[] x, int xAt, float[] z, int zAt, int column) {
        float xr = x[xAt];
        float xi = x[xAt + 1];
        for (int p = zAt; p < zAt + COLUMNS * column; p += column) {
            float pr = z[p];
            float pi = z[p + 1];
            z[p] = xr;
            z[p + 1] = xi;
            float next = Math.fma(-k[at + 1], xi, Math.fma(k[at], xr, pr));
            xi = Math.fma(k[at + 1], xr, Math.fma(k[at], xi, pi));
            xr = next;
        }
        float er = k[at + 2];
        float ei = k[at + 3];
        float start = x[xAt];
        x[xAt] = Math.fma(-ei, x[xAt + 1], Math.fma(er, start, xr));
        x[xAt + 1] = Math.fma(ei, start, Math.fma(er, x[xAt + 1], xi));
    }

    @Override
    public void outputGradients(float[] x, int xAt, int column, float[] q, int qAt, float[] dq, int dqAt, int dqColumn,
            int columns, float[] sums, int sumsAt) {
        for (int c = 0; c < columns; c++) {
            int p = qAt + c * column;
            addProduct(x, xAt + c * column, q[p], q[p + 1], sums, sumsAt);
            p = dqAt + c * dqColumn;
            addProduct(x, xAt + c * column, dq[p], dq[p + 1], sums, sumsAt + 2);
        }
    }

    /** sum += conj(x) g. */
    private static void addProduct(float[] x, int at, float gr, float gi, float[] sum, int sumAt) {
        sum[sumAt] = Math.fma(x[at + 1], gi, Math.fma(x[at], gr, sum[sumAt]));
        sum[sumAt + 1] = Math.fma(-x[at + 1], gr, Math.fma(x[at], gi, sum[sumAt + 1]));
    }

    @Override
    public void adjoint(float[] k, int at, int from, int to, float[] g, int gAt, float[] q, int qAt, int column,
            float[] x,
            int xAt, float[] dp, int dpAt, int dpColumn, float[] sums, int sumsAt) {
        float cr = k[at + 4];
        float ci = k[at + 5];
        for (int c = from - 1; c >= to; c--) {
            float gr = g[gAt];
            float gi = g[gAt + 1];
            addProduct(dp, dpAt + c * dpColumn, gr, gi, sums, sumsAt + 4);
            addProduct(x, xAt + c * column, gr, gi, sums, sumsAt + 6);
            int p = qAt + c * column;
            float qr = q[p];
            float qi = q[p + 1];
            q[p] = gr;
            q[p + 1] = gi;
            g[gAt] = Math.fma(k[at + 1], gi, Math.fma(k[at], gr, Math.fma(ci, qi, cr * qr)));
            g[gAt + 1] = Math.fma(-k[at + 1], gr, Math.fma(k[at], gi, Math.fma(-ci, qr, cr * qi)));
        }
    }

    @Override
    public void correct(float[] k, int at, float[] before, float[] g, int gAt) {
        float er = k[at + 2];
        float ei = k[at + 3];
        g[gAt] = Math.fma(ei, before[gAt + 1], Math.fma(er, before[gAt], g[gAt]));
        g[gAt + 1] = Math.fma(-ei, before[gAt], Math.fma(er, before[gAt + 1], g[gAt + 1]));
    }

    @Override
    public void lags(float[] u, int uAt, float[] dy, int dyAt, int count, float[] dk, int dkAt) {
        for (int lag = 0; lag < ROWS; lag++) {
            for (int p = 0; p < count; p++) {
                dk[dkAt + lag] = Math.fma(u[uAt + p], dy[dyAt + p + lag], dk[dkAt + lag]);
            }
        }
    }
}
