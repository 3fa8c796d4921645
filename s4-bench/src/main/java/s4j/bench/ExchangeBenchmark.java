package s4j.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
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
import s4j.torch.distributed.GradientSum;
import s4j.torch.distributed.Group;
import s4j.torch.distributed.PeerException;
import s4j.torch.distributed.World;
import s4j.torch.tensor.Parameter;

/** The sum of two workers' gradients alone: the most that an overlap with the backward pass could save of a step. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ExchangeBenchmark {
    /** Parameters of sMNIST's default network, and of one of 4 MiB. */
    @Param({"52362", "1048576"})
    int parameters;

    private @Nullable Peer peer;
    private @Nullable Group group;
    private @Nullable Parameter own;

    private static Parameter gradients(int n) {
        Tensor value = torch.zeros(n);
        value.mutable_grad().put(torch.zeros(n));
        return new Parameter("weights", value, Parameter.Role.WEIGHT, null, null);
    }

    /** The second worker: exchanges until the first one leaves. */
    public static void main(String[] args) {
        try (Group group = Group.join(World.of(System.getenv()), "exchange")) {
            Parameter own = gradients(Integer.parseInt(args[0]));
            while (true) {
                new GradientSum(group).sum(List.of(own), List.of(), 1, 1);
            }
        } catch (PeerException e) {
            System.exit(0);
        }
    }

    /** Starts both. */
    @Setup
    public void start() throws IOException {
        peer = Peer.start(ExchangeBenchmark.class, String.valueOf(parameters));
        group = Group.join(peer.first(), "exchange");
        own = gradients(parameters);
    }

    /** Ends them. */
    @TearDown
    public void close() {
        if (peer != null) {
            peer.close();
        }
        if (group != null) {
            group.close();
        }
    }

    /** One exchange. */
    @Benchmark
    public double[] exchange() {
        if (own == null || group == null) {
            throw new IllegalStateException("not set up");
        }
        return new GradientSum(group).sum(List.of(own), List.of(), 1, 1);
    }
}
