package s4j.ssm;

/** The border between float64 mathematics and float32 tensors. */
public final class Float32 {
    /** Each value rounded to nearest. */
    public static float[] rounded(double[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (float) x[i];
        }
        return y;
    }

    /** Each value widened, exactly. */
    public static double[] widened(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i];
        }
        return y;
    }

    private Float32() {}
}
