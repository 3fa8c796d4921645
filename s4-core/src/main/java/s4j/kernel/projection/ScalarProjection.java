package s4j.kernel.projection;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import s4j.kernel.Lanes;
import s4j.kernel.ScalarMath;

/** The inner loops of {@link GatedProjection} as plain Java. */
final class ScalarProjection implements GatedProjection.Inner {
    private static final int FIRST = Lanes.FIRST;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    @Override
    public int panel() { return 1; }

    @Override
    public void multiply(float[] a, int rows, int k, float[] b, int n, float[] bias, float[] c) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                float sum = bias[j];
                for (int i = 0; i < k; i++) {
                    sum = Math.fma(a[r * k + i], b[FIRST + j * k + i], sum);
                }
                c[r * n + j] = sum;
            }
        }
    }

    @Override
    public void panels(float[] a, int rows, int n, float[] out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                out[FIRST + j * rows + r] = a[r * n + j];
            }
        }
    }

    @Override
    public void addTransposed(float[] a, int rows, int k, float[] b, int n, float[] c) {
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < n; j++) {
                float sum = c[i * n + j];
                for (int r = 0; r < rows; r++) {
                    sum = Math.fma(a[FIRST + i * rows + r], b[FIRST + j * rows + r], sum);
                }
                c[i * n + j] = sum;
            }
        }
    }

    @Override
    public void addRows(float[] a, int rows, int n, float[] sum) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                sum[j] += a[r * n + j];
            }
        }
    }

    @Override
    public void gelu(MemorySegment y, float[] g, int size) {
        for (int i = 0; i < size; i++) {
            float x = y.get(FLOAT, 4L * i);
            g[i] = (float) (x * ScalarMath.normal(x));
        }
    }

    @Override
    public void gelu(MemorySegment y, float[] g, float[] phi, int size) {
        for (int i = 0; i < size; i++) {
            float x = y.get(FLOAT, 4L * i);
            double normal = ScalarMath.normal(x);
            phi[i] = (float) normal;
            g[i] = (float) (x * normal);
        }
    }

    @Override
    public void geluBackward(MemorySegment y, float[] phi, float[] dg, MemorySegment dy, int size) {
        for (int i = 0; i < size; i++) {
            double x = y.get(FLOAT, 4L * i);
            dy.set(FLOAT, 4L * i, (float) (dg[i] * (phi[i] + x * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI))));
        }
    }

    @Override
    public void glu(float[] z, int rows, int m, MemorySegment out) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m; j++) {
                int at = 2 * r * m + j;
                out.set(FLOAT, 4L * (r * m + j), (float) (z[at] * ScalarMath.sigmoid(z[at + m])));
            }
        }
    }

    @Override
    public void glu(float[] z, int rows, int m, MemorySegment out, MemorySegment kept) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m; j++) {
                int at = 2 * r * m + j;
                double s = ScalarMath.sigmoid(z[at + m]);
                kept.set(FLOAT, 4L * (r * m + j), (float) s);
                out.set(FLOAT, 4L * (r * m + j), (float) (z[at] * s));
            }
        }
    }

    @Override
    public void gluBackward(MemorySegment kept, MemorySegment out, MemorySegment dout, int rows, int m, float[] dz) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < m; j++) {
                int at = 2 * r * m + j;
                long from = 4L * (r * m + j);
                double s = kept.get(FLOAT, from);
                double d = dout.get(FLOAT, from);
                dz[at] = (float) (d * s);
                dz[at + m] = (float) (d * out.get(FLOAT, from) * (1 - s));
            }
        }
    }
}
