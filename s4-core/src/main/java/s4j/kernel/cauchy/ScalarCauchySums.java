package s4j.kernel.cauchy;

/** The inner loops of {@link CauchySums}, node by node. */
final class ScalarCauchySums implements CauchySums.Inner {
    private static final int BLOCK = CauchySums.BLOCK;
    private static final int FIRST = CauchySums.FIRST;

    @Override
    public int lanes() { return 1; }

    @Override
    public void reciprocals(double a, double b, double[] c, double[] y, int at, int nodes, double[] r, int rAt) {
        for (int k = 0; k < nodes; k++) {
            double x = a * c[at + k];
            double w = b * c[at + k];
            double s = y[at + k];
            double re = x * x + (w - s) * (w + s);
            double im = -2 * x * s;
            double size = re * re + im * im;
            r[rAt + k] = re / size;
            r[rAt + BLOCK + k] = -im / size;
        }
    }

    @Override
    public void sums(double[] r, int n, double[] g, double[] p, int from, int nodes, double[] sums) {
        for (int k = 0; k < nodes; k++) {
            double firstRe = 0;
            double firstIm = 0;
            double secondRe = 0;
            double secondIm = 0;
            for (int i = 0; i < n; i++) {
                double re = r[FIRST + 2 * i * BLOCK + k];
                double im = r[FIRST + (2 * i + 1) * BLOCK + k];
                firstRe += g[from + i] * re;
                firstIm += g[from + i] * im;
                secondRe += p[from + i] * re;
                secondIm += p[from + i] * im;
            }
            sums[k] = firstRe;
            sums[BLOCK + k] = firstIm;
            sums[2 * BLOCK + k] = secondRe;
            sums[3 * BLOCK + k] = secondIm;
        }
    }

    @Override
    public void combine(double[] sums, double[] c, double[] y, int at, int nodes, double[] re, double[] im) {
        for (int k = 0; k < nodes; k++) {
            double cos = c[at + k];
            double sin = y[at + k] / 2;
            double sr = -cos * sums[k] - y[at + k] * sums[3 * BLOCK + k];
            double si = -cos * sums[BLOCK + k] + y[at + k] * sums[2 * BLOCK + k];
            re[k] = cos * sr - sin * si;
            im[k] = cos * si + sin * sr;
        }
    }

    @Override
    public void split(double[] re, double[] im, double[] c, double[] y, int at, int nodes, double[] d, int dAt) {
        for (int k = 0; k < nodes; k++) {
            double cos = c[at + k];
            double sin = y[at + k] / 2;
            double sr = cos * re[k] + sin * im[k];
            double si = cos * im[k] - sin * re[k];
            d[dAt + k] = -cos * sr;
            d[dAt + BLOCK + k] = -cos * si;
            d[dAt + 2 * BLOCK + k] = y[at + k] * si;
            d[dAt + 3 * BLOCK + k] = -y[at + k] * sr;
        }
    }

    @Override
    public void dots(double[] r, int rAt, double[] d, int dAt, int nodes, double[] acc, int accAt) {
        for (int i = 0; i < 2; i++) {
            for (int part = 0; part < 4; part++) {
                double sum = acc[accAt + 4 * i + part];
                for (int k = 0; k < nodes; k++) {
                    sum += r[rAt + (2 * i + part % 2) * BLOCK + k] * d[dAt + part * BLOCK + k];
                }
                acc[accAt + 4 * i + part] = sum;
            }
        }
    }

    @Override
    public void reciprocalGradients(double[] d, int rows, double[] g, double[] p, int gAt, int even, int nodes,
            double[] dr) {
        for (int i = 0; i < 2; i++) {
            for (int part = 0; part < 2; part++) {
                for (int k = 0; k < nodes; k++) {
                    double sum = 0;
                    for (int j = 0; j < rows; j++) {
                        int from = FIRST + (4 * j + part) * BLOCK + k;
                        sum += g[gAt + j * even + i] * d[from] + p[gAt + j * even + i] * d[from + 2 * BLOCK];
                    }
                    dr[FIRST + (2 * i + part) * BLOCK + k] = sum;
                }
            }
        }
    }

    @Override
    public void poles(double[] r, int rAt, double[] dr, int drAt, double[] c, double[] y, int at, int nodes,
            double[] acc, int accAt) {
        for (int k = 0; k < nodes; k++) {
            double re = r[rAt + k];
            double im = r[rAt + BLOCK + k];
            double squareRe = re * re - im * im;
            double squareIm = 2 * re * im;
            double er = -(dr[drAt + k] * squareRe + dr[drAt + BLOCK + k] * squareIm);
            double ei = dr[drAt + k] * squareIm - dr[drAt + BLOCK + k] * squareRe;
            acc[accAt] += c[at + k] * c[at + k] * er;
            acc[accAt + 1] += c[at + k] * y[at + k] * ei;
        }
    }
}
