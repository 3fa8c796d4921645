package s4j.kernel.projection;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Rows of a block as {@link GatedProjection} wants them: in their own place, or, where that has no padding, in memory of ours.
 * It is native like the others, and freed with this object: heap arrays beside native memory at one call cost a tenth.
 */
final class PaddedRows {
    private final int width;
    private final int padded;
    private final MemorySegment own;

    /**
     * Room for a block.
     *
     * @param rows at most
     * @param width numbers of a row in its own place, {@code padded} here
     */
    PaddedRows(int rows, int width, int padded) {
        this.width = width;
        this.padded = padded;
        this.own = width == padded ? MemorySegment.NULL : Arena.ofAuto().allocate(4L * rows * padded, 64);
    }

    private MemorySegment slice(MemorySegment x, int first, int rows) {
        return x.asSlice(4L * first * width, 4L * rows * width);
    }

    /** Rows to be read. */
    MemorySegment read(MemorySegment x, int first, int rows) {
        if (width != padded) {
            for (int r = 0; r < rows; r++) {
                MemorySegment.copy(x, 4L * (first + r) * width, own, 4L * r * padded, 4L * width);
            }
        }
        return room(x, first, rows);
    }

    /** Rows to be written; {@link #write} puts them into their place. */
    MemorySegment room(MemorySegment x, int first, int rows) {
        return width == padded ? slice(x, first, rows) : own;
    }

    /** Puts written rows into their place. */
    void write(MemorySegment x, int first, int rows) {
        if (width != padded) {
            for (int r = 0; r < rows; r++) {
                MemorySegment.copy(own, 4L * r * padded, x, 4L * (first + r) * width, 4L * width);
            }
        }
    }
}
