package s4j.kernel.rows;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import s4j.kernel.VectorMath;

/** {@link RowFunctions} on the widest vectors of the processor. */
final class SimdRowFunctions implements RowFunctions {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int W = S.length();

    @Override
    public void gelu(float[] x, float[] y, int size) {
        for (int p = 0; p < size; p += W) {
            VectorMath.gelu(FloatVector.fromArray(S, x, p)).intoArray(y, p);
        }
    }

    @Override
    public void glu(float[] z, int rows, int m, float[] y) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m; j += W) {
                int at = 2 * r * m + j;
                FloatVector s = VectorMath.sigmoid(FloatVector.fromArray(S, z, at + m));
                FloatVector.fromArray(S, z, at).mul(s).intoArray(y, r * m + j);
            }
        }
    }

    @Override
    public void sigmoid(float[] x, float[] y, int size) {
        for (int p = 0; p < size; p += W) {
            VectorMath.sigmoid(FloatVector.fromArray(S, x, p)).intoArray(y, p);
        }
    }

    @Override
    public void add(float[] x, int xAt, float[] y, int yAt, int size) {
        for (int p = 0; p < size; p += W) {
            FloatVector.fromArray(S, y, yAt + p).add(FloatVector.fromArray(S, x, xAt + p)).intoArray(y, yAt + p);
        }
    }

    @Override
    public void multiply(float[] x, float[] y, int size) {
        for (int p = 0; p < size; p += W) {
            FloatVector.fromArray(S, y, p).mul(FloatVector.fromArray(S, x, p)).intoArray(y, p);
        }
    }

    /** What lies beyond h is 0, so sums run over whole vectors; differences from the mean there are put back to 0. */
    @Override
    public void normalize(float[] x, int xAt, float[] y, int yAt, int h, int stride, float[] w, float[] b,
            float[] scratch) {
        float variance = centered(x, xAt, y, yAt, h, stride, scratch);
        float factor = (float) (1 / Math.sqrt(variance + EPS));
        FloatVector f = FloatVector.broadcast(S, factor);
        for (int p = 0; p < stride; p += W) {
            FloatVector.fromArray(S, y, yAt + p).mul(f)
                    .fma(FloatVector.fromArray(S, w, p), FloatVector.fromArray(S, b, p)).intoArray(y, yAt + p);
        }
    }

    @Override
    public void standardize(float[] x, int xAt, float[] y, int yAt, int h, int stride, float shift, float scale,
            float[] scratch) {
        float variance = centered(x, xAt, y, yAt, h, stride, scratch);
        float factor = (float) (scale / Math.max(Math.sqrt(variance), MIN_DEVIATION));
        FloatVector f = FloatVector.broadcast(S, factor);
        for (int p = 0; p < stride; p += W) {
            FloatVector.fromArray(S, y, yAt + p).add(shift).mul(f).intoArray(y, yAt + p);
        }
        Arrays.fill(y, yAt + h, yAt + stride, 0);
    }

    /** y = x − mean, 0 from h on; returns the variance. */
    private static float centered(float[] x, int xAt, float[] y, int yAt, int h, int stride, float[] scratch) {
        center(x, xAt, y, yAt, stride, sum(x, xAt, stride, scratch) / h);
        if (h < stride) {
            Arrays.fill(y, yAt + h, yAt + stride, 0);
        }
        return squares(y, yAt, stride, scratch) / h;
    }

    private static float sum(float[] x, int at, int size, float[] scratch) {
        FloatVector s = FloatVector.zero(S);
        for (int p = 0; p < size; p += W) {
            s = s.add(FloatVector.fromArray(S, x, at + p));
        }
        s.intoArray(scratch, 0);
        return sumOfLanes(scratch);
    }

    /** In order: reduceLanes promises none, and interpreter and compiler differ. */
    private static float sumOfLanes(float[] lanes) {
        float sum = 0;
        for (int i = 0; i < W; i++) {
            sum += lanes[i];
        }
        return sum;
    }

    private static void center(float[] x, int xAt, float[] y, int yAt, int size, float mean) {
        FloatVector m = FloatVector.broadcast(S, mean);
        for (int p = 0; p < size; p += W) {
            FloatVector.fromArray(S, x, xAt + p).sub(m).intoArray(y, yAt + p);
        }
    }

    private static float squares(float[] x, int at, int size, float[] scratch) {
        FloatVector s = FloatVector.zero(S);
        for (int p = 0; p < size; p += W) {
            FloatVector v = FloatVector.fromArray(S, x, at + p);
            s = v.fma(v, s);
        }
        s.intoArray(scratch, 0);
        return sumOfLanes(scratch);
    }

    @Override
    public void scale(float[] x, int xAt, float[] y, int yAt, int stride, float[] w, float[] b) {
        for (int p = 0; p < stride; p += W) {
            FloatVector.fromArray(S, x, xAt + p)
                    .fma(FloatVector.fromArray(S, w, p), FloatVector.fromArray(S, b, p)).intoArray(y, yAt + p);
        }
    }
}
