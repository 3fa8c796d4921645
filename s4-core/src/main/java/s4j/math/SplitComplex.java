package s4j.math;

/**
 * Complex numbers as two arrays, the layout that kernels work on.
 *
 * @param re real parts; not copied
 * @param im imaginary parts, as many
 */
public record SplitComplex(double[] re, double[] im) {
    /** Checks the sizes. */
    public SplitComplex {
        if (re.length != im.length) {
            throw new IllegalArgumentException("complex array: " + re.length + " real, " + im.length
                    + " imaginary parts; expected equal numbers");
        }
    }

    /** The parts of an array of numbers. */
    public static SplitComplex of(Complex[] z) {
        SplitComplex split = new SplitComplex(new double[z.length], new double[z.length]);
        for (int i = 0; i < z.length; i++) {
            split.re[i] = z[i].re();
            split.im[i] = z[i].im();
        }
        return split;
    }

    /** Widened from float32 pairs. */
    public static SplitComplex of(float[] re, float[] im) {
        SplitComplex split = new SplitComplex(new double[re.length], new double[im.length]);
        for (int i = 0; i < re.length; i++) {
            split.re[i] = re[i];
            split.im[i] = im[i];
        }
        return split;
    }

    /** Number of entries. */
    public int length() { return re.length; }

    public Complex at(int i) { return new Complex(re[i], im[i]); }
}
