package s4j.stream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between encoder and decoder. */
sealed interface Body permits IsotropicBody, SashimiBody {
    /** Rows after the body. */
    record Output(float[] x, Sequences sequences) {}

    /** Whole sequences; x may be changed. */
    Output whole(float[] x, Sequences sequences);

    /** Whole sequences of whose outputs only the last one is looked at: [b, l, h], or [b, 1, h] where that is less work. */
    default Output last(float[] x, Sequences sequences) {
        return whole(x, sequences);
    }

    /** The next rows of streams, in place. */
    void stream(float[] x, Flow flow, Scratch scratch);

    /** Features of the output. */
    int dOutput();

    /** Why it cannot stream; null: it can. */
    @Nullable
    String refusal();

    /** Whole sequences must have a multiple of so many steps. */
    int multiple();

    /** All layers in order. */
    List<Layer> layers();

    /** Those of them that are S4, in order. */
    default List<S4Block> s4Layers() {
        return layers().stream().filter(S4Block.class::isInstance).map(S4Block.class::cast).toList();
    }
}
