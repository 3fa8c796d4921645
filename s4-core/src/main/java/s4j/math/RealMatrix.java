package s4j.math;

/**
 * A small dense real matrix in float64, a value: operations return new ones.
 *
 * @param rows number of rows
 * @param columns number of columns
 * @param values {@code [rows * columns]}, row by row; not copied, not to be changed afterwards
 */
public record RealMatrix(int rows, int columns, double[] values) {
    /** Checks the shape once. */
    public RealMatrix {
        if (rows < 1 || columns < 1 || values.length != rows * columns) {
            throw new IllegalArgumentException(
                    "matrix shape: " + values.length + " values for [" + rows + ", " + columns
                            + "]; expected rows * columns of them, at least one");
        }
    }

    /** An entry as a function of its place. */
    @FunctionalInterface
    public interface Entry {
        double at(int row, int column);
    }

    /** The matrix whose entries are {@code entry.at(i, j)}. */
    public static RealMatrix of(int rows, int columns, Entry entry) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[i * columns + j] = entry.at(i, j);
            }
        }
        return new RealMatrix(rows, columns, values);
    }

    /** The identity of size n. */
    public static RealMatrix identity(int n) {
        return of(n, n, (i, j) -> i == j ? 1 : 0);
    }

    public double at(int row, int column) { return values[row * columns + column]; }

    public RealMatrix plus(RealMatrix other) {
        requireSameShape(other, "sum");
        return of(rows, columns, (i, j) -> at(i, j) + other.at(i, j));
    }

    public RealMatrix times(double x) { return of(rows, columns, (i, j) -> x * at(i, j)); }

    public RealMatrix times(RealMatrix other) {
        if (columns != other.rows) {
            throw new IllegalArgumentException(
                    "matrix product: [" + rows + ", " + columns + "] times [" + other.rows + ", "
                            + other.columns + "]; expected inner sizes to be equal");
        }
        double[] out = new double[rows * other.columns];
        for (int i = 0; i < rows; i++) {
            for (int k = 0; k < columns; k++) {
                double a = at(i, k);
                for (int j = 0; j < other.columns; j++) {
                    out[i * other.columns + j] += a * other.values[k * other.columns + j];
                }
            }
        }
        return new RealMatrix(rows, other.columns, out);
    }

    /** Matrix times column vector. */
    public double[] times(double[] x) {
        return times(new RealMatrix(x.length, 1, x)).values;
    }

    public RealMatrix transpose() { return of(columns, rows, (i, j) -> at(j, i)); }

    /** The same matrix with imaginary parts 0. */
    public ComplexMatrix toComplex() {
        return new ComplexMatrix(rows, columns, values.clone(), new double[values.length]);
    }

    /** Solves {@code this * x = b} by elimination with row pivoting. */
    public double[] solve(double[] b) {
        return solve(new RealMatrix(b.length, 1, b)).values;
    }

    /**
     * Solves {@code this * X = B} by elimination with row pivoting.
     *
     * @throws ArithmeticException when the matrix is singular
     */
    public RealMatrix solve(RealMatrix b) {
        if (rows != columns || b.rows != rows) {
            throw new IllegalArgumentException(
                    "linear solve: matrix [" + rows + ", " + columns + "], right side [" + b.rows
                            + ", " + b.columns + "]; expected a square matrix and as many rows");
        }
        // complex elimination on real data costs four times the work, and keeps one elimination in the code
        ComplexMatrix x = toComplex().solve(b.toComplex());
        return new RealMatrix(b.rows, b.columns, x.re());
    }

    /** The inverse, for tests and small corrections; to apply it to vectors prefer {@link #solve(double[])}. */
    public RealMatrix inverse() {
        return solve(identity(rows));
    }

    /** Power by squaring; {@code k >= 0}. */
    public RealMatrix pow(long k) {
        return new RealMatrix(rows, columns, toComplex().pow(k).re());
    }

    private void requireSameShape(RealMatrix other, String what) {
        if (rows != other.rows || columns != other.columns) {
            throw new IllegalArgumentException(
                    "matrix " + what + ": [" + rows + ", " + columns + "] and [" + other.rows + ", "
                            + other.columns + "]; expected equal shapes");
        }
    }
}
