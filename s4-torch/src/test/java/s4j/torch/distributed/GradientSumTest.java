package s4j.torch.distributed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/** Gradients of workers, summed. */
final class GradientSumTest {
    private static final int[] SIZES = {5, 1, 12, 3};

    /** The gradient of parameter i is i + 1 times rank + 1; number 1 has one at rank 2 alone, number 3 nowhere. */
    private static boolean has(int i, int rank) {
        return i == 1 ? rank == 2 : i != 3;
    }

    /** A worker's parameters and a statistic of its own. */
    private record Worker(ParameterStore store, Tensor statistic) {
        static Worker of(int rank) {
            ParameterStore store = new ParameterStore(0, new Device("cpu"), ScalarType.Float);
            for (int i = 0; i < SIZES.length; i++) {
                Parameter p = store.add("p" + i, Role.WEIGHT, new double[SIZES[i]], SIZES[i]);
                if (has(i, rank)) {
                    p.value().sum().mul(new Scalar((i + 1.0) * (rank + 1))).backward();
                }
            }
            return new Worker(store, Tensor.create(new float[]{3 * rank}, 1));
        }

        List<double[]> gradients() {
            return store.trained().stream().map(p -> p.value().grad())
                    .map(g -> g.defined() ? Tensors.doubles(g) : new double[0]).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 24, 1 << 20})
    void inBucketsOfEverySizeTheyAreThoseOfAllWorkers(long bucket) {
        try (var _ = NativeScope.open()) {
            List<Worker> workers = IntStream.range(0, Together.SIZE).mapToObj(Worker::of).toList();
            List<List<double[]>> out = Together.all(group -> {
                Worker own = workers.get(group.rank());
                double[] numbers = new GradientSum(group, bucket).sum(own.store.trained(), List.of(own.statistic), 1,
                        group.rank());
                List<double[]> seen = new ArrayList<>(List.of(numbers, Tensors.doubles(own.statistic)));
                seen.addAll(own.gradients());
                return seen;
            });
            check(out);
            workers.forEach(w -> w.store.close());
        }
    }

    private static void check(List<List<double[]>> out) {
        for (List<double[]> seen : out) {
            assertArrayEquals(new double[]{3, 3}, seen.get(0));
            assertArrayEquals(new double[]{3}, seen.get(1));
            assertArrayEquals(filled(5, 6), seen.get(2));
            assertArrayEquals(filled(1, 6), seen.get(3), "one worker's alone, also where there was none");
            assertArrayEquals(filled(12, 18), seen.get(4));
            assertEquals(0, seen.get(5).length, "nobody has one");
        }
    }

    private static double[] filled(int n, double value) {
        double[] out = new double[n];
        Arrays.fill(out, value);
        return out;
    }
}
