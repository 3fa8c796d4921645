package s4j.ssm;

import s4j.math.Complex;
import s4j.math.SplitComplex;

/** The Vandermonde sum as it is written, each power by repeated multiplication: the oracle. O(h n l). */
public final class PlainVandermonde implements VandermondeKernel {
    @Override
    public double[] kernel(SplitComplex w, SplitComplex z, int h, int n, int l) {
        Shapes.requireLength("Vandermonde weights", w.length(), h * n);
        Shapes.requireLength("Vandermonde nodes", z.length(), h * n);
        Shapes.requireKernelLength(l);
        double[] k = new double[h * l];
        for (int row = 0; row < h; row++) {
            for (int i = row * n; i < (row + 1) * n; i++) {
                Complex term = w.at(i);
                Complex node = z.at(i);
                for (int t = 0; t < l; t++) {
                    k[row * l + t] += 2 * term.re();
                    term = term.times(node);
                }
            }
        }
        return k;
    }
}
