package s4j.kernel.state;

/** {@link StateTiles} as plain Java: the oracle. */
final class ScalarStateTiles implements StateTiles {
    @Override
    public void diagonal(float[] k, int kAt, int n, float[] x, int xAt, float[] d, int dAt, float[] u, int uAt,
            float[] y, int yAt) {
        for (int j = 0; j < TILE; j++) {
            float in = u[uAt + j];
            float re = 0;
            float im = 0;
            for (int i = 0; i < n; i++) {
                int p = kAt + i * DIAGONAL_PARTS * TILE + j;
                int q = xAt + 2 * i * TILE + j;
                float xr = x[q];
                float xi = x[q + TILE];
                float nr = xr + (k[p] * xr - k[p + TILE] * xi + in);
                float ni = xi + (k[p] * xi + k[p + TILE] * xr);
                x[q] = nr;
                x[q + TILE] = ni;
                re += k[p + 2 * TILE] * nr;
                im += k[p + 3 * TILE] * ni;
            }
            y[yAt + j] = d[dAt + j] * in + (re + im);
        }
    }

    @Override
    public void correct(float[] g, int gAt, int n, float[] x, int xAt) {
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < TILE; j++) {
                int p = 2 * i * TILE + j;
                float xr = x[xAt + p];
                float xi = x[xAt + p + TILE];
                x[xAt + p] = xr + (g[gAt + p] * xr - g[gAt + p + TILE] * xi);
                x[xAt + p + TILE] = xi + (g[gAt + p] * xi + g[gAt + p + TILE] * xr);
            }
        }
    }

    @Override
    public void lowRank(float[] k, int kAt, int n, float[] x, int xAt, float[] beta, int betaAt, float[] sigma,
            int sigmaAt, float[] d, int dAt, float[] u, int uAt, float[] y, int yAt) {
        for (int j = 0; j < TILE; j++) {
            float in = u[uAt + j];
            float s = beta[betaAt + j] * in + sigma[sigmaAt + j];
            float out = 0;
            float next = 0;
            for (int i = 0; i < n; i++) {
                int p = kAt + i * LOW_RANK_PARTS * TILE + j;
                int q = xAt + 2 * i * TILE + j;
                float xr = x[q];
                float xi = x[q + TILE];
                float dr = k[p + 4 * TILE] * in - k[p + 6 * TILE] * s + k[p + 2 * TILE] * xr - k[p + 3 * TILE] * xi;
                float di = k[p + 5 * TILE] * in - k[p + 7 * TILE] * s + k[p + 2 * TILE] * xi + k[p + 3 * TILE] * xr;
                float nr = xr + (k[p] * xr - k[p + TILE] * xi + dr);
                float ni = xi + (k[p] * xi + k[p + TILE] * xr + di);
                x[q] = nr;
                x[q + TILE] = ni;
                out += k[p + 8 * TILE] * nr + k[p + 9 * TILE] * ni;
                next += k[p + 10 * TILE] * nr + k[p + 11 * TILE] * ni;
            }
            y[yAt + j] = d[dAt + j] * in + out;
            sigma[sigmaAt + j] = next;
        }
    }

    @Override
    public void subtract(float[] l, int lAt, int n, float[] x, int xAt, float[] beta, int betaAt, float[] sigma,
            int sigmaAt, float[] u, int uAt) {
        for (int j = 0; j < TILE; j++) {
            float s = beta[betaAt + j] * u[uAt + j] + sigma[sigmaAt + j];
            for (int i = 0; i < 2 * n; i++) {
                x[xAt + i * TILE + j] -= l[lAt + i * TILE + j] * s;
            }
        }
    }

    @Override
    public void observe(float[] w, int wAt, int n, float[] x, int xAt, float[] d, int dAt, float[] u, int uAt,
            float[] y, int yAt) {
        for (int j = 0; j < TILE; j++) {
            float sum = 0;
            for (int i = 0; i < 2 * n; i++) {
                sum += w[wAt + i * TILE + j] * x[xAt + i * TILE + j];
            }
            y[yAt + j] = d[dAt + j] * u[uAt + j] + sum;
        }
    }
}
