package s4j.ssm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Imaginary parts of the directly written initialisations, by their short and long official names. */
enum Spectrum {
    LIN("lin", "linear"), INV("inv", "inverse"), INV2("inv2", "inverse2"), QUAD("quad", "quadratic"), LEGS("legs",
            "hippo"), REAL("real", "real"), RAND("rand", "random");

    private final String shortName;
    private final String longName;

    Spectrum(String shortName, String longName) {
        this.shortName = shortName;
        this.longName = longName;
    }

    static Optional<Spectrum> named(String name) {
        for (Spectrum s : values()) {
            if (s.shortName.equals(name) || s.longName.equals(name)) {
                return Optional.of(s);
            }
        }
        return Optional.empty();
    }

    static List<String> names() {
        List<String> names = new ArrayList<>();
        for (Spectrum s : values()) {
            names.add(s.shortName);
            if (!s.longName.equals(s.shortName)) {
                names.add(s.longName);
            }
        }
        return names;
    }

    /** {@code -Im lambda} at index k (whole, or drawn) of N states; LegS and random spectra are not functions of k. */
    double frequency(double k, int n) {
        return switch (this) {
            case LIN -> Math.PI * k;
            case INV -> n / Math.PI * (n / (2 * k + 1) - 1);
            case INV2 -> n / Math.PI * (n / (k + 1) - 1);
            case QUAD -> (1 + 2 * k) * (1 + 2 * k) / Math.PI;
            case REAL -> 0;
            case LEGS, RAND ->
                throw new IllegalStateException(this + " has no formula in k; expected lin, inv, … or real");
        };
    }
}
