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

/** {@link Learner#trainStep} of {@code pipeline=mnist}: forward, backward, clipping, update. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class TrainStepBenchmark {
    /** The network: {@code model=…}. */
    @Param({"s4d", "s4"})
    String model = "";

    /** Sequences, features, steps. */
    @Param("50x64x784")
    String size = "";

    /** What computes the convolutions: {@code kernel.backend=…}. */
    @Param("auto")
    String backend = "";

    private @Nullable Learner learner;
    private @Nullable SequenceBatch batch;

    /** Makes the network and a batch of noise. */
    @Setup
    public void make() {
        Sizes sizes = Sizes.parse(size);
        TrainConfig config = ConfigLoader.usual(List.of()).load(List.of("pipeline=mnist", "model=" + model,
                "model.d_model=" + sizes.h(), "kernel.backend=" + backend));
        learner = Learner.create(new NetworkConfig(1, 10, sizes.l(), config.encoder(), config.model(),
                config.decoder()), config.learnerOptions());
        SplittableRandom random = new SplittableRandom(1);
        float[] x = new float[sizes.b() * sizes.l()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble();
        }
        batch = new SequenceBatch(sizes.b(), sizes.l(), 1, x, random.ints(sizes.b(), 0, 10).toArray());
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
