package s4j.torch.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.jspecify.annotations.Nullable;
import s4j.io.TensorData;
import s4j.torch.tensor.FusedOp;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.RandomStates;
import s4j.torch.tensor.Tensors;

/**
 * How the blocks of a network run: in evaluation each gives its memory back when it is done; in training all that the backward
 * pass needs is kept, or ({@link #recompute}) of each block its input alone, from which the backward pass computes the
 * block again. Recomputation draws the same dropout and leaves running statistics as they were; sums of gradients may round
 * otherwise.
 *
 * <p>Source: Chen et al., "Training Deep Nets with Sublinear Memory Cost" (arXiv 1604.06174).
 */
final class BlockPass {
    private final ParameterStore store;
    private @Nullable RandomStates random;

    BlockPass(ParameterStore store) { this.store = store; }

    /**
     * Keeps inputs of blocks alone from now on.
     *
     * @param random what dropout draws from
     */
    void recompute(RandomStates random) { this.random = random; }

    /** The block's output and, a value without gradient where it is recomputed, its state. */
    Layer.Output run(Function<Tensor, Layer.Output> block, Tensor x) {
        if (!GradMode.is_enabled()) {
            return freed(block, x);
        }
        RandomStates draws = random;
        if (draws == null) {
            return block.apply(x);
        }
        Map<String, TensorData> before = draws.data();
        Layer.Output out = freed(block, x);
        Tensor any = store.trained().getFirst().value();
        Tensor y = FusedOp.of(out.y(), x, any, g -> {
            Tensor ofInput = again(block, x, g, draws, before);
            if (!x.is_leaf()) {
                x.set_data(Tensors.zeros(x.scalar_type(), x, 0)); // the block before made it, and nothing needs it any more
            }
            return ofInput;
        });
        out.y().deallocate(); // y has its memory
        return new Layer.Output(y, out.state());
    }

    /** Without a graph; what the block made on its way is freed. */
    private static Layer.Output freed(Function<Tensor, Layer.Output> block, Tensor x) {
        try (NativeScope scope = NativeScope.withoutGradients()) {
            Layer.Output out = block.apply(x);
            Tensor state = out.state();
            return new Layer.Output(scope.handOn(out.y()), state == null ? null : scope.handOn(state));
        }
    }

    /** The gradient of the input; those of the parameters are added where they belong. */
    private Tensor again(Function<Tensor, Layer.Output> block, Tensor x, Tensor ofResult, RandomStates draws,
            Map<String, TensorData> before) {
        try (NativeScope scope = NativeScope.open()) {
            Map<Parameter, Tensor> statistics = new LinkedHashMap<>();
            store.all().stream().filter(p -> !p.trained()).forEach(p -> statistics.put(p, p.value().detach().clone()));
            Tensor input = x.detach().requires_grad_(true);
            recorded(() -> block.apply(input).y(), draws, before)
                    .backward(ofResult, new BoolOptional(), false, new TensorArrayRefOptional());
            statistics.forEach((p, value) -> p.value().copy_(value));
            // grad() is a view into the input, which goes with the scope
            return scope.handOn(new Tensor(Objects.requireNonNull(input.grad())));
        }
    }

    /** With the same draws as before, and a graph. */
    private static Tensor recorded(Supplier<Tensor> block, RandomStates draws, Map<String, TensorData> before) {
        Map<String, TensorData> now = draws.data();
        draws.restore(before);
        try (var _ = new AutoGradMode(true)) {
            return block.get();
        } finally {
            draws.restore(now);
        }
    }
}
