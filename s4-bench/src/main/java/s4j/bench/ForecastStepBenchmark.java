package s4j.bench;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.openjdk.jmh.annotations.Warmup;
import s4j.stream.Session;

/**
 * A new observation of a stream in, the 96 numbers ahead out (S4D, one core): what {@code forecast --stream} asks of the network after each
 * line, before units are put back.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ForecastStepBenchmark {
    private static final int HORIZON = 96;

    /** Series (always one), features, layers. */
    @Param("1x64x2")
    public String size = "";

    private final float[] x = {0.5f};
    private final float[] y = new float[HORIZON];
    private @Nullable Session session;

    /** Makes the network. */
    @Setup
    public void make() {
        Sizes sizes = Sizes.parse(size);
        session = RuntimeModels.forecaster(sizes.h(), sizes.l(), HORIZON).newSession();
    }

    /** One observation. */
    @Benchmark
    public float[] step() {
        if (session == null) {
            throw new IllegalStateException("not set up");
        }
        session.step(x, y);
        x[0] = -x[0];
        return y;
    }
}
