package s4j.torch.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import s4j.model.PoolConfig;
import s4j.torch.Cases;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Tensors;

/** Pools of recordings at another rate than training's. */
class PoolTest {
    private static final int H = 3;

    @Test
    void aStepAtAWholeRateStandsForSoMany() {
        try (var store = Cases.store(5); var _ = NativeScope.withoutGradients()) {
            for (PoolConfig.Kind kind : PoolConfig.Kind.values()) {
                Pool pool = Pool.create(new PoolConfig(kind, 4, 2), H, kind + ".", store);
                Tensor x = Cases.input(5, 2, 7, H);
                Tensor held = x.repeat_interleave(3, new LongOptional(1), new LongOptional());
                assertArrayEquals(Tensors.doubles(pool.forward(held, 1)), Tensors.doubles(pool.forward(x, 3)),
                        kind.name());
                assertArrayEquals(Tensors.doubles(pool.mask(held, 1)), Tensors.doubles(pool.mask(x, 3)), kind.name());
            }
        }
    }

    @Test
    void otherRatesPoolStepsAsTheyAre() {
        assertEquals(1, PoolConfig.held(1.5));
        assertEquals(1, PoolConfig.held(0.5));
        assertEquals(1, PoolConfig.held(Double.NaN));
        assertEquals(2, PoolConfig.held(2));
        assertEquals(1, PoolConfig.held(1e9));
    }
}
