package s4j.math;

/**
 * A complex number in float64: initialisers and the plain kernels are written with it, so that they read like the paper.
 *
 * @param re real part
 * @param im imaginary part
 */
public record Complex(double re, double im) {
    public static final Complex ZERO = new Complex(0, 0);
    public static final Complex ONE = new Complex(1, 0);
    public static final Complex I = new Complex(0, 1);

    /** The real number {@code re} as a complex one. */
    public static Complex of(double re) {
        return new Complex(re, 0);
    }

    /** {@code re + i im}. */
    public static Complex of(double re, double im) { return new Complex(re, im); }

    /** {@code r (cos phi + i sin phi)}. */
    public static Complex polar(double r, double phi) {
        return new Complex(r * Math.cos(phi), r * Math.sin(phi));
    }

    public Complex plus(Complex z) { return new Complex(re + z.re, im + z.im); }

    public Complex plus(double x) { return new Complex(re + x, im); }

    public Complex minus(Complex z) { return new Complex(re - z.re, im - z.im); }

    public Complex times(Complex z) { return new Complex(re * z.re - im * z.im, re * z.im + im * z.re); }

    public Complex times(double x) { return new Complex(re * x, im * x); }

    /** Quotient by Smith's method: no overflow where the result itself is in range. */
    public Complex dividedBy(Complex z) {
        return new Complex(quotientRe(re, im, z.re, z.im), quotientIm(re, im, z.re, z.im));
    }

    /** Real part of {@code (a + ib) / (re + i im)} by Smith's method, for those who may make no objects. */
    public static double quotientRe(double a, double b, double re, double im) {
        if (Math.abs(re) >= Math.abs(im)) {
            double q = im / re;
            return (a + b * q) / (re + im * q);
        }
        double q = re / im;
        return (a * q + b) / (re * q + im);
    }

    /** Imaginary part of {@code (a + ib) / (re + i im)}. */
    public static double quotientIm(double a, double b, double re, double im) {
        if (Math.abs(re) >= Math.abs(im)) {
            double q = im / re;
            return (b - a * q) / (re + im * q);
        }
        double q = re / im;
        return (b * q - a) / (re * q + im);
    }

    /** {@code 1 / this}. */
    public Complex reciprocal() { return ONE.dividedBy(this); }

    public Complex conjugate() { return new Complex(re, -im); }

    public Complex negate() { return new Complex(-re, -im); }

    /** Modulus, without overflow. */
    public double abs() { return Math.hypot(re, im); }

    /** {@code |this|^2}. */
    public double squaredAbs() { return re * re + im * im; }

    public Complex exp() { return polar(Math.exp(re), im); }

    /**
     * {@code e^z - 1} without cancellation near 0, where slow modes times small steps live:
     * {@code expm1(x) cos y - 2 sin^2(y/2) + i e^x sin y}.
     */
    public Complex expm1() {
        double half = Math.sin(im / 2);
        return new Complex(Math.expm1(re) * Math.cos(im) - 2 * half * half, Math.exp(re) * Math.sin(im));
    }

    /** Principal logarithm. */
    public Complex log() { return new Complex(Math.log(abs()), Math.atan2(im, re)); }

    /** Power by squaring; {@code k >= 0}. */
    public Complex pow(long k) {
        if (k < 0) {
            throw new IllegalArgumentException("complex power: exponent " + k + "; expected 0 or more");
        }
        Complex result = ONE;
        Complex square = this;
        for (long rest = k; rest > 0; rest >>= 1) {
            if ((rest & 1) == 1) {
                result = result.times(square);
            }
            square = square.times(square);
        }
        return result;
    }
}
