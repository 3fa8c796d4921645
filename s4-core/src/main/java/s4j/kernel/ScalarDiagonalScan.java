package s4j.kernel;

/** The inner loops of {@link DiagonalScan} for one feature of one sequence. */
final class ScalarDiagonalScan implements DiagonalScan.Inner {
    @Override
    public int rows() { return 1; }

    @Override
    public void begin(float[] k, int at, int rows, float[] x, int xAt, float[] q, float[] y0) {
        q[0] = Math.fma(k[at + 5], x[xAt], -k[at + 6] * x[xAt + 1]);
        q[1] = Math.fma(k[at + 5], x[xAt + 1], k[at + 6] * x[xAt]);
        y0[0] = Math.fma(k[at + 4], x[xAt + 1], Math.fma(k[at + 3], x[xAt], y0[0]));
    }

    @Override
    public void forward(float[] k, int at, int rows, int steps, float[] u, float[] y, float[] q) {
        float zr = 0;
        float zi = 0;
        for (int t = 0; t < steps; t++) {
            float next = Math.fma(k[at + 2], zi, Math.fma(k[at], zr, u[t] + q[0]));
            zi = Math.fma(k[at + 1], zr, Math.fma(k[at], zi, q[1]));
            zr = next;
            y[t] = Math.fma(k[at + 4], zi, Math.fma(k[at + 3], zr, y[t]));
        }
        q[0] = zr;
        q[1] = zi;
    }

    @Override
    public void end(float[] e, int eAt, int rows, float[] z, float[] x, int xAt) {
        float re = Math.fma(e[eAt], x[xAt], Math.fma(-e[eAt + 1], x[xAt + 1], z[0]));
        x[xAt + 1] += Math.fma(e[eAt], x[xAt + 1], Math.fma(e[eAt + 1], x[xAt], z[1]));
        x[xAt] += re;
    }

    @Override
    public void lift(float[] y0, int rows, int steps, float[] y) {
        for (int t = 0; t < steps; t++) {
            y[t] += y0[0];
        }
    }

    @Override
    public void states(float[] k, int at, int rows, int steps, float[] u, int uAt, float[] dy, int dyAt, float[] xs,
            int xsAt,
            float[] x, int xAt, float[] dk) {
        float xr = x[xAt];
        float xi = x[xAt + 1];
        for (int t = 0; t < steps; t++) {
            xs[xsAt + 2 * t] = xr;
            xs[xsAt + 2 * t + 1] = xi;
            float next = Math.fma(k[at + 2], xi, Math.fma(k[at], xr, u[uAt + t]));
            xi = Math.fma(k[at + 1], xr, k[at] * xi);
            xr = next;
            dk[4] = Math.fma(dy[dyAt + t + 1], xr, dk[4]);
            dk[5] = Math.fma(dy[dyAt + t + 1], xi, dk[5]);
        }
        x[xAt] = xr;
        x[xAt + 1] = xi;
    }

    @Override
    public void enter(float[] k, int at, int rows, int steps, float[] dy, int dyAt, float[] g, int gAt) {
        g[gAt] = Math.fma(k[at + 3], dy[dyAt + steps], g[gAt]);
        g[gAt + 1] = Math.fma(k[at + 4], dy[dyAt + steps], g[gAt + 1]);
    }

    @Override
    public void adjoint(float[] k, int at, int rows, int steps, float[] dy, int dyAt, float[] du, int duAt, float[] xs,
            int xsAt, float[] g, int gAt, float[] dk) {
        float gr = g[gAt];
        float gi = g[gAt + 1];
        for (int t = steps - 1; t >= 0; t--) {
            float xr = xs[xsAt + 2 * t];
            float xi = xs[xsAt + 2 * t + 1];
            dk[0] = Math.fma(gr, xr, dk[0]);
            dk[1] = Math.fma(gi, xi, dk[1]);
            dk[2] = Math.fma(gi, xr, dk[2]);
            dk[3] = Math.fma(gr, xi, dk[3]);
            du[duAt + t] += gr;
            float d = dy[dyAt + t];
            float next = Math.fma(k[at], gr, Math.fma(k[at + 1], gi, k[at + 3] * d));
            gi = Math.fma(k[at], gi, Math.fma(k[at + 2], gr, k[at + 4] * d));
            gr = next;
        }
        g[gAt] = gr;
        g[gAt + 1] = gi;
    }

    @Override
    public void correct(float[] k, int eAt, int rows, float[] before, float[] x, int xAt, boolean conjugate) {
        float er = k[eAt];
        float ei = conjugate ? -k[eAt + 1] : k[eAt + 1];
        x[xAt] = Math.fma(er, before[0], Math.fma(-ei, before[1], x[xAt]));
        x[xAt + 1] = Math.fma(er, before[1], Math.fma(ei, before[0], x[xAt + 1]));
    }
}
