package s4j.kernel;

import java.lang.foreign.MemorySegment;

/** The inner loops of {@link DiagonalScan} for one feature of one sequence. */
final class ScalarDiagonalScan implements DiagonalScan.Inner {
    @Override
    public int lanes() { return 1; }

    @Override
    public int rows() { return 1; }

    @Override
    public void forward(float[] k, int at, int rows, int steps, float[] u, float[] y, float[] x, int xAt) {
        float xr = x[xAt];
        float xi = x[xAt + 1];
        for (int t = 0; t < steps; t++) {
            float next = Math.fma(-k[at + 1], xi, Math.fma(k[at], xr, u[t]));
            xi = Math.fma(k[at + 1], xr, k[at] * xi);
            xr = next;
            y[t] = Math.fma(-k[at + 3], xi, Math.fma(k[at + 2], xr, y[t]));
        }
        leave(k, at, steps, xr, xi, x, xAt);
    }

    /** Stores the state after a block; after a whole one with the correction of a's power. */
    private static void leave(float[] k, int at, int steps, float xr, float xi, float[] x, int xAt) {
        float er = steps == DiagonalScan.EXACT ? k[at + 4] : 0;
        float ei = steps == DiagonalScan.EXACT ? k[at + 5] : 0;
        float re = Math.fma(er, x[xAt], Math.fma(-ei, x[xAt + 1], xr));
        x[xAt + 1] = Math.fma(er, x[xAt + 1], Math.fma(ei, x[xAt], xi));
        x[xAt] = re;
    }

    @Override
    public void states(float[] k, int at, int rows, int steps, float[] u, int uAt, float[] xs, int xsAt, float[] x,
            int xAt) {
        float xr = x[xAt];
        float xi = x[xAt + 1];
        for (int t = 0; t < steps; t++) {
            xs[xsAt + 2 * t] = xr;
            xs[xsAt + 2 * t + 1] = xi;
            float next = Math.fma(-k[at + 1], xi, Math.fma(k[at], xr, u[uAt + t]));
            xi = Math.fma(k[at + 1], xr, k[at] * xi);
            xr = next;
        }
        leave(k, at, steps, xr, xi, x, xAt);
        xs[xsAt + 2 * steps] = x[xAt];
        xs[xsAt + 2 * steps + 1] = x[xAt + 1];
    }

    @Override
    public void backward(float[] k, int at, int rows, int steps, float[] dy, float[] du, int yAt, float[] xs, int xsAt,
            float[] g, int gAt, float[] dk) {
        float gr = g[gAt];
        float gi = g[gAt + 1];
        for (int t = steps - 1; t >= 0; t--) {
            float d = dy[yAt + t];
            int before = xsAt + 2 * t;
            gr = Math.fma(k[at + 2], d, gr);
            gi = Math.fma(-k[at + 3], d, gi);
            dk[0] = Math.fma(gr, xs[before], Math.fma(gi, xs[before + 1], dk[0]));
            dk[1] = Math.fma(gi, xs[before], Math.fma(-gr, xs[before + 1], dk[1]));
            dk[2] = Math.fma(d, xs[before + 2], dk[2]);
            dk[3] = Math.fma(d, xs[before + 3], dk[3]);
            du[yAt + t] += gr;
            float next = Math.fma(k[at + 1], gi, k[at] * gr);
            gi = Math.fma(-k[at + 1], gr, k[at] * gi);
            gr = next;
        }
        float er = steps == DiagonalScan.EXACT ? k[at + 4] : 0;
        float ei = steps == DiagonalScan.EXACT ? k[at + 5] : 0;
        float re = Math.fma(er, g[gAt], Math.fma(ei, g[gAt + 1], gr));
        g[gAt + 1] = Math.fma(er, g[gAt + 1], Math.fma(-ei, g[gAt], gi));
        g[gAt] = re;
    }

    @Override
    public void skip(float[] d, int dAt, float[] u, float[] y, int size) {
        for (int p = 0; p < size; p++) {
            y[p] = Math.fma(d[dAt], u[p], y[p]);
        }
    }

    @Override
    public void skipBackward(float[] d, int dAt, float[] u, float[] dy, float[] du, int at, int size, float[] dd) {
        for (int p = at; p < at + size; p++) {
            du[p] = Math.fma(d[dAt], dy[p], du[p]);
            dd[0] = Math.fma(dy[p], u[p], dd[0]);
        }
    }

    @Override
    public void read(MemorySegment from, long offset, long stride, int width, float[] to, int at, int steps) {
        for (int t = 0; t < steps; t++) {
            to[at + t] = from.get(DiagonalScan.FLOAT, offset + t * stride);
        }
    }

    @Override
    public void write(MemorySegment to, long offset, long stride, int width, float[] from, int at, int steps) {
        for (int t = 0; t < steps; t++) {
            to.set(DiagonalScan.FLOAT, offset + t * stride, from[at + t]);
        }
    }
}
