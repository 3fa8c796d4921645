package s4j.cli.bench;

import static java.util.Map.entry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How fast peers are known to be, in milliseconds, on a quiet machine with 2 cores and AVX-512: PyTorch 2.13 with MKL and
 * JAX 0.10.2 for the convolution, the official S4 with PyTorch 2.13 for blocks, training steps (B 50, L 784 and B 4, L 16384
 * at H 128, N 64; training steps at the default MNIST size) and 16 steps of its SaShiMi. The official figures are for the
 * official code and for our PyTorch program. Who is more than a fifth slower does not count: it would only make s4j look
 * good. Elsewhere than on such a machine the figures say little.
 */
final class KnownFigures {
    static final double SLACK = 1.2;

    // of a range that was measured, the fast end
    private static final Map<String, Double> MILLISECONDS = Map.ofEntries(
            entry("torch s4d/convolution/fwd/b50-h128-l784", 139.0),
            entry("torch s4d/convolution/fwd-bwd/b50-h128-l784", 338.0),
            entry("torch s4d/convolution/fwd/b4-h128-l16384", 1800.0),
            entry("torch s4d/convolution/fwd-bwd/b4-h128-l16384", 3800.0),
            entry("jax s4d/convolution/fwd/b50-h128-l784", 61.0),
            entry("jax s4d/convolution/fwd-bwd/b50-h128-l784", 93.0),
            entry("jax s4d/convolution/fwd/b4-h128-l16384", 582.0),
            entry("jax s4d/convolution/fwd-bwd/b4-h128-l16384", 938.0),
            entry("official s4d/block/fwd/b50-h128-l784", 122.0),
            entry("official s4d/block/fwd-bwd/b50-h128-l784", 420.0),
            entry("official s4d/block/fwd/b4-h128-l16384", 5157.0),
            entry("official s4d/block/fwd-bwd/b4-h128-l16384", 7024.0),
            entry("official s4/block/fwd/b50-h128-l784", 146.0),
            entry("official s4/block/fwd-bwd/b50-h128-l784", 670.0),
            entry("official s4/block/fwd/b4-h128-l16384", 2003.0),
            entry("official s4/block/fwd-bwd/b4-h128-l16384", 19079.0),
            entry("official s4d/training-step/b50-h64-l784", 428.0),
            entry("official s4/training-step/b50-h64-l784", 427.0),
            entry("official s4d/sashimi-steps/b1-h64-l16", 40.3),
            entry("official s4d/sashimi-steps/b32-h64-l16", 98.5),
            entry("official s4/sashimi-steps/b1-h64-l16", 38.8),
            entry("official s4/sashimi-steps/b32-h64-l16", 109.0));

    private KnownFigures() {}

    /** The figure of a peer at a work; null: none is known. */
    static @Nullable Double of(String peer, Work work) {
        Double own = MILLISECONDS.get(peer + " " + work.name());
        return own == null && peer.equals("torch") ? of("official", work) : own;
    }
}
