package s4j.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The C library's allocator under libtorch. glibc gives blocks of 32 MiB and more back to the system when they are freed, so
 * every operation on large activations touches new pages: a seventh of the time of a convolution of 4 × 128 × 16,384 numbers,
 * forward and backward. Told to keep them, it reuses them; the process then holds what its largest step needed.
 *
 * <p>Threads other than the first, so all of Java's, allocate from regions of 64 MiB, which are unmapped as soon as all of one is
 * free, whatever the thresholds say, unless as much is to be kept in reserve: without it a training step touched 7,000 to 12,000
 * new pages. Blocks beyond 64 MiB have no place there and are mapped anew each time. {@code MALLOC_ARENA_MAX=1}, set before the
 * process starts, gives all threads one region that grows, faster and larger: docs/benchmarks/README.md.
 */
final class Malloc {
    private static final int M_TRIM_THRESHOLD = -1;
    private static final int M_TOP_PAD = -2;
    private static final int M_MMAP_THRESHOLD = -3;
    private static final int KEPT = 1 << 30;
    /** Beyond the 64 MiB of a region; address space alone, until it is used. */
    private static final int RESERVE = 96 << 20;
    /** The variables with which users decide themselves. */
    private static final String[] OWN_CHOICE = {"MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_",
            "MALLOC_TOP_PAD_", "GLIBC_TUNABLES"};

    private static final boolean KEEPS = keep();

    private Malloc() {}

    /** Keeps freed blocks from now on, once and for the whole process; false: left as it is. */
    static boolean keepFreed() {
        return KEEPS;
    }

    @SuppressWarnings("restricted") // two integers in, one out
    private static boolean keep() {
        for (String variable : OWN_CHOICE) {
            if (System.getenv(variable) != null) {
                return false;
            }
        }
        var mallopt = Linker.nativeLinker().defaultLookup().find("mallopt");
        if (mallopt.isEmpty()) {
            return false; // not glibc
        }
        MethodHandle call = Linker.nativeLinker().downcallHandle(mallopt.get(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            return (int) call.invokeExact(M_MMAP_THRESHOLD, KEPT) != 0
                    && (int) call.invokeExact(M_TRIM_THRESHOLD, KEPT) != 0
                    && (int) call.invokeExact(M_TOP_PAD, RESERVE) != 0;
        } catch (Throwable unexpected) {
            throw new IllegalStateException("mallopt", unexpected);
        }
    }
}
