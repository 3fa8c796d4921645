package s4j.torch;

import java.util.function.Consumer;

/** {@link S4} with a diagonal state matrix: S4D-Lin (2206.11893), one system per feature. */
public final class S4D {
    private S4D() {}

    /** A layer of so many features with the usual options. */
    public static S4 of(int features) {
        return of(features, o -> {});
    }

    /** The same with options by name. */
    public static S4 of(int features, Consumer<S4Options> options) {
        Consumer<S4Options> diagonal = o -> o.set("mode", "diag").init("diag-lin");
        return S4.of(features, diagonal.andThen(options));
    }
}
