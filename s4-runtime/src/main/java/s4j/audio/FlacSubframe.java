package s4j.audio;

import java.util.Arrays;
import s4j.audio.FlacBits.Damaged;

/**
 * One channel of a frame: x_i = r_i + a prediction from the samples before, by fixed polynomials (orders 0 to 4) or by coefficients of
 * its own (orders 1 to 32), with residuals r in Rice's code.
 */
final class FlacSubframe {
    private static final long[][] FIXED = {{}, {1}, {2, -1}, {3, -3, 1}, {4, -6, 4, -1}};
    private static final int OWN = 32;
    private static final int POLYNOMIAL = 8;

    private final FlacBits in;
    private final int size;
    private int width;

    FlacSubframe(FlacBits in, int width, int size) {
        this.in = in;
        this.width = width;
        this.size = size;
    }

    long[] read() throws Damaged {
        in.require(in.bits(1) == 0, "a channel that does not begin with 0");
        int type = (int) in.bits(6);
        int wasted = in.bits(1) == 0 ? 0 : (int) Math.min(64, in.unary() + 1);
        width -= wasted;
        in.require(width > 0, wasted + " unused bits");
        long[] x = new long[size];
        if (type == 0) {
            Arrays.fill(x, in.signed(width));
        } else if (type == 1) {
            for (int i = 0; i < size; i++) {
                x[i] = in.signed(width);
            }
        } else if (type >= OWN) {
            own(x, type - OWN + 1);
        } else {
            int order = type - POLYNOMIAL;
            in.require(order >= 0 && order < FIXED.length, "a channel of type " + type);
            first(x, order);
            residual(x, order);
            predict(x, FIXED[order], 0);
        }
        for (int i = 0; i < size && wasted > 0; i++) {
            x[i] <<= wasted;
        }
        return x;
    }

    private void own(long[] x, int order) throws Damaged {
        first(x, order);
        int precision = (int) in.bits(4) + 1;
        int shift = (int) in.signed(5);
        in.require(precision < 16 && shift >= 0, "coefficients of " + precision + " bits, shifted by " + shift);
        long[] a = new long[order];
        for (int j = 0; j < order; j++) {
            a[j] = in.signed(precision);
        }
        residual(x, order);
        predict(x, a, shift);
    }

    private void first(long[] x, int order) throws Damaged {
        in.require(order <= size, "a prediction from " + order + " of " + size + " samples");
        for (int i = 0; i < order; i++) {
            x[i] = in.signed(width);
        }
    }

    private void residual(long[] x, int order) throws Damaged {
        int method = (int) in.bits(2);
        in.require(method < 2, "residuals of kind " + method);
        int parameterBits = method == 0 ? 4 : 5;
        int escape = (1 << parameterBits) - 1;
        int partitions = 1 << (int) in.bits(4);
        int part = size / partitions;
        in.require(part * partitions == size && part >= order, partitions + " partitions of " + size + " samples");
        for (int p = 0; p < partitions; p++) {
            int k = (int) in.bits(parameterBits);
            int plain = k == escape ? (int) in.bits(5) : 0;
            for (int i = p == 0 ? order : p * part; i < (p + 1) * part; i++) {
                if (k == escape) {
                    x[i] = in.signed(plain);
                } else {
                    long folded = in.unary() << k | in.bits(k);
                    x[i] = folded >>> 1 ^ -(folded & 1);
                }
            }
        }
    }

    private static void predict(long[] x, long[] a, int shift) {
        for (int i = a.length; i < x.length; i++) {
            long sum = 0;
            for (int j = 0; j < a.length; j++) {
                sum += a[j] * x[i - 1 - j];
            }
            x[i] += sum >> shift;
        }
    }
}
