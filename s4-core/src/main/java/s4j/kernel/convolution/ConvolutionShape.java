package s4j.kernel.convolution;

import java.lang.foreign.MemorySegment;
import s4j.kernel.Lanes;

/**
 * Sizes of a convolution and where its tiles of features stand in memory. Inputs are {@code [b, l, h]}, outputs
 * {@code [b, l, c h]}.
 *
 * @param b sequences
 * @param l steps
 * @param h features
 * @param channels c, kernels of each feature
 * @param lk steps of the kernels, at most l
 */
record ConvolutionShape(int b, int l, int h, int channels, int lk) {
    int tiles(int lanes) { return Math.ceilDiv(h, lanes); }

    /** The input's tile of one sequence into a block, from its first step or from its last. */
    void readInput(Lanes inner, MemorySegment u, int tile, int sequence, boolean backwards, float[] to, int at) {
        read(inner, u, h, 0, tile, sequence, backwards, to, at);
    }

    /** The same for one channel of an output. */
    void readOutput(Lanes inner, MemorySegment y, int channel, int tile, int sequence, boolean backwards, float[] to,
            int at) {
        read(inner, y, channels * h, channel * h, tile, sequence, backwards, to, at);
    }

    void writeInput(Lanes inner, MemorySegment u, int tile, int sequence, boolean backwards, float[] from, int at) {
        write(inner, u, h, 0, tile, sequence, backwards, from, at);
    }

    void writeOutput(Lanes inner, MemorySegment y, int channel, int tile, int sequence, boolean backwards, float[] from,
            int at) {
        write(inner, y, channels * h, channel * h, tile, sequence, backwards, from, at);
    }

    private void read(Lanes inner, MemorySegment x, int row, int column, int tile, int sequence, boolean backwards,
            float[] to, int at) {
        inner.read(x, offset(row, column + tile * inner.lanes(), sequence, backwards), stride(row, backwards),
                width(inner, tile), to, at, l);
    }

    private void write(Lanes inner, MemorySegment x, int row, int column, int tile, int sequence, boolean backwards,
            float[] from, int at) {
        inner.write(x, offset(row, column + tile * inner.lanes(), sequence, backwards), stride(row, backwards),
                width(inner, tile), from, at, l);
    }

    /** Features of a tile. */
    int width(Lanes inner, int tile) {
        return Math.min(inner.lanes(), h - tile * inner.lanes());
    }

    private long offset(int row, int column, int sequence, boolean backwards) {
        long step = (long) sequence * l + (backwards ? l - 1 : 0);
        return Float.BYTES * (step * row + column);
    }

    private static long stride(int row, boolean backwards) {
        return backwards ? -(long) Float.BYTES * row : (long) Float.BYTES * row;
    }

    /** Kernels {@code [c, h, lk]} of a tile as {@code [step, lane]}, the first step at {@code at}, at most {@code steps}. */
    void layOut(Lanes inner, float[] k, int channel, int tile, float[] to, int at, int steps) {
        int lanes = inner.lanes();
        for (int j = 0; j < width(inner, tile); j++) {
            int row = (channel * h + tile * lanes + j) * lk;
            for (int t = 0; t < Math.min(steps, lk); t++) {
                to[at + t * lanes + j] = k[row + t];
            }
        }
    }

    /** Adds sums of a tile {@code [step, lane]} to gradients {@code [c, h, lk]}. */
    void gather(Lanes inner, float[] from, int at, int channel, int tile, double[] to, int steps) {
        int lanes = inner.lanes();
        for (int j = 0; j < width(inner, tile); j++) {
            int row = (channel * h + tile * lanes + j) * lk;
            for (int t = 0; t < Math.min(steps, lk); t++) {
                to[row + t] += from[at + t * lanes + j];
            }
        }
    }

    /** The same in float64. */
    void gather(Lanes inner, double[] from, int at, int channel, int tile, double[] to, int steps) {
        int lanes = inner.lanes();
        for (int j = 0; j < width(inner, tile); j++) {
            int row = (channel * h + tile * lanes + j) * lk;
            for (int t = 0; t < Math.min(steps, lk); t++) {
                to[row + t] += from[at + t * lanes + j];
            }
        }
    }

    /** Adds {@code [channel, lane]} of a tile to {@code [c, h]}. */
    void gatherSkips(Lanes inner, double[] from, int tile, double[] to) {
        int lanes = inner.lanes();
        for (int c = 0; c < channels; c++) {
            for (int j = 0; j < width(inner, tile); j++) {
                to[c * h + tile * lanes + j] += from[c * lanes + j];
            }
        }
    }

    /** Skips {@code [c, h]} as {@code [tile, channel, lane]}. */
    float[] skips(Lanes inner, float[] d) {
        int lanes = inner.lanes();
        float[] to = new float[tiles(lanes) * channels * lanes];
        for (int c = 0; c < channels; c++) {
            for (int f = 0; f < h; f++) {
                to[(f / lanes * channels + c) * lanes + f % lanes] = d[c * h + f];
            }
        }
        return to;
    }
}
