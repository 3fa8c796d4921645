package s4j.bench;

import java.util.List;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.torch.Learner;
import s4j.train.config.ConfigLoader;
import s4j.train.config.TrainConfig;

/**
 * A training step of {@code experiment=sc/s4-sc}: 16 recordings of a second at 16 kHz, 6 layers, d_model 128,
 * bidirectional S4.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(1)
public class RawAudioStepBenchmark {
    private static final int CLASSES = 10;

    /** Sequences, features, samples. */
    @Param("16x128x16000")
    public String size = "";

    private @Nullable Learner learner;
    private @Nullable SequenceBatch batch;

    /** Makes the network and a batch of noise. */
    @Setup
    public void make() {
        Sizes sizes = Sizes.parse(size);
        TrainConfig config = ConfigLoader.usual(List.of())
                .load(List.of("experiment=sc/s4-sc", "model.d_model=" + sizes.h(),
                        "model.layer.n_ssm=" + (sizes.h() % 2 == 0 ? 2 : 1)));
        int b = sizes.b();
        int l = sizes.l();
        learner = Learner.create(new NetworkConfig(1, CLASSES, l, config.encoder(), config.model(),
                config.decoder()), config.learnerOptions());
        SplittableRandom random = new SplittableRandom(1);
        float[] x = new float[b * l];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        batch = new SequenceBatch(b, l, 1, x, random.ints(b, 0, CLASSES).toArray());
    }

    /** Gives the network back. */
    @TearDown
    public void close() {
        if (learner != null) {
            learner.close();
        }
    }

    /** One step. */
    @Benchmark
    public Learner.StepResult trainStep() {
        if (learner == null || batch == null) {
            throw new IllegalStateException("not set up");
        }
        return learner.trainStep(batch, 1.0);
    }
}
