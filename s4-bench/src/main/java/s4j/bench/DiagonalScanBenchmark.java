package s4j.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
import s4j.kernel.scan.DiagonalScan;

/** The scan of S4D with 32 pairs of states and S4D-Lin's poles, on all cores unless {@code threads} says otherwise. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DiagonalScanBenchmark {
    /** Sequences, features, steps. */
    @Param({"50x128x784", "4x128x16384"})
    String size = "";

    /** SIMD or scalar. */
    @Param({"SIMD", "SCALAR"})
    Backend backend = Backend.SCALAR;

    /** Threads; 0: all cores. */
    @Param("0")
    int threads;

    private Arena arena = Arena.ofShared();
    private Workers workers = new Workers(1);
    private MemorySegment u = MemorySegment.NULL;
    private MemorySegment y = MemorySegment.NULL;
    private MemorySegment dy = MemorySegment.NULL;
    private MemorySegment du = MemorySegment.NULL;
    private MemorySegment checkpoints = MemorySegment.NULL;
    private DiagonalScan scan = new DiagonalScan(Backend.SCALAR, workers, 1, 1, 1, new double[2], new double[2], null,
            false);
    private int h;

    /** Makes system and inputs, and stores the states that the backward pass needs. */
    @Setup
    public void make() {
        Sizes sizes = Sizes.parse(size);
        SplittableRandom random = new SplittableRandom(1);
        h = sizes.h();
        double[] a = Systems.discrete(h, random);
        double[] c = Systems.normal(a.length, 1e-2, random);
        workers.close();
        workers = Systems.workers(threads);
        scan = new DiagonalScan(backend, workers, sizes.b(), sizes.l(), h, a, c, new float[h], false);
        arena = Arena.ofShared();
        u = sizes.random(arena, random);
        dy = sizes.random(arena, random);
        y = sizes.activations(arena);
        du = sizes.activations(arena);
        checkpoints = arena.allocate(4 * scan.checkpointSize(), Float.BYTES);
        scan.forward(u, y, false, null, checkpoints);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
        workers.close();
        arena.close();
    }

    /** Outputs alone. */
    @Benchmark
    public MemorySegment forward() {
        scan.forward(u, y, false, null, null);
        return y;
    }

    /** Outputs, and the states for the backward pass. */
    @Benchmark
    public MemorySegment forwardWithCheckpoints() {
        scan.forward(u, y, false, null, checkpoints);
        return y;
    }

    /** Gradients of inputs and coefficients from stored states. */
    @Benchmark
    public DiagonalScan.Gradients backward() {
        DiagonalScan.Gradients gradients = DiagonalScan.Gradients.zeros(h, Systems.PAIRS);
        scan.backward(u, dy, du, false, checkpoints, null, gradients);
        return gradients;
    }
}
