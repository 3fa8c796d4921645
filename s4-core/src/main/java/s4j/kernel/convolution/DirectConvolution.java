package s4j.kernel.convolution;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Backend;
import s4j.kernel.Lanes;
import s4j.kernel.Workers;

/**
 * {@link ToeplitzConvolution} as written. R is a causal kernel [0, R_0, R_1 …] of the sequences read backwards; the gradient of
 * u is the convolution of dy read backwards, that of K the convolution of dy with u read backwards: one inner loop for all.
 */
final class DirectConvolution implements ToeplitzConvolution.Plan {
    private static final int GROUP = 4;
    /** Steps of one float32 sum for K and d. */
    private static final int PART = 128;
    /** Zero steps before the first and after the last, which outputs made together reach. */
    private static final int EDGE = Lanes.OUTPUTS;

    private final Lanes lanes;
    private final Workers workers;
    private final ConvolutionShape shape;
    private final int w;
    private final int groups;
    private final float[] d;
    /** Of tile and channel. */
    private final float[][] forward;
    /** The same for R, with the zero in front; empty without. */
    private final float[][] reverse;
    private final ConcurrentLinkedQueue<Scratch> free = new ConcurrentLinkedQueue<>();

    DirectConvolution(Backend backend, Workers workers, ConvolutionShape shape, float[] k, float @Nullable [] r,
            float[] d) {
        this.lanes = Lanes.of(backend);
        this.workers = workers;
        this.shape = shape;
        this.w = lanes.lanes();
        this.groups = Math.ceilDiv(shape.b(), GROUP);
        this.d = shape.skips(lanes, d);
        int pieces = shape.tiles(w) * shape.channels();
        this.forward = new float[pieces][shape.lk() * w];
        this.reverse = new float[r == null ? 0 : pieces][(shape.lk() + 1) * w];
        for (int i = 0; i < pieces; i++) {
            shape.layOut(lanes, k, i % shape.channels(), i / shape.channels(), forward[i], 0, shape.lk());
            if (r != null) {
                shape.layOut(lanes, r, i % shape.channels(), i / shape.channels(), reverse[i], w, shape.lk());
            }
        }
    }

    /** Blocks of l steps with {@value #EDGE} zeros on both sides; what out holds there is never used. */
    private record Scratch(float[] x, float[] dy, float[] back, float[] out) {}

    private Scratch scratch() {
        Scratch s = free.poll();
        int size = (shape.l() + 2 * EDGE) * w;
        return s != null ? s : new Scratch(new float[size], new float[size], new float[size], new float[size]);
    }

    @Override
    public void forward(MemorySegment u, MemorySegment y, boolean add) {
        workers.forEach(shape.tiles(w) * groups, item -> {
            Scratch s = scratch();
            int first = item % groups * GROUP;
            for (int i = first; i < Math.min(first + GROUP, shape.b()); i++) {
                forward(s, item / groups, i, u, y, add);
            }
            free.add(s);
        });
    }

    private void forward(Scratch s, int tile, int sequence, MemorySegment u, MemorySegment y, boolean add) {
        int at = EDGE * w;
        shape.readInput(lanes, u, tile, sequence, false, s.x, at);
        for (int c = 0; c < shape.channels(); c++) {
            int piece = tile * shape.channels() + c;
            if (add) {
                shape.readOutput(lanes, y, c, tile, sequence, false, s.out, at);
            } else {
                Arrays.fill(s.out, at, at + shape.l() * w, 0);
            }
            lanes.addScaled(d, piece * w, s.x, at, s.out, at, shape.l());
            convolve(forward[piece], s.x, s.out);
            shape.writeOutput(lanes, y, c, tile, sequence, false, s.out, at);
        }
        if (reverse.length == 0) {
            return;
        }
        shape.readInput(lanes, u, tile, sequence, true, s.x, at);
        for (int c = 0; c < shape.channels(); c++) {
            shape.readOutput(lanes, y, c, tile, sequence, true, s.out, at);
            convolve(reverse[tile * shape.channels() + c], s.x, s.out);
            shape.writeOutput(lanes, y, c, tile, sequence, true, s.out, at);
        }
    }

    /** y_t += Σ_j k_j x_{t−j}. */
    private void convolve(float[] k, float[] x, float[] y) {
        int taps = k.length / w;
        for (int t = 0; t < shape.l(); t += Lanes.OUTPUTS) {
            int at = (EDGE + t) * w;
            lanes.convolve(k, 0, Math.min(taps, t + Lanes.OUTPUTS), x, at, y, at);
        }
    }

    @Override
    public void backward(MemorySegment u, MemorySegment dy, MemorySegment du, boolean add,
            ToeplitzConvolution.Gradients gradients) {
        int tiles = shape.tiles(w);
        double[][] skips = new double[tiles * groups][shape.channels() * w];
        double[][][] sums = new double[tiles * groups][][];
        workers.forEach(tiles * groups, item -> {
            Scratch s = scratch();
            int tile = item / groups;
            sums[item] = new double[(reverse.length == 0 ? 1 : 2) * shape.channels()][padded(shape.lk() + 1) * w];
            int first = item % groups * GROUP;
            for (int i = first; i < Math.min(first + GROUP, shape.b()); i++) {
                backward(s, tile, i, u, dy, du, add, sums[item], skips[item]);
                if (reverse.length > 0) {
                    backwardReverse(s, tile, i, u, dy, du, sums[item]);
                }
            }
            free.add(s);
        });
        for (int item = 0; item < sums.length; item++) {
            int tile = item / groups;
            shape.gatherSkips(lanes, skips[item], tile, gradients.d());
            for (int c = 0; c < shape.channels(); c++) {
                shape.gather(lanes, sums[item][c], 0, c, tile, gradients.k(), shape.lk());
                if (reverse.length > 0) {
                    shape.gather(lanes, sums[item][shape.channels() + c], w, c, tile, gradients.reverse(), shape.lk());
                }
            }
        }
    }

    private void backward(Scratch s, int tile, int sequence, MemorySegment u, MemorySegment dy, MemorySegment du,
            boolean add, double[][] sums, double[] skips) {
        int at = EDGE * w;
        if (add) {
            shape.readInput(lanes, du, tile, sequence, true, s.out, at);
        } else {
            Arrays.fill(s.out, at, at + shape.l() * w, 0);
        }
        shape.readInput(lanes, u, tile, sequence, true, s.x, at);
        for (int c = 0; c < shape.channels(); c++) {
            int piece = tile * shape.channels() + c;
            shape.readOutput(lanes, dy, c, tile, sequence, false, s.dy, at);
            shape.readOutput(lanes, dy, c, tile, sequence, true, s.back, at);
            lanes.addScaled(d, piece * w, s.back, at, s.out, at, shape.l());
            convolve(forward[piece], s.back, s.out);
            correlate(s.dy, s.x, shape.lk(), sums[c]);
            addDots(s.back, s.x, skips, c * w);
        }
        shape.writeInput(lanes, du, tile, sequence, true, s.out, at);
    }

    private void backwardReverse(Scratch s, int tile, int sequence, MemorySegment u, MemorySegment dy, MemorySegment du,
            double[][] sums) {
        int at = EDGE * w;
        shape.readInput(lanes, du, tile, sequence, false, s.out, at);
        shape.readInput(lanes, u, tile, sequence, false, s.x, at);
        for (int c = 0; c < shape.channels(); c++) {
            shape.readOutput(lanes, dy, c, tile, sequence, false, s.dy, at);
            shape.readOutput(lanes, dy, c, tile, sequence, true, s.back, at);
            convolve(reverse[tile * shape.channels() + c], s.dy, s.out);
            correlate(s.back, s.x, shape.lk() + 1, sums[shape.channels() + c]);
        }
        shape.writeInput(lanes, du, tile, sequence, false, s.out, at);
    }

    private static int padded(int taps) { return Math.ceilDiv(taps, Lanes.OUTPUTS) * Lanes.OUTPUTS; }

    /** sum_τ += Σ_t dy_t u_{t−τ} for τ &lt; taps, with u read backwards. */
    private void correlate(float[] dy, float[] u, int taps, double[] sum) {
        float[] part = new float[Lanes.OUTPUTS * w];
        for (int tap = 0; tap < Math.min(taps, shape.l()); tap += Lanes.OUTPUTS) {
            for (int t = tap; t < shape.l(); t += PART) {
                Arrays.fill(part, 0);
                lanes.convolve(dy, (EDGE + t) * w, Math.min(PART, shape.l() - t), u,
                        (EDGE + shape.l() - 1 - t + tap) * w,
                        part, 0);
                for (int i = 0; i < part.length; i++) {
                    sum[tap * w + i] += part[i];
                }
            }
        }
    }

    private void addDots(float[] dy, float[] u, double[] sums, int at) {
        float[] part = new float[w];
        for (int t = 0; t < shape.l(); t += PART) {
            Arrays.fill(part, 0);
            lanes.addDot(dy, (EDGE + t) * w, u, (EDGE + t) * w, Math.min(PART, shape.l() - t), part, 0);
            for (int j = 0; j < w; j++) {
                sums[at + j] += part[j];
            }
        }
    }
}
