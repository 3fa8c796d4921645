package s4j.kernel.convolution;

import s4j.kernel.Lanes;

/** {@link TransformLanes} for one feature. */
final class ScalarTransformLanes implements TransformLanes {
    private static final int FIRST = Lanes.FIRST;

    @Override
    public int lanes() { return 1; }

    @Override
    public void root(float[] u, int m, int r, float[] e, int eAt, float[] z, int at, int from, int to) {
        for (int j = from; j < to; j++) {
            float re = 0;
            float im = 0;
            for (int q = 0; q < r; q++) {
                re = Math.fma(e[eAt + 2 * q], u[FIRST + q * m + j], re);
                im = Math.fma(e[eAt + 2 * q + 1], u[FIRST + q * m + j], im);
            }
            z[at + 2 * j] = re;
            z[at + 2 * j + 1] = im;
        }
    }

    @Override
    public void rootBack(float[] z, int m, int r, float[] e, int eAt, float[] y, int at, int from, int to) {
        for (int j = from; j < to; j++) {
            float s = 0;
            for (int k = 0; k < r; k++) {
                s = Math.fma(e[eAt + 2 * k], z[FIRST + 2 * (k * m + j)], s);
                s = Math.fma(e[eAt + 2 * k + 1], z[FIRST + 2 * (k * m + j) + 1], s);
            }
            y[at + j] = s;
        }
    }

    @Override
    public void split2(float[] z, int at, int m, float[] tw, int twAt) {
        for (int p = at; p < at + 2 * m; p += 2) {
            int o = p + 2 * m;
            float br = z[o] * tw[twAt] - z[o + 1] * tw[twAt + 1];
            float bi = z[o + 1] * tw[twAt] + z[o] * tw[twAt + 1];
            z[o] = z[p] - br;
            z[o + 1] = z[p + 1] - bi;
            z[p] += br;
            z[p + 1] += bi;
        }
    }

    @Override
    public void join2(float[] z, int at, int m, float[] tw, int twAt) {
        for (int p = at; p < at + 2 * m; p += 2) {
            int o = p + 2 * m;
            float br = z[p] - z[o];
            float bi = z[p + 1] - z[o + 1];
            z[p] += z[o];
            z[p + 1] += z[o + 1];
            z[o] = br * tw[twAt] + bi * tw[twAt + 1];
            z[o + 1] = bi * tw[twAt] - br * tw[twAt + 1];
        }
    }

    @Override
    public void split4(float[] z, int at, int m, float[] tw, int twAt) {
        for (int j = 0; j < m; j++) {
            split(z, at + 2 * j, 2 * m, tw, twAt);
        }
    }

    @Override
    public void join4(float[] z, int at, int m, float[] tw, int twAt) {
        for (int j = 0; j < m; j++) {
            join(z, at + 2 * j, 2 * m, tw, twAt);
        }
    }

    @Override
    public void split4(float[] z, int at, int blocks, int m, float[] tw, int twAt) {
        for (int i = 0; i < blocks; i++) {
            split(z, at + 8 * m * i, 2 * m, tw, twAt + 6 * i);
        }
    }

    @Override
    public void join4(float[] z, int at, int blocks, int m, float[] tw, int twAt) {
        for (int i = 0; i < blocks; i++) {
            join(z, at + 8 * m * i, 2 * m, tw, twAt + 6 * i);
        }
    }

    private static float re(float[] z, int p, float[] tw, int w) { return z[p] * tw[w] - z[p + 1] * tw[w + 1]; }

    private static float im(float[] z, int p, float[] tw, int w) { return z[p] * tw[w + 1] + z[p + 1] * tw[w]; }

    private static void split(float[] z, int p, int q, float[] tw, int w) {
        float b1r = re(z, p + q, tw, w);
        float b1i = im(z, p + q, tw, w);
        float b2r = re(z, p + 2 * q, tw, w + 2);
        float b2i = im(z, p + 2 * q, tw, w + 2);
        float b3r = re(z, p + 3 * q, tw, w + 4);
        float b3i = im(z, p + 3 * q, tw, w + 4);
        float t0r = z[p] + b2r;
        float t0i = z[p + 1] + b2i;
        float t1r = z[p] - b2r;
        float t1i = z[p + 1] - b2i;
        z[p] = t0r + (b1r + b3r);
        z[p + 1] = t0i + (b1i + b3i);
        z[p + q] = t1r + (b3i - b1i);
        z[p + q + 1] = t1i + (b1r - b3r);
        z[p + 2 * q] = t0r - (b1r + b3r);
        z[p + 2 * q + 1] = t0i - (b1i + b3i);
        z[p + 3 * q] = t1r - (b3i - b1i);
        z[p + 3 * q + 1] = t1i - (b1r - b3r);
    }

    private static void join(float[] z, int p, int q, float[] tw, int w) {
        float t0r = z[p] + z[p + 2 * q];
        float t0i = z[p + 1] + z[p + 2 * q + 1];
        float t1r = z[p] - z[p + 2 * q];
        float t1i = z[p + 1] - z[p + 2 * q + 1];
        float t2r = z[p + q] + z[p + 3 * q];
        float t2i = z[p + q + 1] + z[p + 3 * q + 1];
        float t3r = z[p + q + 1] - z[p + 3 * q + 1];
        float t3i = z[p + 3 * q] - z[p + q];
        z[p] = t0r + t2r;
        z[p + 1] = t0i + t2i;
        store(z, p + q, t1r + t3r, t1i + t3i, tw, w);
        store(z, p + 2 * q, t0r - t2r, t0i - t2i, tw, w + 2);
        store(z, p + 3 * q, t1r - t3r, t1i - t3i, tw, w + 4);
    }

    /** Multiplied by the conjugate of the table's number. */
    private static void store(float[] z, int p, float re, float im, float[] tw, int w) {
        z[p] = re * tw[w] + im * tw[w + 1];
        z[p + 1] = im * tw[w] - re * tw[w + 1];
    }

    @Override
    public void times(float[] z, float[] k, float[] out, int points) {
        for (int p = FIRST; p < FIRST + 2 * points; p += 2) {
            float re = z[p] * k[p] - z[p + 1] * k[p + 1];
            out[p + 1] = z[p] * k[p + 1] + z[p + 1] * k[p];
            out[p] = re;
        }
    }

    @Override
    public void timesConjugate(float[] z, float[] k, float[] out, int points) {
        for (int p = FIRST; p < FIRST + 2 * points; p += 2) {
            float re = z[p] * k[p] + z[p + 1] * k[p + 1];
            out[p + 1] = z[p + 1] * k[p] - z[p] * k[p + 1];
            out[p] = re;
        }
    }

    @Override
    public void addTimesConjugate(float[] z, float[] k, float[] sum, int sumAt, int points) {
        for (int p = FIRST; p < FIRST + 2 * points; p += 2) {
            sum[sumAt + p] += z[p] * k[p] + z[p + 1] * k[p + 1];
            sum[sumAt + p + 1] += z[p + 1] * k[p] - z[p] * k[p + 1];
        }
    }
}
