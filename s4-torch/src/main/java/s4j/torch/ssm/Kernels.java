package s4j.torch.ssm;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import s4j.kernel.Backend;
import s4j.kernel.Workers;

/**
 * What computes the convolutions of layers.
 *
 * @param backend s4j's own kernels on the CPU; null: plain libtorch operations, as on every other device
 * @param workers the threads of s4j's own kernels
 */
public record Kernels(@Nullable Backend backend, Workers workers) implements AutoCloseable {

    /** Plain libtorch operations: the oracle, and the path on CUDA. */
    public static Kernels torch() {
        return new Kernels(null, new Workers(1));
    }

    /**
     * The kernels of a word.
     *
     * @param word {@code auto}, {@code simd}, {@code scalar} or {@code torch}
     * @param cpu whether tensors are on the CPU; elsewhere auto means torch
     * @param threads of s4j's own kernels
     */
    public static Kernels of(String word, boolean cpu, int threads) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "torch" -> torch();
            case "auto" -> cpu ? new Kernels(Backend.best(), new Workers(threads)) : torch();
            case "simd", "scalar" -> {
                if (!cpu) {
                    throw new IllegalArgumentException(
                            "kernel.backend=" + word + " runs on the CPU only; use auto or torch");
                }
                yield new Kernels(Backend.valueOf(word.toUpperCase(Locale.ROOT)), new Workers(threads));
            }
            default -> throw new IllegalArgumentException("kernel.backend=" + word
                    + "; expected auto, simd, scalar or torch");
        };
    }

    @Override
    public void close() { workers.close(); }

    /** One line for people. */
    public String describe() {
        return backend == null
                ? "kernels: libtorch"
                : "kernels: %s, %d threads".formatted(backend.describe(), workers.threads());
    }
}
