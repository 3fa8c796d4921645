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
import s4j.kernel.projection.GatedProjection;

/** GELU, projection, bias and GLU of one block, as many features out as in. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class GatedProjectionBenchmark {
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
    private GatedProjection projection = new GatedProjection(Backend.SCALAR, workers, 1, 1, new float[2], new float[2]);
    private int steps;
    private MemorySegment y = MemorySegment.NULL;
    private MemorySegment out = MemorySegment.NULL;
    private MemorySegment kept = MemorySegment.NULL;
    private MemorySegment dout = MemorySegment.NULL;
    private MemorySegment dy = MemorySegment.NULL;

    /** Draws weights and inputs, and keeps what the backward pass needs. */
    @Setup
    public void make() {
        Sizes sizes = Sizes.parse(size);
        SplittableRandom random = new SplittableRandom(1);
        int h = sizes.h();
        steps = sizes.b() * sizes.l();
        workers.close();
        workers = Systems.workers(threads);
        projection = new GatedProjection(backend, workers, h, h,
                Systems.floats(2 * h * h, 1 / Math.sqrt(h), random), Systems.floats(2 * h, 1, random));
        arena = Arena.ofShared();
        y = sizes.random(arena, random);
        dout = sizes.random(arena, random);
        out = sizes.activations(arena);
        dy = sizes.activations(arena);
        kept = arena.allocate(Float.BYTES * projection.keptSize(steps), Float.BYTES);
        projection.forward(steps, y, out, kept);
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
        projection.forward(steps, y, out, null);
        return out;
    }

    /** Outputs, and what the backward pass needs. */
    @Benchmark
    public MemorySegment forwardWithKept() {
        projection.forward(steps, y, out, kept);
        return out;
    }

    /** Gradients of inputs, weights and biases. */
    @Benchmark
    public GatedProjection.Gradients backward() { return projection.backward(steps, y, kept, out, dout, dy); }
}
