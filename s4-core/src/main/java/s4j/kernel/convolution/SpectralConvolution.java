package s4j.kernel.convolution;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Backend;
import s4j.kernel.Lanes;
import s4j.kernel.Workers;

/**
 * {@link ToeplitzConvolution} by {@link RightAngleTransform}: K(x) + x^{−1} R(x^{−1}) as values at the N points, times those of
 * u. As the points lie on the unit circle and coefficients are real, correlation is the product with the conjugates.
 */
final class SpectralConvolution implements ToeplitzConvolution.Plan {
    /** Sequences of one piece of work; their float32 sums for K are added up in float64. */
    private static final int GROUP = 8;

    private static final int FIRST = Lanes.FIRST;

    private final Lanes lanes;
    private final TransformLanes points;
    private final RightAngleTransform transform;
    private final Workers workers;
    private final ConvolutionShape shape;
    private final int w;
    private final int size;
    private final int groups;
    private final boolean bidirectional;
    /** Of tile and channel, with the factor 1/N of the inverse. */
    private final float[][] spectra;
    private final ConcurrentLinkedQueue<Scratch> free = new ConcurrentLinkedQueue<>();

    SpectralConvolution(Backend backend, Workers workers, ConvolutionShape shape, float[] k, float @Nullable [] r,
            float[] d) {
        this.lanes = Lanes.of(backend);
        this.points = TransformLanes.of(backend);
        this.transform = new RightAngleTransform(points, RightAnglePlan.of(RightAnglePlan.sizeFor(shape.l())));
        this.workers = workers;
        this.shape = shape;
        this.w = lanes.lanes();
        this.size = transform.size();
        this.groups = Math.ceilDiv(shape.b(), GROUP);
        this.bidirectional = r != null;
        this.spectra = new float[shape.tiles(w) * shape.channels()][];
        workers.forEach(spectra.length,
                i -> spectra[i] = spectrum(i / shape.channels(), i % shape.channels(), k, r, d));
    }

    /** Arrays of one thread; x and dy are zero from step l on, always. */
    private final class Scratch {
        final float[] x = new float[FIRST + size * w];
        final float[] out = new float[FIRST + size * w];
        final float[] z = new float[FIRST + 2 * size * w];
        final float[] g = new float[FIRST + 2 * size * w];
        float[] dy = new float[0];
        float[] sum = new float[0];

        /** Room for the backward pass. */
        void grow() {
            if (dy.length == 0) {
                dy = new float[FIRST + size * w];
                sum = shape.channels() == 1 ? g : new float[FIRST + 2 * size * w];
            }
        }
    }

    private Scratch scratch() {
        Scratch s = free.poll();
        return s != null ? s : new Scratch();
    }

    /** The skip is what K adds at lag 0. */
    private float[] spectrum(int tile, int channel, float[] k, float @Nullable [] r, float[] d) {
        float[] x = new float[FIRST + size * w];
        float[] values = new float[FIRST + 2 * size * w];
        shape.layOut(lanes, k, channel, tile, x, FIRST, shape.lk());
        for (int j = 0; j < shape.width(lanes, tile); j++) {
            x[FIRST + j] += d[channel * shape.h() + tile * w + j];
        }
        transform.forward(x, values);
        float scale = 1f / size;
        for (int i = FIRST; i < values.length; i++) {
            values[i] *= scale;
        }
        if (r != null) {
            Arrays.fill(x, 0);
            shape.layOut(lanes, r, channel, tile, x, FIRST + w, shape.l() - 1); // R_{l−1} reaches no input
            float[] reverse = new float[FIRST + 2 * size * w];
            transform.forward(x, reverse);
            for (int i = FIRST; i < values.length; i++) {
                values[i] += ((i - FIRST) / w % 2 == 0 ? scale : -scale) * reverse[i];
            }
        }
        return values;
    }

    @Override
    public void forward(MemorySegment u, MemorySegment y, boolean add) {
        workers.forEach(shape.tiles(w) * groups, item -> {
            Scratch s = scratch();
            int tile = item / groups;
            int first = item % groups * GROUP;
            for (int i = first; i < Math.min(first + GROUP, shape.b()); i++) {
                forward(s, tile, i, u, y, add);
            }
            free.add(s);
        });
    }

    private void forward(Scratch s, int tile, int sequence, MemorySegment u, MemorySegment y, boolean add) {
        shape.readInput(lanes, u, tile, sequence, false, s.x, FIRST);
        transform.forward(s.x, s.z);
        for (int c = 0; c < shape.channels(); c++) {
            int at = tile * shape.channels() + c;
            points.times(s.z, spectra[at], s.g, size);
            transform.inverse(s.g, s.out, shape.l());
            if (add) {
                shape.readOutput(lanes, y, c, tile, sequence, false, s.x, FIRST);
                sum(s.x, s.out);
            }
            shape.writeOutput(lanes, y, c, tile, sequence, false, s.out, FIRST);
        }
    }

    @Override
    public void backward(MemorySegment u, MemorySegment dy, MemorySegment du, boolean add,
            ToeplitzConvolution.Gradients gradients) {
        int tiles = shape.tiles(w);
        float[][] products = new float[tiles * groups][];
        workers.forEach(tiles * groups, item -> {
            Scratch s = scratch();
            s.grow();
            products[item] = new float[FIRST + shape.channels() * 2 * size * w];
            int first = item % groups * GROUP;
            for (int i = first; i < Math.min(first + GROUP, shape.b()); i++) {
                backward(s, item / groups, i, u, dy, du, add, products[item]);
            }
            free.add(s);
        });
        workers.forEach(tiles * shape.channels(),
                i -> kernelGradient(i / shape.channels(), i % shape.channels(), products,
                        gradients));
    }

    private void sum(float[] from, float[] to) {
        for (int i = FIRST; i < FIRST + shape.l() * w; i++) {
            to[i] += from[i];
        }
    }

    private void backward(Scratch s, int tile, int sequence, MemorySegment u, MemorySegment dy, MemorySegment du,
            boolean add, float[] products) {
        shape.readInput(lanes, u, tile, sequence, false, s.x, FIRST);
        transform.forward(s.x, s.z);
        for (int c = 0; c < shape.channels(); c++) {
            int at = tile * shape.channels() + c;
            shape.readOutput(lanes, dy, c, tile, sequence, false, s.dy, FIRST);
            transform.forward(s.dy, s.g);
            points.addTimesConjugate(s.g, s.z, products, c * 2 * size * w, size);
            if (c == 0) {
                points.timesConjugate(s.g, spectra[at], s.sum, size);
            } else {
                points.addTimesConjugate(s.g, spectra[at], s.sum, 0, size);
            }
        }
        transform.inverse(s.sum, s.out, shape.l());
        if (add) {
            shape.readInput(lanes, du, tile, sequence, false, s.x, FIRST);
            sum(s.x, s.out);
        }
        shape.writeInput(lanes, du, tile, sequence, false, s.out, FIRST);
    }

    private static void add(float[] from, int at, double[] to) {
        for (int i = 0; i < to.length; i++) {
            to[i] += from[at + i];
        }
    }

    /** What stands at x^τ is the gradient of K_τ, at x^{−1−τ} that of R_τ. */
    private void kernelGradient(int tile, int channel, float[][] products, ToeplitzConvolution.Gradients gradients) {
        double[] sums = new double[2 * size * w];
        int from = FIRST + channel * sums.length;
        for (int group = 0; group < groups; group++) {
            add(products[tile * groups + group], from, sums);
        }
        float[] values = new float[FIRST + sums.length];
        for (int i = 0; i < sums.length; i++) {
            values[FIRST + i] = (float) (sums[i] / size);
        }
        float[] conjugates = bidirectional ? values.clone() : new float[0];
        float[] out = new float[FIRST + size * w];
        transform.inverse(values, out, shape.lk());
        shape.gather(lanes, out, FIRST, channel, tile, gradients.k(), shape.lk());
        for (int j = 0; j < shape.width(lanes, tile); j++) {
            gradients.d()[channel * shape.h() + tile * w + j] += out[FIRST + j];
        }
        if (bidirectional) {
            for (int i = FIRST; i < conjugates.length; i++) {
                conjugates[i] = (i - FIRST) / w % 2 == 0 ? conjugates[i] : -conjugates[i];
            }
            Arrays.fill(out, 0);
            transform.inverse(conjugates, out, Math.min(shape.lk() + 1, shape.l()));
            shape.gather(lanes, out, FIRST + w, channel, tile, gradients.reverse(), shape.l() - 1);
        }
    }
}
