package s4j.bench;

import java.io.IOException;
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
import s4j.torch.distributed.Group;
import s4j.torch.distributed.PeerException;
import s4j.torch.distributed.World;
import s4j.train.config.ConfigLoader;
import s4j.train.config.TrainConfig;

/** A step of so many sequences in all, by workers with so many threads each. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class DataParallelBenchmark {
    /** Workers and threads of each. */
    @Param({"1x1", "1x2", "2x1"})
    String workers = "";

    /** The network: {@code model=…}. */
    @Param("s4")
    String model = "";

    /** Sequences of all workers together, features, steps. */
    @Param({"50x64x784", "50x64x196", "50x128x784"})
    String size = "";

    private @Nullable Peer peer;
    private @Nullable Worker own;

    /** One worker with its share of the batch. */
    private record Worker(Group group, Learner learner, SequenceBatch batch) implements AutoCloseable {
        static Worker of(World world, String model, String size, int threads) {
            Sizes sizes = Sizes.parse(size);
            int b = Math.max(1, sizes.b() / world.size());
            TrainConfig config = ConfigLoader.usual(List.of()).load(List.of("pipeline=mnist", "model=" + model,
                    "model.d_model=" + sizes.h()));
            Group group = Group.join(world, "benchmark");
            Learner learner = Learner.create(new NetworkConfig(1, 10, sizes.l(), config.encoder(), config.model(),
                    config.decoder()), config.learnerOptions().withThreads(threads), group);
            SplittableRandom random = new SplittableRandom(world.rank());
            float[] x = new float[b * sizes.l()];
            for (int i = 0; i < x.length; i++) {
                x[i] = (float) random.nextDouble();
            }
            return new Worker(group, learner, new SequenceBatch(b, sizes.l(), 1, x, random.ints(b, 0, 10).toArray()));
        }

        Learner.StepResult step() { return learner.trainStep(batch, 1.0); }

        @Override
        public void close() {
            learner.close();
            group.close();
        }
    }

    /** The second worker: steps until the first one leaves. */
    public static void main(String[] args) {
        try (Worker worker = Worker.of(World.of(System.getenv()), args[0], args[1], Integer.parseInt(args[2]))) {
            while (true) {
                worker.step();
            }
        } catch (PeerException e) {
            System.exit(0);
        }
    }

    /** Starts the workers. */
    @Setup
    public void start() throws IOException {
        int n = Integer.parseInt(workers.split("x", 2)[0]);
        String threads = workers.split("x", 2)[1];
        if (n > 1) {
            peer = Peer.start(DataParallelBenchmark.class, model, size, threads);
        }
        own = Worker.of(peer == null ? World.ALONE : peer.first(), model, size, Integer.parseInt(threads));
    }

    /** Ends them. */
    @TearDown
    public void close() {
        if (peer != null) {
            peer.close();
        }
        if (own != null) {
            own.close();
        }
    }

    /** One step of all. */
    @Benchmark
    public Learner.StepResult trainStep() {
        if (own == null) {
            throw new IllegalStateException("not set up");
        }
        return own.step();
    }
}
