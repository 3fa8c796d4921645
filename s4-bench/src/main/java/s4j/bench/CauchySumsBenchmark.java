package s4j.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import s4j.kernel.Backend;
import s4j.kernel.Workers;
import s4j.kernel.cauchy.CauchySums;

/**
 * The four sums under a kernel of S4 with rank 1 (B and P against C and P*), at the l/2 + 1 nodes of l steps, 32 pairs of
 * states. The number of sequences has no part in them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CauchySumsBenchmark {
    private static final int NUMERATORS = 4;

    /** Sequences, features, steps. */
    @Param({"1x128x784", "1x128x16384"})
    String size = "";

    /** SIMD or scalar. */
    @Param({"SIMD", "SCALAR"})
    Backend backend = Backend.SCALAR;

    /** Threads; 0: all cores. */
    @Param("0")
    int threads;

    private Workers workers = new Workers(1);
    private CauchySums sums = new CauchySums(Backend.SCALAR, workers, 1, 1, 1, 1, new double[2], new double[2]);
    private double[] ds = {};

    /** Draws poles, numerators and a gradient. */
    @Setup
    public void make() {
        Sizes sizes = Sizes.parse(size);
        SplittableRandom random = new SplittableRandom(1);
        workers.close();
        workers = Systems.workers(threads);
        int h = sizes.h();
        sums = new CauchySums(backend, workers, NUMERATORS, h, Systems.PAIRS, sizes.l(),
                Systems.normal(2 * NUMERATORS * h * Systems.PAIRS, 1e-2, random), Systems.continuous(h, random));
        ds = Systems.normal(2 * NUMERATORS * h * sums.nodes(), 1, random);
    }

    /** Gives the threads back. */
    @TearDown
    public void close() { workers.close(); }

    /** The sums. */
    @Benchmark
    public double[] forward() { return sums.forward(); }

    /** Gradients of numerators and poles. */
    @Benchmark
    public CauchySums.Gradients backward() { return sums.backward(ds); }
}
