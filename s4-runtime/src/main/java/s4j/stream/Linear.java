package s4j.stream;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;
import s4j.io.DType;
import s4j.io.TensorData;
import s4j.kernel.Backend;
import s4j.kernel.matrix.PackedMatrix;
import s4j.kernel.matrix.PackedMatrix.Precision;

/**
 * y = W x + b on padded rows. Where inputs or outputs lie in blocks that are padded themselves (channels, halves of a GLU,
 * steps of a pool), W's rows and columns are put where those blocks have them.
 */
final class Linear {
    /** Places of a matrix, beyond which they may be at most {@value #MOST_PADDING} times the file's. */
    private static final double MOST_PLACES = 1 << 24;
    private static final double MOST_PADDING = 64;

    private final PackedMatrix matrix;

    private Linear(PackedMatrix matrix) { this.matrix = matrix; }

    /**
     * Where the entries of one side of W go.
     *
     * @param size entries in the file
     * @param padded places
     * @param place from entry to place
     */
    record Side(int size, int padded, IntUnaryOperator place) {
        /** Entry by entry. */
        static Side plain(int size) { return new Side(size, size, i -> i); }

        /** Blocks of h, each padded. */
        static Side blocks(int blocks, int h) {
            int stride = Padding.stride(h);
            return new Side(Math.multiplyExact(blocks, h), Math.multiplyExact(blocks, stride),
                    i -> i / h * stride + i % h);
        }

        /** Entries feature by feature with {@code steps} of each, placed step by step, each padded. */
        static Side steps(int h, int steps) {
            int stride = Padding.stride(h);
            return new Side(Math.multiplyExact(steps, h), Math.multiplyExact(steps, stride),
                    i -> i % steps * stride + i / steps);
        }
    }

    /** The map whose weights stand below {@code name}: {@code weight [out, in]} or {@code [out, in, 1]}, and {@code bias}. */
    static Linear load(Weights weights, String name, Side out, Side in, Backend backend) {
        return load(weights, name + ".weight", name + ".bias", out, in, backend, new long[]{out.size, in.size},
                new long[]{out.size, in.size, 1});
    }

    /** The map of a weight of one of the shapes, whose values lie as those of {@code [out, in]}, and a bias. */
    static Linear load(Weights weights, String name, String biasName, Side out, Side in, Backend backend,
            long[]... shapes) {
        TensorData tensor = weights.tensor(name, shapes);
        requireDense(weights.name(name), tensor, out, in);
        float[] bias = weights.floats(biasName, out.size);
        float @Nullable [] scales = weights.scales(name, tensor, out.size);
        float[] w = weights.floats(name, tensor);
        float[] placed = new float[Math.multiplyExact(out.padded, in.padded)];
        float[] placedBias = new float[out.padded];
        float[] placedScale = new float[out.padded];
        Arrays.fill(placedScale, 1);
        for (int r = 0; r < out.size; r++) {
            int row = out.place.applyAsInt(r);
            placedBias[row] = bias[r];
            placedScale[row] = scales == null ? 1 : scales[r];
            for (int c = 0; c < in.size; c++) {
                placed[row * in.padded + in.place.applyAsInt(c)] = w[r * in.size + c];
            }
        }
        Precision precision = switch (tensor.dtype()) {
            case I8 -> Precision.INT8;
            case BF16 -> Precision.BF16;
            case F32, F64, F16 -> Precision.FLOAT32;
            case I64, I32, I16, U8, BOOL -> throw new IllegalArgumentException("tensor " + weights.name(name)
                    + " is " + tensor + "; expected " + DType.F32 + ", " + DType.BF16 + " or " + DType.I8);
        };
        return new Linear(new PackedMatrix(backend, precision, out.padded, in.padded, placed, placedScale, placedBias));
    }

    /** Rows of a few features are padded to many: a small file must not ask for a large machine. */
    private static void requireDense(String name, TensorData tensor, Side out, Side in) {
        double places = (double) Padding.stride(out.padded) * in.padded;
        if (places > MOST_PLACES && places > MOST_PADDING * tensor.size()) {
            throw new IllegalArgumentException(
                    "tensor %s is %s; its rows, padded to %d, would take %,.0f MB. Use a wider d_model or a shorter pool"
                            .formatted(name, tensor, PackedMatrix.PANEL, places * Float.BYTES / (1 << 20)));
        }
    }

    /** Floats of one row of outputs. */
    int stride() { return matrix.outputStride(); }

    /** Rows of x to rows of y, which are {@link #stride} long. */
    void apply(float[] x, int xAt, int xStride, int rows, float[] y, int yAt, Scratch scratch) {
        scratch.product().compute(matrix, x, xAt, xStride, rows, y, yAt);
    }
}
