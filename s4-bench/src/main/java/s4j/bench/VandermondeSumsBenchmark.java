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
import s4j.kernel.vandermonde.VandermondeSums;

/** S4D's kernels K {@code [1, h, l]} themselves, 32 pairs of states. The number of sequences has no part in them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class VandermondeSumsBenchmark {
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
    private VandermondeSums sums = new VandermondeSums(Backend.SCALAR, workers, 1, 1, 1, 1, new double[2],
            new double[2]);
    private double[] dk = {};

    /** Draws nodes, weights and a gradient. */
    @Setup
    public void make() {
        Sizes sizes = Sizes.parse(size);
        SplittableRandom random = new SplittableRandom(1);
        workers.close();
        workers = Systems.workers(threads);
        int h = sizes.h();
        sums = new VandermondeSums(backend, workers, 1, h, Systems.PAIRS, sizes.l(),
                Systems.normal(2 * h * Systems.PAIRS, 1, random), Systems.discrete(h, random));
        dk = Systems.normal(h * sizes.l(), 1, random);
    }

    /** Gives the threads back. */
    @TearDown
    public void close() { workers.close(); }

    /** The kernels. */
    @Benchmark
    public double[] forward() { return sums.forward(); }

    /** Gradients of weights and nodes. */
    @Benchmark
    public VandermondeSums.Gradients backward() { return sums.backward(dk); }
}
