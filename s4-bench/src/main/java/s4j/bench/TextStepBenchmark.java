package s4j.bench;

import java.util.SplittableRandom;
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
 * A token of a language model of characters (6 layers of S4D, 2.9 M parameters), on one core, after a text of a given length: the
 * state carries the text, so the length does not matter.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TextStepBenchmark {
    private static final int CHARACTERS = 65;
    private static final int LAYERS = 6;
    private static final int CHUNK = 4096;

    /** Texts (always one), features, characters before. */
    @Param({"1x448x1", "1x448x10000", "1x448x1000000"})
    public String size = "";

    private final float[] x = new float[1];
    private final float[] y = new float[CHARACTERS];
    private @Nullable Session session;

    /** Reads the text. */
    @Setup
    public void read() {
        Sizes sizes = Sizes.parse(size);
        Session made = RuntimeModels.text(CHARACTERS, sizes.h(), LAYERS).newSession();
        SplittableRandom random = new SplittableRandom(1);
        for (int left = sizes.l(); left > 0; left -= CHUNK) {
            float[] part = new float[Math.min(CHUNK, left)];
            for (int i = 0; i < part.length; i++) {
                part[i] = random.nextInt(CHARACTERS);
            }
            made.chunk(part);
        }
        session = made;
    }

    /** One token. */
    @Benchmark
    public float[] step() {
        if (session == null) {
            throw new IllegalStateException("not set up");
        }
        session.step(x, y);
        x[0] = (x[0] + 1) % CHARACTERS;
        return y;
    }
}
