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
import s4j.kernel.convolution.ToeplitzConvolution;

/** Convolution with kernels of one channel, causal: sums as written for short kernels, transforms for others. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ToeplitzConvolutionBenchmark {
    /** The longest kernel whose sums are written out. */
    private static final int SHORT = 64;

    /** Which kernels, and so which method. */
    public enum Kernel {
        /** 64 steps or fewer: sums as written. */
        SHORT,
        /** As many steps as the sequence, which has 65 at least: transforms. */
        LONG
    }

    /** Sequences, features, steps. */
    @Param({"50x128x784", "4x128x16384"})
    String size = "";

    /** SIMD or scalar. */
    @Param({"SIMD", "SCALAR"})
    Backend backend = Backend.SCALAR;

    /** Threads; 0: all cores. */
    @Param("0")
    int threads;

    /** Length of the kernels. */
    @Param({"SHORT", "LONG"})
    Kernel kernel = Kernel.SHORT;

    private Arena arena = Arena.ofShared();
    private Workers workers = new Workers(1);
    private Sizes sizes = new Sizes(1, 1, 1);
    private float[] k = {0};
    private float[] d = {0};
    private MemorySegment u = MemorySegment.NULL;
    private MemorySegment y = MemorySegment.NULL;
    private MemorySegment dy = MemorySegment.NULL;
    private MemorySegment du = MemorySegment.NULL;
    private ToeplitzConvolution convolution = plan();

    /** Draws kernels that fade, and inputs. */
    @Setup
    public void make() {
        Sizes asked = Sizes.parse(size);
        SplittableRandom random = new SplittableRandom(1);
        sizes = kernel == Kernel.LONG ? new Sizes(asked.b(), asked.h(), Math.max(asked.l(), SHORT + 1)) : asked;
        int lk = kernel == Kernel.LONG ? sizes.l() : Math.min(sizes.l(), SHORT);
        k = Systems.floats(sizes.h() * lk, 1, random);
        for (int i = 0; i < k.length; i++) {
            k[i] *= (float) Math.exp(-3.0 * (i % lk) / lk);
        }
        d = Systems.floats(sizes.h(), 1, random);
        workers.close();
        workers = Systems.workers(threads);
        convolution = plan();
        arena = Arena.ofShared();
        u = sizes.random(arena, random);
        dy = sizes.random(arena, random);
        y = sizes.activations(arena);
        du = sizes.activations(arena);
    }

    private ToeplitzConvolution plan() {
        return new ToeplitzConvolution(backend, workers, sizes.b(), sizes.l(), sizes.h(), 1, k, null, d);
    }

    /** Gives everything back. */
    @TearDown
    public void close() {
        workers.close();
        arena.close();
    }

    /** What is made once for new kernels: their spectra, or their layout. */
    @Benchmark
    public ToeplitzConvolution kernels() { return plan(); }

    /** Outputs. */
    @Benchmark
    public MemorySegment forward() {
        convolution.forward(u, y, false);
        return y;
    }

    /** Gradients of inputs, kernels and skips. */
    @Benchmark
    public ToeplitzConvolution.Gradients backward() {
        var gradients = ToeplitzConvolution.Gradients.zeros(1, sizes.h(), k.length / sizes.h(), false);
        convolution.backward(u, dy, du, false, gradients);
        return gradients;
    }
}
