package s4j.ssm;

import s4j.math.Complex;

/** Checks that the systems' constructors share. */
final class Shapes {
    /** Every row of a matrix must have n entries, and there must be as many rows as entries of D. */
    static void requireOutput(String what, Complex[][] c, double[] d, int n) {
        if (c.length < 1 || c.length != d.length) {
            throw new IllegalArgumentException(what + ": C has " + c.length + " channels, D " + d.length
                    + "; expected equal numbers of at least 1");
        }
        requireRows(what + ": C", c, n);
    }

    static void requireRows(String what, Complex[][] rows, int n) {
        for (int r = 0; r < rows.length; r++) {
            if (rows[r].length != n) {
                throw new IllegalArgumentException(
                        what + "[" + r + "] has " + rows[r].length + " entries; expected " + n);
            }
        }
    }

    static void requireLength(String what, int got, int expected) {
        if (got != expected) {
            throw new IllegalArgumentException(what + " has " + got + " entries; expected " + expected);
        }
    }

    static double requirePositive(String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(what + " is " + value + "; expected a positive finite number");
        }
        return value;
    }

    static int requireKernelLength(int length) {
        if (length < 1) {
            throw new IllegalArgumentException("kernel length " + length + "; expected at least 1");
        }
        return length;
    }

    private Shapes() {}
}
