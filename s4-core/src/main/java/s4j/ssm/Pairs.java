package s4j.ssm;

import java.util.Arrays;
import s4j.math.Complex;

/** Sums and arrays over conjugate pairs, of which one each is stored. */
final class Pairs {
    /** {@code 2 Re sum_n c_n x_n}: the sum over both of each pair. */
    static double doubledReal(Complex[] c, Complex[] x) {
        double sum = 0;
        for (int n = 0; n < x.length; n++) {
            sum += c[n].re() * x[n].re() - c[n].im() * x[n].im();
        }
        return 2 * sum;
    }

    /** The same for each row of c. */
    static double[] doubledReal(Complex[][] c, Complex[] x) {
        double[] y = new double[c.length];
        Arrays.setAll(y, i -> doubledReal(c[i], x));
        return y;
    }

    /** Both of each pair: first the n stored ones, then their conjugates. */
    static Complex[] both(Complex[] half) {
        Complex[] full = Arrays.copyOf(half, 2 * half.length);
        for (int n = 0; n < half.length; n++) {
            full[half.length + n] = half[n].conjugate();
        }
        return full;
    }

    /** Both of each pair, row by row. */
    static Complex[][] both(Complex[][] half) {
        Complex[][] full = new Complex[half.length][];
        Arrays.setAll(full, r -> both(half[r]));
        return full;
    }

    /** The stored ones of both. */
    static Complex[] half(Complex[] full) {
        return Arrays.copyOf(full, full.length / 2);
    }

    /** Entry by entry. */
    static Complex[] times(Complex[] x, Complex[] y) {
        Complex[] product = new Complex[x.length];
        Arrays.setAll(product, n -> x[n].times(y[n]));
        return product;
    }

    private Pairs() {}
}
