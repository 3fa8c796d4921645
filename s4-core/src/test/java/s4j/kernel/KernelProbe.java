package s4j.kernel;

import java.lang.foreign.MemorySegment;
import s4j.kernel.cauchy.CauchySums;
import s4j.kernel.convolution.ConvolutionOracle;
import s4j.kernel.convolution.ToeplitzConvolution;
import s4j.kernel.scan.DiagonalScan;
import s4j.kernel.scan.ScanOracle;
import s4j.kernel.vandermonde.VandermondeSums;
import s4j.testkit.Comparison;
import s4j.testkit.Tolerances;

/** Every kernel once, in a JVM of its own; a failure ends it with an exception. */
final class KernelProbe {
    /** Arguments: the backend that must be the best one, or "refused" if SIMD must be; the number of lanes, 0 for several. */
    public static void main(String[] arguments) {
        if (arguments[0].equals("refused")) {
            requireRefusal();
            return;
        }
        Backend backend = Backend.valueOf(arguments[0]);
        require(Backend.best() == backend, "best backend " + Backend.best());
        int lanes = Lanes.of(backend).lanes();
        require(arguments[1].equals("0") ? lanes > 1 && lanes < 16 : lanes == 1, "lanes " + lanes);
        try (Workers workers = new Workers(2)) {
            scan(backend, workers);
            convolution(backend, workers);
            sums(backend, workers);
        }
    }

    private static void scan(Backend backend, Workers workers) {
        double[] a = Data.nodes(11, 4, 1e-3, 1);
        double[] c = Data.doubles(2 * 11 * 4, 2);
        float[] u = Data.floats(3 * 70 * 11, 3);
        MemorySegment y = Data.memory(u.length);
        new DiagonalScan(backend, workers, 3, 70, 11, a, c, null, false).forward(Data.memory(u), y, false, null, null);
        Comparison.requireClose("scan", 1, Data.doubles(y), new ScanOracle(3, 70, 11, 4, a, c, null, false)
                .forward(Data.widened(u), new double[2 * 3 * 11 * 4]).y(), Tolerances.SCAN_FORWARD);
    }

    private static void convolution(Backend backend, Workers workers) {
        for (int l : new int[]{20, 100}) {
            double[] k = Data.doubles(11 * l, 4);
            float[] u = Data.floats(3 * l * 11, 5);
            float[] d = Data.floats(11, 6);
            MemorySegment y = Data.memory(u.length);
            new ToeplitzConvolution(backend, workers, 3, l, 11, 1, k, null, d).forward(Data.memory(u), y, false);
            Comparison.requireClose("convolution", 4, Data.doubles(y),
                    new ConvolutionOracle(3, l, 11, 1, l, k, null, d).forward(Data.widened(u)),
                    Tolerances.CONVOLUTION_FORWARD);
        }
    }

    private static void sums(Backend backend, Workers workers) {
        double[] v = Data.doubles(2 * 4 * 3 * 5, 7);
        double[] poles = new double[2 * 3 * 5];
        java.util.Arrays.fill(poles, -0.1);
        Comparison.requireClose("Cauchy sums", 7,
                new CauchySums(backend, workers, 4, 3, 5, 100, v, poles).forward(),
                new CauchySums(Backend.SCALAR, workers, 4, 3, 5, 100, v, poles).forward(), Tolerances.CAUCHY);
        double[] z = Data.nodes(3, 5, 1e-3, 8);
        Comparison.requireClose("Vandermonde sums", 7,
                new VandermondeSums(backend, workers, 4, 3, 5, 100, v, z).forward(),
                new VandermondeSums(Backend.SCALAR, workers, 4, 3, 5, 100, v, z).forward(), Tolerances.SAME_KERNEL);
    }

    private static void requireRefusal() {
        try {
            Lanes.of(Backend.SIMD);
        } catch (IllegalArgumentException e) {
            require(String.valueOf(e.getMessage()).contains("--add-modules=jdk.incubator.vector"), e.toString());
            return;
        }
        throw new AssertionError("SIMD without its module was not refused");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private KernelProbe() {}
}
