package s4j.bench;

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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import s4j.audio.FrontEnd;
import s4j.audio.SoundFeatures;
import s4j.kernel.matrix.PackedMatrix.Precision;
import s4j.stream.Session;

/**
 * Sound at 16 kHz: the features of a second, and a second of raw samples through the layers of a causal S4D of d_model 64, 4 layers,
 * in packets of 20 ms. A second of sound in t ms is 1000 / t times real time.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class SpeechBenchmark {
    private static final int RATE = 16_000;
    private static final int PACKET = RATE / 50;

    private final FrontEnd mfcc = FrontEnd.of(SoundFeatures.Mfcc.DEFAULTS, RATE);
    private final FrontEnd logMel = FrontEnd.of(SoundFeatures.LogMel.DEFAULTS, RATE);
    private final float[] second = new float[RATE];
    private final float[] packet = new float[PACKET];
    private @Nullable Session session;

    @Setup(Level.Trial)
    public void create() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < RATE; i++) {
            second[i] = (float) (random.nextGaussian() * 0.1);
        }
        session = RuntimeModels.classifier(64, 4, Precision.FLOAT32).newSession();
    }

    /** The official 161 × 20 coefficients. */
    @Benchmark
    public float[] mfcc() { return mfcc.features(second); }

    /** 101 × 40 bands. */
    @Benchmark
    public float[] logMel() { return logMel.features(second); }

    /** Fifty packets. */
    @Benchmark
    public float[] rawSecond() {
        Session s = Objects.requireNonNull(session);
        float[] y = packet;
        for (int i = 0; i < RATE / PACKET; i++) {
            System.arraycopy(second, i * PACKET, packet, 0, PACKET);
            y = s.chunk(packet);
        }
        return y;
    }
}
