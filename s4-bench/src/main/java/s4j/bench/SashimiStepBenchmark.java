package s4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import s4j.kernel.matrix.PackedMatrix.Precision;
import s4j.stream.S4Model;
import s4j.stream.StreamState;

/**
 * One step of SaShiMi (pool 4 4), B streams together. Time per step of all streams: samples/s is B divided by it. The size
 * is {@code BxHxN}: streams, d_model, layers; beyond 64 layers they are too many for a model and taken as 1.
 */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class SashimiStepBenchmark {
    private static final int MOST_LAYERS = 32;

    @Param({"1x64x8", "32x64x8"})
    public String size = "1x64x8";

    @Param({"FLOAT32", "BF16", "INT8"})
    public Precision weights = Precision.FLOAT32;

    @Param("2")
    public int threads = 2;

    /** Whether all streams began together, as in generation: then pools of all fill in the same step. */
    @Param({"true", "false"})
    public boolean aligned = true;

    private @Nullable S4Model model;
    private final List<StreamState> states = new ArrayList<>();
    private float[] x = {};
    private float[] y = {};

    @Setup(Level.Trial)
    public void create() {
        Sizes s = Sizes.parse(size);
        S4Model made = RuntimeModels.sashimi(s.h(), s.l() > MOST_LAYERS ? 1 : s.l(), weights, threads);
        states.clear();
        model = made;
        SplittableRandom random = new SplittableRandom(1);
        x = new float[s.b()];
        for (int i = 0; i < s.b(); i++) {
            StreamState state = made.newState();
            if (!aligned) {
                made.forwardChunk(state, new float[i % 16]);
            }
            states.add(state);
            x[i] = (float) random.nextGaussian();
        }
        y = new float[s.b() * made.dOutput()];
    }

    @Benchmark
    public float[] step() {
        if (states.size() == 1) {
            Objects.requireNonNull(model).step(states.getFirst(), x, y);
        } else {
            Objects.requireNonNull(model).step(states, x, y);
        }
        return y;
    }
}
