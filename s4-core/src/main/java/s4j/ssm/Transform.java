package s4j.ssm;

/**
 * Maps a stored, unbounded parameter to a positive one: dt, or minus the real or imaginary part of A.
 *
 * <p>Source: official {@code param_transform} and {@code inv_transform}.
 */
public enum Transform {
    /** x. */
    NONE,
    /** e^x. */
    EXP,
    /** max(x, 0) + 1e-4, so that it never reaches 0. */
    RELU,
    /** 1 / (1 + e^-x), in (0, 1). */
    SIGMOID,
    /** log(1 + e^x). */
    SOFTPLUS;

    /** The smallest value that {@link #inverse} stores, and the floor of {@link #RELU}. */
    public static final double FLOOR = 1e-4;

    /** The positive value of a stored parameter. */
    public double apply(double stored) {
        return switch (this) {
            case NONE -> stored;
            case EXP -> Math.exp(stored);
            case RELU -> Math.max(stored, 0) + FLOOR;
            case SIGMOID -> 1 / (1 + Math.exp(-stored));
            // for large x log(1 + e^x) is x + log(1 + e^-x), which does not overflow
            case SOFTPLUS -> Math.max(stored, 0) + Math.log1p(Math.exp(-Math.abs(stored)));
        };
    }

    /**
     * The stored parameter of a value: values below 1e-4 are raised to it first, so S4D-Lin's first frequency is 1e-4
     * and not 0. {@link #RELU} stores the value itself, so that {@code apply(inverse(v)) = v + 1e-4}, as the official
     * code does.
     *
     * @throws IllegalArgumentException for {@link #SIGMOID} of values of 1 or more
     */
    public double inverse(double value) {
        double v = Math.max(value, FLOOR);
        return switch (this) {
            case NONE, RELU -> v;
            case EXP -> Math.log(v);
            case SIGMOID -> {
                if (v >= 1) {
                    throw new IllegalArgumentException("inverse sigmoid: value " + v
                            + "; expected below 1. Use exp or softplus for values that may be larger");
                }
                yield Math.log(v / (1 - v));
            }
            case SOFTPLUS -> v > 30 ? v : Math.log(Math.expm1(v));
        };
    }
}
