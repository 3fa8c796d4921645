package s4j.kernel.convolution;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import s4j.kernel.Lanes;

/**
 * {@link TransformLanes} on the widest vectors of the processor. A method holds one butterfly of at most about fifty vector
 * operations: beyond that the compiler stops inlining them and makes objects of vectors.
 */
final class SimdTransformLanes implements TransformLanes {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();
    private static final int FIRST = Lanes.FIRST;

    @Override
    public int lanes() { return W; }

    @Override
    public void root(float[] u, int m, int r, float[] e, int eAt, float[] z, int at, int from, int to) {
        if (r == 4) {
            root4(u, m, e, eAt, z, at, from, to);
        } else {
            root7(u, m, e, eAt, z, at, r, from, to);
        }
    }

    private static void root4(float[] u, int m, float[] e, int eAt, float[] z, int at, int from,
            int to) {
        FloatVector c1 = FloatVector.broadcast(S, e[eAt + 2]);
        FloatVector s1 = FloatVector.broadcast(S, e[eAt + 3]);
        FloatVector c2 = FloatVector.broadcast(S, e[eAt + 4]);
        FloatVector s2 = FloatVector.broadcast(S, e[eAt + 5]);
        FloatVector c3 = FloatVector.broadcast(S, e[eAt + 6]);
        FloatVector s3 = FloatVector.broadcast(S, e[eAt + 7]);
        int q = m * W;
        for (int p = FIRST + from * W; p < FIRST + to * W; p += W) {
            FloatVector x = FloatVector.fromArray(S, u, p + q);
            FloatVector re = x.fma(c1, FloatVector.fromArray(S, u, p));
            FloatVector im = x.mul(s1);
            x = FloatVector.fromArray(S, u, p + 2 * q);
            re = x.fma(c2, re);
            im = x.fma(s2, im);
            x = FloatVector.fromArray(S, u, p + 3 * q);
            re = x.fma(c3, re);
            im = x.fma(s3, im);
            re.intoArray(z, at + 2 * (p - FIRST));
            im.intoArray(z, at + 2 * (p - FIRST) + W);
        }
    }

    /** For r = 5 and 6 the missing terms have the factor 0. */
    private static void root7(float[] u, int m, float[] e, int eAt, float[] z, int at, int r,
            int from, int to) {
        FloatVector c1 = FloatVector.broadcast(S, e[eAt + 2]);
        FloatVector s1 = FloatVector.broadcast(S, e[eAt + 3]);
        FloatVector c2 = FloatVector.broadcast(S, e[eAt + 4]);
        FloatVector s2 = FloatVector.broadcast(S, e[eAt + 5]);
        FloatVector c3 = FloatVector.broadcast(S, e[eAt + 6]);
        FloatVector s3 = FloatVector.broadcast(S, e[eAt + 7]);
        FloatVector c4 = FloatVector.broadcast(S, e[eAt + 8]);
        FloatVector s4 = FloatVector.broadcast(S, e[eAt + 9]);
        FloatVector c5 = FloatVector.broadcast(S, e[eAt + 10]);
        FloatVector s5 = FloatVector.broadcast(S, e[eAt + 11]);
        FloatVector c6 = FloatVector.broadcast(S, e[eAt + 12]);
        FloatVector s6 = FloatVector.broadcast(S, e[eAt + 13]);
        int q = m * W;
        int o5 = r > 5 ? 5 * q : 0;
        int o6 = r > 6 ? 6 * q : 0;
        for (int p = FIRST + from * W; p < FIRST + to * W; p += W) {
            FloatVector x = FloatVector.fromArray(S, u, p + q);
            FloatVector re = x.fma(c1, FloatVector.fromArray(S, u, p));
            FloatVector im = x.mul(s1);
            x = FloatVector.fromArray(S, u, p + 2 * q);
            re = x.fma(c2, re);
            im = x.fma(s2, im);
            x = FloatVector.fromArray(S, u, p + 3 * q);
            re = x.fma(c3, re);
            im = x.fma(s3, im);
            x = FloatVector.fromArray(S, u, p + 4 * q);
            re = x.fma(c4, re);
            im = x.fma(s4, im);
            x = FloatVector.fromArray(S, u, p + o5);
            re = x.fma(c5, re);
            im = x.fma(s5, im);
            x = FloatVector.fromArray(S, u, p + o6);
            re = x.fma(c6, re);
            im = x.fma(s6, im);
            re.intoArray(z, at + 2 * (p - FIRST));
            im.intoArray(z, at + 2 * (p - FIRST) + W);
        }
    }

    @Override
    public void rootBack(float[] z, int m, int r, float[] e, int eAt, float[] y, int at, int from, int to) {
        if (r == 4) {
            rootBack4(z, m, e, eAt, y, at, from, to);
        } else {
            rootBack7(z, m, e, eAt, y, at, r, from, to);
        }
    }

    private static void rootBack4(float[] z, int m, float[] e, int eAt, float[] y, int at, int from,
            int to) {
        FloatVector c0 = FloatVector.broadcast(S, e[eAt]);
        FloatVector s0 = FloatVector.broadcast(S, e[eAt + 1]);
        FloatVector c1 = FloatVector.broadcast(S, e[eAt + 2]);
        FloatVector s1 = FloatVector.broadcast(S, e[eAt + 3]);
        FloatVector c2 = FloatVector.broadcast(S, e[eAt + 4]);
        FloatVector s2 = FloatVector.broadcast(S, e[eAt + 5]);
        FloatVector c3 = FloatVector.broadcast(S, e[eAt + 6]);
        FloatVector s3 = FloatVector.broadcast(S, e[eAt + 7]);
        int q = 2 * m * W;
        for (int p = FIRST + 2 * from * W; p < FIRST + 2 * to * W; p += 2 * W) {
            int o = at + (p - FIRST) / 2;
            FloatVector a = FloatVector.fromArray(S, z, p).mul(c0);
            FloatVector b = FloatVector.fromArray(S, z, p + W).mul(s0);
            a = FloatVector.fromArray(S, z, p + q).fma(c1, a);
            b = FloatVector.fromArray(S, z, p + q + W).fma(s1, b);
            a = FloatVector.fromArray(S, z, p + 2 * q).fma(c2, a);
            b = FloatVector.fromArray(S, z, p + 2 * q + W).fma(s2, b);
            a = FloatVector.fromArray(S, z, p + 3 * q).fma(c3, a);
            b = FloatVector.fromArray(S, z, p + 3 * q + W).fma(s3, b);
            a.add(b).intoArray(y, o);
        }
    }

    private static void rootBack7(float[] z, int m, float[] e, int eAt, float[] y, int at, int r,
            int from, int to) {
        FloatVector c0 = FloatVector.broadcast(S, e[eAt]);
        FloatVector s0 = FloatVector.broadcast(S, e[eAt + 1]);
        FloatVector c1 = FloatVector.broadcast(S, e[eAt + 2]);
        FloatVector s1 = FloatVector.broadcast(S, e[eAt + 3]);
        FloatVector c2 = FloatVector.broadcast(S, e[eAt + 4]);
        FloatVector s2 = FloatVector.broadcast(S, e[eAt + 5]);
        FloatVector c3 = FloatVector.broadcast(S, e[eAt + 6]);
        FloatVector s3 = FloatVector.broadcast(S, e[eAt + 7]);
        FloatVector c4 = FloatVector.broadcast(S, e[eAt + 8]);
        FloatVector s4 = FloatVector.broadcast(S, e[eAt + 9]);
        FloatVector c5 = FloatVector.broadcast(S, e[eAt + 10]);
        FloatVector s5 = FloatVector.broadcast(S, e[eAt + 11]);
        FloatVector c6 = FloatVector.broadcast(S, e[eAt + 12]);
        FloatVector s6 = FloatVector.broadcast(S, e[eAt + 13]);
        int q = 2 * m * W;
        int o5 = r > 5 ? 5 * q : 0;
        int o6 = r > 6 ? 6 * q : 0;
        for (int p = FIRST + 2 * from * W; p < FIRST + 2 * to * W; p += 2 * W) {
            int o = at + (p - FIRST) / 2;
            FloatVector a = FloatVector.fromArray(S, z, p).mul(c0);
            FloatVector b = FloatVector.fromArray(S, z, p + W).mul(s0);
            a = FloatVector.fromArray(S, z, p + q).fma(c1, a);
            b = FloatVector.fromArray(S, z, p + q + W).fma(s1, b);
            a = FloatVector.fromArray(S, z, p + 2 * q).fma(c2, a);
            b = FloatVector.fromArray(S, z, p + 2 * q + W).fma(s2, b);
            a = FloatVector.fromArray(S, z, p + 3 * q).fma(c3, a);
            b = FloatVector.fromArray(S, z, p + 3 * q + W).fma(s3, b);
            a = FloatVector.fromArray(S, z, p + 4 * q).fma(c4, a);
            b = FloatVector.fromArray(S, z, p + 4 * q + W).fma(s4, b);
            a = FloatVector.fromArray(S, z, p + o5).fma(c5, a);
            b = FloatVector.fromArray(S, z, p + o5 + W).fma(s5, b);
            a = FloatVector.fromArray(S, z, p + o6).fma(c6, a);
            b = FloatVector.fromArray(S, z, p + o6 + W).fma(s6, b);
            a.add(b).intoArray(y, o);
        }
    }

    @Override
    public void split2(float[] z, int at, int m, float[] tw, int twAt) {
        FloatVector c = FloatVector.broadcast(S, tw[twAt]);
        FloatVector s = FloatVector.broadcast(S, tw[twAt + 1]);
        FloatVector n = FloatVector.broadcast(S, -tw[twAt + 1]);
        int q = 2 * m * W;
        for (int p = at; p < at + q; p += 2 * W) {
            FloatVector x = FloatVector.fromArray(S, z, p + q);
            FloatVector y = FloatVector.fromArray(S, z, p + q + W);
            FloatVector br = y.fma(n, x.mul(c));
            FloatVector bi = x.fma(s, y.mul(c));
            x = FloatVector.fromArray(S, z, p);
            y = FloatVector.fromArray(S, z, p + W);
            x.add(br).intoArray(z, p);
            y.add(bi).intoArray(z, p + W);
            x.sub(br).intoArray(z, p + q);
            y.sub(bi).intoArray(z, p + q + W);
        }
    }

    @Override
    public void join2(float[] z, int at, int m, float[] tw, int twAt) {
        FloatVector c = FloatVector.broadcast(S, tw[twAt]);
        FloatVector s = FloatVector.broadcast(S, tw[twAt + 1]);
        FloatVector n = FloatVector.broadcast(S, -tw[twAt + 1]);
        int q = 2 * m * W;
        for (int p = at; p < at + q; p += 2 * W) {
            FloatVector xr = FloatVector.fromArray(S, z, p);
            FloatVector xi = FloatVector.fromArray(S, z, p + W);
            FloatVector yr = FloatVector.fromArray(S, z, p + q);
            FloatVector yi = FloatVector.fromArray(S, z, p + q + W);
            xr.add(yr).intoArray(z, p);
            xi.add(yi).intoArray(z, p + W);
            FloatVector br = xr.sub(yr);
            FloatVector bi = xi.sub(yi);
            bi.fma(s, br.mul(c)).intoArray(z, p + q);
            br.fma(n, bi.mul(c)).intoArray(z, p + q + W);
        }
    }

    @Override
    public void split4(float[] z, int at, int m, float[] tw, int twAt) {
        FloatVector c1 = FloatVector.broadcast(S, tw[twAt]);
        FloatVector s1 = FloatVector.broadcast(S, tw[twAt + 1]);
        FloatVector n1 = FloatVector.broadcast(S, -tw[twAt + 1]);
        FloatVector c2 = FloatVector.broadcast(S, tw[twAt + 2]);
        FloatVector s2 = FloatVector.broadcast(S, tw[twAt + 3]);
        FloatVector n2 = FloatVector.broadcast(S, -tw[twAt + 3]);
        FloatVector c3 = FloatVector.broadcast(S, tw[twAt + 4]);
        FloatVector s3 = FloatVector.broadcast(S, tw[twAt + 5]);
        FloatVector n3 = FloatVector.broadcast(S, -tw[twAt + 5]);
        int q = 2 * m * W;
        for (int p = at; p < at + q; p += 2 * W) {
            FloatVector x = FloatVector.fromArray(S, z, p + q);
            FloatVector y = FloatVector.fromArray(S, z, p + q + W);
            FloatVector b1r = y.fma(n1, x.mul(c1));
            FloatVector b1i = x.fma(s1, y.mul(c1));
            x = FloatVector.fromArray(S, z, p + 3 * q);
            y = FloatVector.fromArray(S, z, p + 3 * q + W);
            FloatVector b3r = y.fma(n3, x.mul(c3));
            FloatVector b3i = x.fma(s3, y.mul(c3));
            FloatVector t2r = b1r.add(b3r);
            FloatVector t2i = b1i.add(b3i);
            FloatVector t3r = b3i.sub(b1i);
            FloatVector t3i = b1r.sub(b3r);
            x = FloatVector.fromArray(S, z, p + 2 * q);
            y = FloatVector.fromArray(S, z, p + 2 * q + W);
            FloatVector b2r = y.fma(n2, x.mul(c2));
            FloatVector b2i = x.fma(s2, y.mul(c2));
            x = FloatVector.fromArray(S, z, p);
            y = FloatVector.fromArray(S, z, p + W);
            FloatVector t0r = x.add(b2r);
            FloatVector t0i = y.add(b2i);
            FloatVector t1r = x.sub(b2r);
            FloatVector t1i = y.sub(b2i);
            t0r.add(t2r).intoArray(z, p);
            t0i.add(t2i).intoArray(z, p + W);
            t1r.add(t3r).intoArray(z, p + q);
            t1i.add(t3i).intoArray(z, p + q + W);
            t0r.sub(t2r).intoArray(z, p + 2 * q);
            t0i.sub(t2i).intoArray(z, p + 2 * q + W);
            t1r.sub(t3r).intoArray(z, p + 3 * q);
            t1i.sub(t3i).intoArray(z, p + 3 * q + W);
        }
    }

    @Override
    public void join4(float[] z, int at, int m, float[] tw, int twAt) {
        FloatVector c1 = FloatVector.broadcast(S, tw[twAt]);
        FloatVector s1 = FloatVector.broadcast(S, tw[twAt + 1]);
        FloatVector n1 = FloatVector.broadcast(S, -tw[twAt + 1]);
        FloatVector c2 = FloatVector.broadcast(S, tw[twAt + 2]);
        FloatVector s2 = FloatVector.broadcast(S, tw[twAt + 3]);
        FloatVector n2 = FloatVector.broadcast(S, -tw[twAt + 3]);
        FloatVector c3 = FloatVector.broadcast(S, tw[twAt + 4]);
        FloatVector s3 = FloatVector.broadcast(S, tw[twAt + 5]);
        FloatVector n3 = FloatVector.broadcast(S, -tw[twAt + 5]);
        int q = 2 * m * W;
        for (int p = at; p < at + q; p += 2 * W) {
            FloatVector x = FloatVector.fromArray(S, z, p + q);
            FloatVector y = FloatVector.fromArray(S, z, p + 3 * q);
            FloatVector t2r = x.add(y);
            FloatVector t3i = y.sub(x);
            x = FloatVector.fromArray(S, z, p + q + W);
            y = FloatVector.fromArray(S, z, p + 3 * q + W);
            FloatVector t2i = x.add(y);
            FloatVector t3r = x.sub(y);
            x = FloatVector.fromArray(S, z, p);
            y = FloatVector.fromArray(S, z, p + 2 * q);
            FloatVector t0r = x.add(y);
            FloatVector t1r = x.sub(y);
            x = FloatVector.fromArray(S, z, p + W);
            y = FloatVector.fromArray(S, z, p + 2 * q + W);
            FloatVector t0i = x.add(y);
            FloatVector t1i = x.sub(y);
            t0r.add(t2r).intoArray(z, p);
            t0i.add(t2i).intoArray(z, p + W);
            FloatVector br = t1r.add(t3r);
            FloatVector bi = t1i.add(t3i);
            bi.fma(s1, br.mul(c1)).intoArray(z, p + q);
            br.fma(n1, bi.mul(c1)).intoArray(z, p + q + W);
            br = t0r.sub(t2r);
            bi = t0i.sub(t2i);
            bi.fma(s2, br.mul(c2)).intoArray(z, p + 2 * q);
            br.fma(n2, bi.mul(c2)).intoArray(z, p + 2 * q + W);
            br = t1r.sub(t3r);
            bi = t1i.sub(t3i);
            bi.fma(s3, br.mul(c3)).intoArray(z, p + 3 * q);
            br.fma(n3, bi.mul(c3)).intoArray(z, p + 3 * q + W);
        }
    }

    @Override
    public void split4(float[] z, int at, int blocks, int m, float[] tw, int twAt) {
        int q = 2 * m * W;
        for (int i = 0; i < blocks; i++) {
            int p = at + 4 * i * q;
            int w = twAt + 6 * i;
            FloatVector c = FloatVector.broadcast(S, tw[w]);
            FloatVector s = FloatVector.broadcast(S, tw[w + 1]);
            FloatVector x = FloatVector.fromArray(S, z, p + q);
            FloatVector y = FloatVector.fromArray(S, z, p + q + W);
            FloatVector b1r = x.mul(c).sub(y.mul(s));
            FloatVector b1i = x.fma(s, y.mul(c));
            c = FloatVector.broadcast(S, tw[w + 4]);
            s = FloatVector.broadcast(S, tw[w + 5]);
            x = FloatVector.fromArray(S, z, p + 3 * q);
            y = FloatVector.fromArray(S, z, p + 3 * q + W);
            FloatVector b3r = x.mul(c).sub(y.mul(s));
            FloatVector b3i = x.fma(s, y.mul(c));
            FloatVector t2r = b1r.add(b3r);
            FloatVector t2i = b1i.add(b3i);
            FloatVector t3r = b3i.sub(b1i);
            FloatVector t3i = b1r.sub(b3r);
            c = FloatVector.broadcast(S, tw[w + 2]);
            s = FloatVector.broadcast(S, tw[w + 3]);
            x = FloatVector.fromArray(S, z, p + 2 * q);
            y = FloatVector.fromArray(S, z, p + 2 * q + W);
            FloatVector b2r = x.mul(c).sub(y.mul(s));
            FloatVector b2i = x.fma(s, y.mul(c));
            x = FloatVector.fromArray(S, z, p);
            y = FloatVector.fromArray(S, z, p + W);
            FloatVector t0r = x.add(b2r);
            FloatVector t0i = y.add(b2i);
            FloatVector t1r = x.sub(b2r);
            FloatVector t1i = y.sub(b2i);
            t0r.add(t2r).intoArray(z, p);
            t0i.add(t2i).intoArray(z, p + W);
            t1r.add(t3r).intoArray(z, p + q);
            t1i.add(t3i).intoArray(z, p + q + W);
            t0r.sub(t2r).intoArray(z, p + 2 * q);
            t0i.sub(t2i).intoArray(z, p + 2 * q + W);
            t1r.sub(t3r).intoArray(z, p + 3 * q);
            t1i.sub(t3i).intoArray(z, p + 3 * q + W);
        }
    }

    @Override
    public void join4(float[] z, int at, int blocks, int m, float[] tw, int twAt) {
        int q = 2 * m * W;
        for (int i = 0; i < blocks; i++) {
            int p = at + 4 * i * q;
            int w = twAt + 6 * i;
            FloatVector x = FloatVector.fromArray(S, z, p + q);
            FloatVector y = FloatVector.fromArray(S, z, p + 3 * q);
            FloatVector t2r = x.add(y);
            FloatVector t3i = y.sub(x);
            x = FloatVector.fromArray(S, z, p + q + W);
            y = FloatVector.fromArray(S, z, p + 3 * q + W);
            FloatVector t2i = x.add(y);
            FloatVector t3r = x.sub(y);
            x = FloatVector.fromArray(S, z, p);
            y = FloatVector.fromArray(S, z, p + 2 * q);
            FloatVector t0r = x.add(y);
            FloatVector t1r = x.sub(y);
            x = FloatVector.fromArray(S, z, p + W);
            y = FloatVector.fromArray(S, z, p + 2 * q + W);
            FloatVector t0i = x.add(y);
            FloatVector t1i = x.sub(y);
            t0r.add(t2r).intoArray(z, p);
            t0i.add(t2i).intoArray(z, p + W);
            FloatVector br = t1r.add(t3r);
            FloatVector bi = t1i.add(t3i);
            FloatVector c = FloatVector.broadcast(S, tw[w]);
            FloatVector s = FloatVector.broadcast(S, tw[w + 1]);
            br.mul(c).add(bi.mul(s)).intoArray(z, p + q);
            bi.mul(c).sub(br.mul(s)).intoArray(z, p + q + W);
            br = t0r.sub(t2r);
            bi = t0i.sub(t2i);
            c = FloatVector.broadcast(S, tw[w + 2]);
            s = FloatVector.broadcast(S, tw[w + 3]);
            br.mul(c).add(bi.mul(s)).intoArray(z, p + 2 * q);
            bi.mul(c).sub(br.mul(s)).intoArray(z, p + 2 * q + W);
            br = t1r.sub(t3r);
            bi = t1i.sub(t3i);
            c = FloatVector.broadcast(S, tw[w + 4]);
            s = FloatVector.broadcast(S, tw[w + 5]);
            br.mul(c).add(bi.mul(s)).intoArray(z, p + 3 * q);
            bi.mul(c).sub(br.mul(s)).intoArray(z, p + 3 * q + W);
        }
    }

    @Override
    public void times(float[] z, float[] k, float[] out, int points) {
        for (int p = FIRST; p < FIRST + 2 * points * W; p += 2 * W) {
            FloatVector zr = FloatVector.fromArray(S, z, p);
            FloatVector zi = FloatVector.fromArray(S, z, p + W);
            FloatVector kr = FloatVector.fromArray(S, k, p);
            FloatVector ki = FloatVector.fromArray(S, k, p + W);
            zr.mul(kr).sub(zi.mul(ki)).intoArray(out, p);
            zr.fma(ki, zi.mul(kr)).intoArray(out, p + W);
        }
    }

    @Override
    public void timesConjugate(float[] z, float[] k, float[] out, int points) {
        for (int p = FIRST; p < FIRST + 2 * points * W; p += 2 * W) {
            FloatVector zr = FloatVector.fromArray(S, z, p);
            FloatVector zi = FloatVector.fromArray(S, z, p + W);
            FloatVector kr = FloatVector.fromArray(S, k, p);
            FloatVector ki = FloatVector.fromArray(S, k, p + W);
            zr.fma(kr, zi.mul(ki)).intoArray(out, p);
            zi.mul(kr).sub(zr.mul(ki)).intoArray(out, p + W);
        }
    }

    @Override
    public void addTimesConjugate(float[] z, float[] k, float[] sum, int sumAt, int points) {
        for (int p = FIRST; p < FIRST + 2 * points * W; p += 2 * W) {
            FloatVector zr = FloatVector.fromArray(S, z, p);
            FloatVector zi = FloatVector.fromArray(S, z, p + W);
            FloatVector kr = FloatVector.fromArray(S, k, p);
            FloatVector ki = FloatVector.fromArray(S, k, p + W);
            zr.fma(kr, zi.fma(ki, FloatVector.fromArray(S, sum, sumAt + p))).intoArray(sum, sumAt + p);
            zi.fma(kr, FloatVector.fromArray(S, sum, sumAt + p + W)).sub(zr.mul(ki)).intoArray(sum, sumAt + p + W);
        }
    }
}
