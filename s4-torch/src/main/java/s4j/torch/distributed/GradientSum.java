package s4j.torch.distributed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Tensors;

/**
 * The sum of all workers' gradients, in flat buckets, which go over the network while the next are filled. It follows the backward pass:
 * that of the fused operations gives most gradients of a layer at once, and at the sizes of these networks the exchange takes some
 * hundredths of the backward pass (docs/decisions/018).
 */
public final class GradientSum {
    /** Bytes of a bucket, as in PyTorch. */
    static final long BUCKET = 25L << 20;
    private static final int FLOAT = 4;

    private final Group group;
    private final long bucket;

    /** Over these workers. */
    public GradientSum(Group group) { this(group, BUCKET); }

    GradientSum(Group group, long bucket) {
        this.group = group;
        this.bucket = bucket;
    }

    /** Parameters that go together, and their gradients one after the other. */
    private record Bucket(List<Parameter> parameters, Tensor flat, Work work) {}

    /**
     * Replaces all gradients by their sums over the workers. One that no worker has stays away.
     *
     * @param averaged tensors to be replaced by their means, e.g. running statistics
     * @param numbers further numbers
     * @return the sums of the numbers
     */
    public double[] sum(List<Parameter> trained, List<Tensor> averaged, double... numbers) {
        if (!(group instanceof GlooGroup workers)) {
            return numbers.clone();
        }
        try (var _ = NativeScope.withoutGradients()) {
            double[] told = Arrays.copyOf(numbers, numbers.length + trained.size());
            for (int i = 0; i < trained.size(); i++) {
                told[numbers.length + i] = trained.get(i).value().grad().defined() ? 1 : 0;
            }
            List<Bucket> buckets = new ArrayList<>();
            for (List<Parameter> part : buckets(trained)) {
                Tensor flat = flat(part);
                buckets.add(new Bucket(part, flat, workers.startSum(flat)));
            }
            List<Tensor> hosts = averaged.stream().map(t -> t.cpu().clone()).toList();
            List<Work> means = hosts.stream().map(workers::startSum).toList();
            double[] sums = workers.sum(told);
            int at = numbers.length;
            for (Bucket b : buckets) {
                workers.await(b.work);
                at = spread(b, sums, at);
            }
            for (int i = 0; i < hosts.size(); i++) {
                workers.await(means.get(i));
                averaged.get(i).copy_(hosts.get(i).div(new Scalar((double) group.size())));
            }
            return Arrays.copyOf(sums, numbers.length);
        }
    }

    private List<List<Parameter>> buckets(List<Parameter> trained) {
        List<List<Parameter>> out = new ArrayList<>();
        long bytes = Long.MAX_VALUE;
        for (Parameter p : trained) {
            long size = FLOAT * p.value().numel();
            if (out.isEmpty() || bytes + size > bucket) {
                out.add(new ArrayList<>());
                bytes = 0;
            }
            out.getLast().add(p);
            bytes += size;
        }
        return out;
    }

    private static Tensor flat(List<Parameter> part) {
        TensorVector rows = new TensorVector();
        for (Parameter p : part) {
            Tensor g = p.value().grad();
            rows.push_back((g.defined() ? g : torch.zeros_like(p.value())).reshape(-1).cpu());
        }
        return torch.cat(rows);
    }

    private static int spread(Bucket b, double[] sums, int at) {
        long from = 0;
        for (Parameter p : b.parameters) {
            long n = p.value().numel();
            Tensor sum = b.flat.narrow(0, from, n).reshape(Tensors.shape(p.value())).to(p.value().device(), p.value()
                    .scalar_type());
            if (p.value().grad().defined()) {
                p.value().grad().copy_(sum);
            } else if (sums[at] > 0) {
                p.value().mutable_grad().put(sum.clone());
            }
            from += n;
            at++;
        }
        return at;
    }
}
