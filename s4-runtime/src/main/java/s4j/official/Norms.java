package s4j.official;

import java.io.IOException;

/** Norms of the layouts: {@code norms.i}, {@code norm}, {@code norm.norm}; the kind is said by what they hold. */
final class Norms {
    /** Whether there is one at {@code name}. */
    static boolean at(Transfer t, String name) {
        return t.has(name + ".weight") || scalar(t, name);
    }

    /** Whether it has one shift and one scale for all features: TransposedLN, in src/ where arrays lie transposed. */
    static boolean scalar(Transfer t, String name) {
        return t.has(name + ".m") || t.has(name + ".s");
    }

    /**
     * Moves a norm.
     *
     * @return {@code layer}, {@code scalar_layer} or {@code batch}
     */
    static String move(Transfer t, String source, String target) throws IOException {
        if (scalar(t, source)) {
            t.copy(source + ".m", target + ".m", 1);
            t.copy(source + ".s", target + ".s", 1);
            return "scalar_layer";
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
