package s4j.bench;

import java.util.Objects;
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
import s4j.stream.Session;

/** One step of an S4D classifier, d_state 64. The size is {@code 1xHxN}: d_model, layers (too many are taken as 1). */
@State(Scope.Benchmark)
@BenchmarkMode({Mode.AverageTime, Mode.SampleTime})
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ClassifierStepBenchmark {
    private static final int MOST_LAYERS = 32;

    @Param("1x64x4")
    public String size = "1x64x4";

    @Param({"FLOAT32", "INT8"})
    public Precision weights = Precision.FLOAT32;

    private final float[] x = {0.5f};
    private @Nullable Session session;

    @Setup(Level.Trial)
    public void create() {
        Sizes s = Sizes.parse(size);
        S4Model model = RuntimeModels.classifier(s.h(), s.l() > MOST_LAYERS ? 1 : s.l(), weights);
        session = model.newSession();
    }

    @Benchmark
    public float[] step() { return Objects.requireNonNull(session).step(x); }
}
