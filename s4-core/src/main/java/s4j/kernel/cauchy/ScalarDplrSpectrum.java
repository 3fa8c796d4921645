package s4j.kernel.cauchy;

/** The inner loops of {@link DplrSpectrum}, node by node. */
final class ScalarDplrSpectrum implements DplrSpectrum.Inner {
    private static final int BLOCK = DplrSpectrum.BLOCK;

    @Override
    public void lowRank(double[] qbRe, double[] qbIm, double[] qpRe, double[] qpIm, double[] c, double[] y, int at,
            double[] rm) {
        for (int k = 0; k < BLOCK; k++) {
            double cos = c[at + k];
            double gRe = 2 * cos * cos; // 1 + ω = 2 cos(πk/L) e^{−iπk/L}
            double gIm = -cos * y[at + k];
            double dRe = 1 + gRe * qpRe[k] - gIm * qpIm[k];
            double dIm = gRe * qpIm[k] + gIm * qpRe[k];
            double size = 1 / (dRe * dRe + dIm * dIm);
            double rRe = (gRe * dRe + gIm * dIm) * size;
            double rIm = (gIm * dRe - gRe * dIm) * size;
            rm[k] = rRe;
            rm[BLOCK + k] = rIm;
            rm[2 * BLOCK + k] = rRe * qbRe[k] - rIm * qbIm[k];
            rm[3 * BLOCK + k] = rRe * qbIm[k] + rIm * qbRe[k];
        }
    }

    @Override
    public void correct(double[] cbRe, double[] cbIm, double[] cpRe, double[] cpIm, double[] rm) {
        for (int k = 0; k < BLOCK; k++) {
            double mRe = rm[2 * BLOCK + k];
            double mIm = rm[3 * BLOCK + k];
            cbRe[k] = 2 * (cbRe[k] - (mRe * cpRe[k] - mIm * cpIm[k]));
            cbIm[k] = 2 * (cbIm[k] - (mRe * cpIm[k] + mIm * cpRe[k]));
        }
    }

    @Override
    public void channelGradients(double[] dRe, double[] dIm, double[] cbRe, double[] cbIm, double[] cpRe,
            double[] cpIm, double[] rm, double[] e) {
        for (int k = 0; k < BLOCK; k++) {
            double mRe = rm[2 * BLOCK + k];
            double mIm = rm[3 * BLOCK + k];
            double gRe = 2 * dRe[k];
            double gIm = 2 * dIm[k];
            e[k] += cpRe[k] * gRe + cpIm[k] * gIm;
            e[BLOCK + k] += cpRe[k] * gIm - cpIm[k] * gRe;
            cpRe[k] = -(mRe * gRe + mIm * gIm);
            cpIm[k] = mIm * gRe - mRe * gIm;
            cbRe[k] = gRe;
            cbIm[k] = gIm;
        }
    }

    @Override
    public void lowRankGradients(double[] qbRe, double[] qbIm, double[] qpRe, double[] qpIm, double[] rm, double[] e) {
        for (int k = 0; k < BLOCK; k++) {
            double rRe = rm[k];
            double rIm = rm[BLOCK + k];
            double mRe = rm[2 * BLOCK + k];
            double mIm = rm[3 * BLOCK + k];
            double xRe = rRe * e[k] + rIm * e[BLOCK + k];
            double xIm = rRe * e[BLOCK + k] - rIm * e[k];
            qbRe[k] = -xRe;
            qbIm[k] = -xIm;
            qpRe[k] = mRe * xRe + mIm * xIm;
            qpIm[k] = mRe * xIm - mIm * xRe;
        }
    }
}
