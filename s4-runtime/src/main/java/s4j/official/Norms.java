package s4j.official;

import java.io.IOException;

/** Norms of the layouts: {@code norms.i}, {@code norm}, {@code norm.norm}; layer or batch by what they hold. */
final class Norms {
    /** Whether there is one at {@code name}. */
    static boolean at(Transfer t, String name) {
        return t.has(name + ".weight") || scalar(t, name);
    }

    private static boolean scalar(Transfer t, String name) { return t.has(name + ".m") || t.has(name + ".s"); }

    /**
     * Moves a norm.
     *
     * @return {@code layer} or {@code batch}
     */
    static String move(Transfer t, String source, String target) throws IOException {
        if (scalar(t, source)) {
            throw t.malformed(source, "a norm with one scale and one shift for all features (TransposedLN)",
                    "a norm per feature; the shift comes before the division there, which has no place in s4j");
        }
        t.copy(source + ".weight", target + ".weight");
        t.copy(source + ".bias", target + ".bias");
        if (!t.has(source + ".running_mean")) {
            return "layer";
        }
        t.copy(source + ".running_mean", target + ".running_mean");
        t.copy(source + ".running_var", target + ".running_var");
        t.ignore(source + ".num_batches_tracked");
        return "batch";
    }

    private Norms() {}
}
