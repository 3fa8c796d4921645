package s4j.kernel.cauchy;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** The inner loops of {@link DplrSpectrum} with nodes on vector lanes. */
final class SimdDplrSpectrum implements DplrSpectrum.Inner {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    private static final int BLOCK = DplrSpectrum.BLOCK;

    @Override
    public void lowRank(double[] qbRe, double[] qbIm, double[] qpRe, double[] qpIm, double[] c, double[] y, int at,
            double[] rm) {
        for (int k = 0; k < BLOCK; k += W) {
            DoubleVector cos = DoubleVector.fromArray(S, c, at + k);
            DoubleVector gRe = cos.mul(cos).mul(2);
            DoubleVector gIm = cos.mul(DoubleVector.fromArray(S, y, at + k)); // of the conjugate
            DoubleVector pRe = DoubleVector.fromArray(S, qpRe, k);
            DoubleVector pIm = DoubleVector.fromArray(S, qpIm, k);
            DoubleVector dRe = gRe.fma(pRe, gIm.mul(pIm)).add(1);
            DoubleVector dIm = gRe.mul(pIm).sub(gIm.mul(pRe));
            DoubleVector size = DoubleVector.broadcast(S, 1).div(dRe.fma(dRe, dIm.mul(dIm)));
            DoubleVector rRe = gRe.mul(dRe).sub(gIm.mul(dIm)).mul(size);
            DoubleVector rIm = gIm.fma(dRe, gRe.mul(dIm)).mul(size).neg();
            DoubleVector bRe = DoubleVector.fromArray(S, qbRe, k);
            DoubleVector bIm = DoubleVector.fromArray(S, qbIm, k);
            rRe.intoArray(rm, k);
            rIm.intoArray(rm, BLOCK + k);
            rRe.mul(bRe).sub(rIm.mul(bIm)).intoArray(rm, 2 * BLOCK + k);
            rRe.fma(bIm, rIm.mul(bRe)).intoArray(rm, 3 * BLOCK + k);
        }
    }

    @Override
    public void correct(double[] cbRe, double[] cbIm, double[] cpRe, double[] cpIm, double[] rm) {
        for (int k = 0; k < BLOCK; k += W) {
            DoubleVector mRe = DoubleVector.fromArray(S, rm, 2 * BLOCK + k);
            DoubleVector mIm = DoubleVector.fromArray(S, rm, 3 * BLOCK + k);
            DoubleVector pRe = DoubleVector.fromArray(S, cpRe, k);
            DoubleVector pIm = DoubleVector.fromArray(S, cpIm, k);
            DoubleVector.fromArray(S, cbRe, k).sub(mRe.mul(pRe).sub(mIm.mul(pIm))).mul(2).intoArray(cbRe, k);
            DoubleVector.fromArray(S, cbIm, k).sub(mRe.fma(pIm, mIm.mul(pRe))).mul(2).intoArray(cbIm, k);
        }
    }

    @Override
    public void channelGradients(double[] dRe, double[] dIm, double[] cbRe, double[] cbIm, double[] cpRe,
            double[] cpIm, double[] rm, double[] e) {
        for (int k = 0; k < BLOCK; k += W) {
            DoubleVector mRe = DoubleVector.fromArray(S, rm, 2 * BLOCK + k);
            DoubleVector mIm = DoubleVector.fromArray(S, rm, 3 * BLOCK + k);
            DoubleVector gRe = DoubleVector.fromArray(S, dRe, k).mul(2);
            DoubleVector gIm = DoubleVector.fromArray(S, dIm, k).mul(2);
            DoubleVector pRe = DoubleVector.fromArray(S, cpRe, k);
            DoubleVector pIm = DoubleVector.fromArray(S, cpIm, k);
            pRe.fma(gRe, pIm.fma(gIm, DoubleVector.fromArray(S, e, k))).intoArray(e, k);
            pRe.mul(gIm).sub(pIm.mul(gRe)).add(DoubleVector.fromArray(S, e, BLOCK + k)).intoArray(e, BLOCK + k);
            mRe.fma(gRe, mIm.mul(gIm)).neg().intoArray(cpRe, k);
            mIm.mul(gRe).sub(mRe.mul(gIm)).intoArray(cpIm, k);
            gRe.intoArray(cbRe, k);
            gIm.intoArray(cbIm, k);
        }
    }

    @Override
    public void lowRankGradients(double[] qbRe, double[] qbIm, double[] qpRe, double[] qpIm, double[] rm, double[] e) {
        for (int k = 0; k < BLOCK; k += W) {
            DoubleVector rRe = DoubleVector.fromArray(S, rm, k);
            DoubleVector rIm = DoubleVector.fromArray(S, rm, BLOCK + k);
            DoubleVector mRe = DoubleVector.fromArray(S, rm, 2 * BLOCK + k);
            DoubleVector mIm = DoubleVector.fromArray(S, rm, 3 * BLOCK + k);
            DoubleVector eRe = DoubleVector.fromArray(S, e, k);
            DoubleVector eIm = DoubleVector.fromArray(S, e, BLOCK + k);
            DoubleVector xRe = rRe.fma(eRe, rIm.mul(eIm));
            DoubleVector xIm = rRe.mul(eIm).sub(rIm.mul(eRe));
            xRe.neg().intoArray(qbRe, k);
            xIm.neg().intoArray(qbIm, k);
            mRe.fma(xRe, mIm.mul(xIm)).intoArray(qpRe, k);
            mRe.mul(xIm).sub(mIm.mul(xRe)).intoArray(qpIm, k);
        }
    }
}
