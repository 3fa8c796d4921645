package s4j.torch.tensor;

import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.jspecify.annotations.Nullable;

/**
 * Owns every native object (tensors, but also scalars and options) that its thread makes until it is closed: one scope
 * per training step. Scopes nest; each is used by one thread.
 */
public final class NativeScope implements AutoCloseable {
    private final @Nullable PointerScope outer = PointerScope.getInnerScope();
    private final PointerScope scope = new PointerScope();
    private final @Nullable NoGradGuard noGrad;

    private NativeScope(boolean gradients) { noGrad = gradients ? null : new NoGradGuard(); }

    /** A scope in which operations are recorded for the backward pass. */
    public static NativeScope open() {
        return new NativeScope(true);
    }

    /** A scope in which nothing is recorded: evaluation, updates, initialisation. */
    public static NativeScope withoutGradients() {
        return new NativeScope(false);
    }

    /** Lets a native object outlive all scopes, until {@link #release}. */
    public static <T extends Pointer> T keep(T pointer) {
        pointer.retainReference();
        return pointer;
    }

    /** Gives up what {@link #keep} kept. */
    public static void release(Pointer pointer) { pointer.releaseReference(); }

    /** Lets an object of this scope live as long as the scope around it; without one, until it is collected. */
    public <T extends Pointer> T handOn(T pointer) {
        if (outer == null) {
            return keep(pointer);
        }
        outer.attach(pointer);
        return pointer;
    }

    @Override
    public void close() {
        if (noGrad != null) {
            noGrad.close();
        }
        scope.close();
    }
}
