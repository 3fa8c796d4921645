package s4j.torch;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;
import s4j.torch.tensor.OneBlasThread;

/** The libtorch underneath: device choice, threads, and what a report or a checkpoint has to say about them. */
final class Libtorch {
    private Libtorch() {}

    /**
     * The device of a word.
     *
     * @param word {@code auto} (CUDA if the natives and a GPU are there), {@code cpu} or {@code cuda}
     */
    static Device device(String word) {
        boolean cuda = torch.cuda_is_available();
        return switch (word) {
            case "auto" -> new Device(cuda ? "cuda" : "cpu");
            case "cpu" -> new Device("cpu");
            case "cuda" -> {
                if (!cuda) {
                    throw new IllegalArgumentException(
                            "trainer.device=cuda: this libtorch finds no GPU; expected the CUDA "
                                    + "natives (org.bytedeco:pytorch-platform-gpu) and a driver, or trainer.device=cpu");
                }
                yield new Device("cuda");
            }
            default -> throw new IllegalArgumentException("trainer.device=" + word + "; expected auto, cpu or cuda");
        };
    }

    /** Sets libtorch's threads and those of its BLAS; 0 leaves one per core. Every learner and workload begins here. */
    static void threads(int threads) {
        Malloc.keepFreed();
        torch.set_num_threads(threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
        OneBlasThread.all();
    }

    /** One line for people: versions, BLAS core, vector width, threads, device. */
    static String describe(Device device) {
        return "libtorch %s, %s, vectors %s, %d threads, device %s".formatted(version(), blas(),
                text(torch.get_cpu_capability()), torch.get_num_threads(), deviceName(device));
    }

    /** What the bits of a run depend on. */
    static String fingerprint(Device device) {
        return "device=%s threads=%d blas=%s vectors=%s".formatted(deviceName(device), torch.get_num_threads(), blas(),
                text(torch.get_cpu_capability()));
    }

    private static String deviceName(Device device) { return device.is_cuda() ? "cuda" : "cpu"; }

    private static String version() {
        String version = torch.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    private static String text(BytePointer pointer) { return pointer == null ? "unknown" : pointer.getString(); }

    /** The kernels that OpenBLAS chose for this processor, e.g. {@code OpenBLAS SkylakeX}. */
    @SuppressWarnings("restricted")
    private static String blas() {
        Path library = Path.of(Loader.load(openblas.class));
        try (Arena arena = Arena.ofConfined()) {
            // the library that libtorch itself calls: same file, so the same state
            Path blas = library.resolveSibling(System.mapLibraryName("openblas") + ".0");
            SymbolLookup lookup = SymbolLookup.libraryLookup(blas.toFile().exists() ? blas : library, arena);
            var corename = lookup.find("openblas_get_corename");
            if (corename.isEmpty()) {
                return "BLAS";
            }
            var call = Linker.nativeLinker().downcallHandle(corename.get(),
                    FunctionDescriptor.of(ValueLayout.ADDRESS));
            MemorySegment name = (MemorySegment) call.invokeExact();
            return "OpenBLAS " + name.reinterpret(64).getString(0);
        } catch (Throwable unavailable) {
            return "BLAS";
        }
    }
}
