package s4j.stream;

import java.util.Map;
import s4j.io.TensorData;
import s4j.ssm.DplrStep;

/**
 * What loading a file may cost, looked at before anything is made of it: the lengths that S4's C belongs to, and the work of all
 * its layers together.
 */
final class Cost {
    /** Multiply-adds for one file: minutes. */
    private static final double MOST_WORK = 1e12;
    /** Kernels may have been doubled a few times beyond the length of the data. */
    private static final long LENGTHS = 64;
    private static final long SHORT = 1 << 16;
    private static final String LENGTH = "kernel.l_kernel";

    /** Refuses lengths that no network of this l_max has, and files that would take hours. */
    static void check(Map<String, TensorData> tensors, int lMax) {
        double work = 0;
        String most = "";
        double largest = 0;
        long longest = Math.max(SHORT, LENGTHS * lMax);
        for (Map.Entry<String, TensorData> entry : tensors.entrySet()) {
            if (!entry.getKey().endsWith(LENGTH)) {
                continue;
            }
            String kernel = entry.getKey().substring(0, entry.getKey().length() - LENGTH.length()) + "kernel.";
            long length = new Weights(tensors, kernel).count("l_kernel");
            if (length > longest) {
                throw new IllegalArgumentException(
                        "tensor %s is %,d; expected the length that C belongs to, at most %,d of a network with l_max %,d"
                                .formatted(entry.getKey(), length, longest, lMax));
            }
            TensorData c = tensors.get(kernel + "C");
            TensorData p = tensors.get(kernel + "P");
            if (c != null && p != null && c.shape().length == 4 && p.shape().length == 4) {
                double one = c.shape()[1] * DplrStep.work((int) c.shape()[2], (int) p.shape()[0], (int) c.shape()[0],
                        length);
                work += one;
                if (one > largest) {
                    largest = one;
                    most = kernel;
                }
            }
        }
        if (work > MOST_WORK) {
            throw new IllegalArgumentException(
                    "C (I - dA^L)^-1 of all layers would take %.0e operations, most of them in %s; expected at most %.0e. Use a smaller d_state, d_model or length"
                            .formatted(work, most, MOST_WORK));
        }
    }

    private Cost() {}
}
