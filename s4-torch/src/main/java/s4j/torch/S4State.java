package s4j.torch;

import java.util.Objects;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import s4j.torch.nn.Layer;
import s4j.torch.tensor.NativeScope;

/**
 * Streams that go through one {@link S4} step by step: the discretised system as it was when they began, and what they remember.
 * Lives until it is closed, whatever scopes are around it; used by one thread.
 */
public final class S4State implements AutoCloseable {
    private final PointerScope system;
    private final Layer.Stepper stepper;
    private Tensor state;

    S4State(Layer layer, long batch) {
        // the scope's first close ends it for this thread, and the second frees what was made in it
        try (PointerScope kept = new PointerScope().extend(); var _ = new NoGradGuard()) {
            this.system = kept;
            this.stepper = layer.stepper(1);
            this.state = NativeScope.keep(layer.zeroState(batch));
        }
    }

    Tensor step(Tensor x) {
        try (var _ = new NoGradGuard()) {
            Layer.Output out = stepper.step(x, state);
            Tensor next = NativeScope.keep(Objects.requireNonNull(out.state()));
            NativeScope.release(state);
            state = next;
            return out.y();
        }
    }

    @Override
    public void close() {
        NativeScope.release(state);
        system.close();
    }
}
