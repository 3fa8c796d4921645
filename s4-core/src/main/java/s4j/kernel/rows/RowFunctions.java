package s4j.kernel.rows;

import s4j.kernel.Backend;

/**
 * Functions of rows of activations whose length is a multiple of {@link s4j.kernel.matrix.PackedMatrix#PANEL}; what lies beyond the features
 * is 0 and stays so. {@code Scalar…} is the oracle of {@code Simd…}.
 */
public interface RowFunctions {
    /** Added to a variance. */
    float EPS = 1e-5f;
    /** The least deviation that {@link #standardize} divides by. */
    float MIN_DEVIATION = 1e-6f;

    /** The twin of a backend. */
    static RowFunctions of(Backend backend) {
        return backend.required() == Backend.SIMD ? new SimdRowFunctions() : new ScalarRowFunctions();
    }

    /** y = x Φ(x) over {@code size} values. */
    void gelu(float[] x, float[] y, int size);

    /** y [rows, m] = z₁ σ(z₂) with z [rows, 2m]. */
    void glu(float[] z, int rows, int m, float[] y);

    /** y = σ(x). */
    void sigmoid(float[] x, float[] y, int size);

    /** y += x, from {@code yAt} and {@code xAt}. */
    void add(float[] x, int xAt, float[] y, int yAt, int size);

    /** y *= x. */
    void multiply(float[] x, float[] y, int size);

    /**
     * y = (x − mean) / √(variance + {@value #EPS}) w + b over the h features of a row.
     *
     * @param stride of both rows; y is 0 from h on
     * @param scratch at least {@link s4j.kernel.matrix.PackedMatrix#PANEL} floats
     */
    void normalize(float[] x, int xAt, float[] y, int yAt, int h, int stride, float[] w, float[] b,
            float[] scratch);

    /**
     * y = scale (x − mean + shift) / σ over the h features of a row, σ² their variance (divided by h, nothing added). Below
     * {@value #MIN_DEVIATION} σ counts as that: a row of equal values gives scale · shift / {@value #MIN_DEVIATION}, a finite
     * number, and 0 without a shift.
     *
     * @param stride of both rows; y is 0 from h on
     * @param scratch at least {@link s4j.kernel.matrix.PackedMatrix#PANEL} floats
     */
    void standardize(float[] x, int xAt, float[] y, int yAt, int h, int stride, float shift, float scale,
            float[] scratch);

    /** y = w x + b with a factor and a term for each feature. */
    void scale(float[] x, int xAt, float[] y, int yAt, int stride, float[] w, float[] b);
}
