package s4j.kernel.convolution;

import s4j.kernel.Backend;
import s4j.kernel.Data;
import s4j.kernel.Workers;
import s4j.kernel.vandermonde.VandermondeSums;

/** Long kernels. */
final class Systems16384 {
    /** 2 Re Σ_n c_n a_n^l of h features with steps from 1e-4 up, {@code [h, l]}. */
    static double[] kernels(int h, int l) {
        int n = 32;
        double[] w = Data.doubles(2 * h * n, 5);
        double[] a = Data.nodes(h, n, 1e-4, 6);
        try (Workers workers = new Workers(2)) {
            return new VandermondeSums(Backend.SCALAR, workers, 1, h, n, l, w, a).forward();
        }
    }

    private Systems16384() {}
}
