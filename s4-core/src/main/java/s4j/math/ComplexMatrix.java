package s4j.math;

import java.util.Arrays;

/**
 * A small dense complex matrix in float64, a value: operations return new ones.
 *
 * @param rows number of rows
 * @param columns number of columns
 * @param re real parts {@code [rows * columns]}, row by row; not copied, not to be changed afterwards
 * @param im imaginary parts, likewise
 */
public record ComplexMatrix(int rows, int columns, double[] re, double[] im) {
    /** Checks the shape once. */
    public ComplexMatrix {
        if (rows < 1 || columns < 1 || re.length != rows * columns || im.length != re.length) {
            throw new IllegalArgumentException(
                    "matrix shape: " + re.length + " and " + im.length + " values for [" + rows + ", "
                            + columns + "]; expected rows * columns of each, at least one");
        }
    }

    /** An entry as a function of its place. */
    @FunctionalInterface
    public interface Entry {
        Complex at(int row, int column);
    }

    /** The matrix whose entries are {@code entry.at(i, j)}. */
    public static ComplexMatrix of(int rows, int columns, Entry entry) {
        double[] re = new double[rows * columns];
        double[] im = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                Complex z = entry.at(i, j);
                re[i * columns + j] = z.re();
                im[i * columns + j] = z.im();
            }
        }
        return new ComplexMatrix(rows, columns, re, im);
    }

    /** The identity of size n. */
    public static ComplexMatrix identity(int n) {
        return of(n, n, (i, j) -> i == j ? Complex.ONE : Complex.ZERO);
    }

    /** The diagonal matrix of the given entries. */
    public static ComplexMatrix diagonal(Complex[] d) {
        return of(d.length, d.length, (i, j) -> i == j ? d[i] : Complex.ZERO);
    }

    public Complex at(int row, int column) {
        return new Complex(re[row * columns + column], im[row * columns + column]);
    }

    public ComplexMatrix plus(ComplexMatrix other) {
        requireSameShape(other, "sum");
        return of(rows, columns, (i, j) -> at(i, j).plus(other.at(i, j)));
    }

    public ComplexMatrix minus(ComplexMatrix other) {
        requireSameShape(other, "difference");
        return of(rows, columns, (i, j) -> at(i, j).minus(other.at(i, j)));
    }

    public ComplexMatrix times(double x) { return of(rows, columns, (i, j) -> at(i, j).times(x)); }

    public ComplexMatrix times(ComplexMatrix b) {
        if (columns != b.rows) {
            throw new IllegalArgumentException("matrix product: [" + rows + ", " + columns + "] times [" + b.rows + ", "
                    + b.columns + "]; expected inner sizes to be equal");
        }
        double[] outRe = new double[rows * b.columns];
        double[] outIm = new double[rows * b.columns];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < columns; k++) {
                double x = re[i * columns + k];
                double y = im[i * columns + k];
                int to = i * b.columns;
                int from = k * b.columns;
                for (int j = 0; j < b.columns; j++) {
                    outRe[to + j] += x * b.re[from + j] - y * b.im[from + j];
                    outIm[to + j] += x * b.im[from + j] + y * b.re[from + j];
                }
            }
        }
        return new ComplexMatrix(rows, b.columns, outRe, outIm);
    }

    /** Matrix times column vector. */
    public Complex[] times(Complex[] x) {
        if (columns != x.length) {
            throw new IllegalArgumentException("matrix times vector: [" + rows + ", " + columns + "] times [" + x.length
                    + "]; expected " + columns + " entries");
        }
        Complex[] y = new Complex[rows];
        for (int i = 0; i < rows; i++) {
            double sumRe = 0;
            double sumIm = 0;
            for (int j = 0; j < columns; j++) {
                int at = i * columns + j;
                sumRe += re[at] * x[j].re() - im[at] * x[j].im();
                sumIm += re[at] * x[j].im() + im[at] * x[j].re();
            }
            y[i] = new Complex(sumRe, sumIm);
        }
        return y;
    }

    public ComplexMatrix transpose() { return of(columns, rows, (i, j) -> at(j, i)); }

    public ComplexMatrix conjugateTranspose() { return of(columns, rows, (i, j) -> at(j, i).conjugate()); }

    /** Solves {@code this * x = b} by elimination with row pivoting. */
    public Complex[] solve(Complex[] b) {
        ComplexMatrix x = solve(of(b.length, 1, (i, j) -> b[i]));
        Complex[] result = new Complex[b.length];
        Arrays.setAll(result, i -> x.at(i, 0));
        return result;
    }

    /**
     * Solves {@code this * X = B} by elimination with row pivoting.
     *
     * @throws ArithmeticException when the matrix is singular
     */
    public ComplexMatrix solve(ComplexMatrix b) { return Elimination.solve(this, b); }

    /** The inverse; to apply it to vectors prefer {@link #solve(Complex[])}. */
    public ComplexMatrix inverse() {
        return solve(identity(rows));
    }

    /** Power by squaring, O(n^3 log k); {@code k >= 0}. */
    public ComplexMatrix pow(long k) {
        if (k < 0 || rows != columns) {
            throw new IllegalArgumentException("matrix power: exponent " + k + " of a [" + rows + ", " + columns
                    + "] matrix; expected 0 or more, of a square one");
        }
        ComplexMatrix result = identity(rows);
        ComplexMatrix square = this;
        for (long rest = k; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                result = result.times(square);
            }
            if (rest > 1) {
                square = square.times(square);
            }
        }
        return result;
    }

    /** Largest sum of moduli of a row. */
    public double maxRowSum() {
        double max = 0;
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (int j = 0; j < columns; j++) {
                sum += at(i, j).abs();
            }
            max = Math.max(max, sum);
        }
        return max;
    }

    /**
     * Matrix exponential by scaling and squaring of the Taylor series: {@code e^A = (e^(A / 2^s))^(2^s)} with the scaled
     * norm at most 1/2, where 18 terms reach rounding.
     */
    public ComplexMatrix exp() {
        double norm = maxRowSum();
        int squarings = norm <= 0.5 ? 0 : Math.max(0, Math.getExponent(norm) + 2);
        ComplexMatrix scaled = times(Math.scalb(1.0, -squarings));
        ComplexMatrix sum = identity(rows);
        ComplexMatrix term = sum;
        for (int k = 1; k <= 18; k++) {
            term = term.times(scaled).times(1.0 / k);
            sum = sum.plus(term);
        }
        for (int s = 0; s < squarings; s++) {
            sum = sum.times(sum);
        }
        return sum;
    }

    private void requireSameShape(ComplexMatrix other, String what) {
        if (rows != other.rows || columns != other.columns) {
            throw new IllegalArgumentException(
                    "matrix " + what + ": [" + rows + ", " + columns + "] and [" + other.rows + ", "
                            + other.columns + "]; expected equal shapes");
        }
    }
}
