package s4j.cli.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import s4j.cli.bench.Work.Kind;

/**
 * Makes s4j and its peers, each with the environment it is fastest in. The peers' programs lie in a temporary directory
 * until this is closed.
 */
public final class Contenders implements AutoCloseable {
    /** What makes OpenBLAS choose its kernels: given from outside, they are often wrong for the processor; both go together. */
    private static final List<String> CORE_TYPE = List.of("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE");
    /** What the launcher sets for s4j's own process. */
    static final Map<String, String> LAUNCHER = Map.of("OMP_WAIT_POLICY", "active", "GOMP_SPINCOUNT", "2000",
            "MALLOC_ARENA_MAX", "1", "MALLOC_MMAP_THRESHOLD_", "1073741824", "MALLOC_TRIM_THRESHOLD_", "1073741824");
    private static final List<String> PROGRAMS = List.of("lines.py", "recurrence.py", "torch_peer.py", "jax_peer.py",
            "official_peer.py");
    private static final Set<Kind> JAX = EnumSet.of(Kind.CONVOLUTION, Kind.BLOCK, Kind.TRAINING_STEP);
    private static final Set<Kind> TORCH = EnumSet.complementOf(EnumSet.of(Kind.SASHIMI_STEPS));
    private static final Set<Kind> OFFICIAL = EnumSet.complementOf(EnumSet.of(Kind.CONVOLUTION));
    /** Where the official repository has its layer, all of it in one file. */
    private static final Path OFFICIAL_LAYER = Path.of("models", "s4", "s4.py");
    private static final Duration OWN_LIMIT = Duration.ofMinutes(10);
    private static final Duration PEER_LIMIT = Duration.ofMinutes(1);
    private static final Duration CHECK = Duration.ofMinutes(1);

    private final Path programs;

    private Contenders(Path programs) { this.programs = programs; }

    /** Unpacks the peers' programs. */
    public static Contenders unpack() throws IOException {
        Path directory = Files.createTempDirectory("s4-bench");
        for (String program : PROGRAMS) {
            try (InputStream in = Contenders.class.getResourceAsStream(program)) {
                Files.copy(Objects.requireNonNull(in, program), directory.resolve(program),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return new Contenders(directory);
    }

    /**
     * s4j.
     *
     * @param backend a word of {@code kernel.backend}
     */
    public static Contender ours(String backend) {
        return new Contender("s4j", memory -> own(backend, false, memory), OWN_LIMIT, _ -> true);
    }

    /**
     * PyTorch and JAX, by name, and the official implementation, where it is given.
     *
     * @param official a checkout of its repository, as {@link #checkOfficial} wants it
     */
    public List<Contender> peers(String python, @Nullable Path official) {
        List<Contender> peers = new ArrayList<>(List.of(
                peer("torch", w -> TORCH.contains(w.kind()), python),
                peer("jax", w -> JAX.contains(w.kind()) && !w.model().rival(), python)));
        if (official != null) {
            peers.add(peer("official", w -> OFFICIAL.contains(w.kind()) && !w.model().rival(), python,
                    official.toAbsolutePath().toString()));
        }
        return peers;
    }

    /** Why a directory is no checkout of the official repository; null: it looks like one. */
    public static @Nullable String checkOfficial(Path directory) {
        return Files.isRegularFile(directory.resolve(OFFICIAL_LAYER))
                ? null
                : "no file " + directory.resolve(OFFICIAL_LAYER)
                        + "; expected a checkout of the official repository, state-spaces/s4";
    }

    private Contender peer(String name, Predicate<Work> part, String python, String... arguments) {
        return new Contender(name, memory -> python(python, programs.resolve(name + "_peer.py"), arguments),
                PEER_LIMIT, part);
    }

    /**
     * Whether OpenBLAS computes the same with and without the core type that the environment gives, for those who have one.
     *
     * @return one line for people; empty: the environment gives none
     * @throws StoppedException when it does not
     */
    public static String checkCoreType(String backend) throws StoppedException {
        if (CORE_TYPE.stream().noneMatch(System.getenv()::containsKey)) {
            return "";
        }
        try (Child with = Child.start(own(backend, true, false))) {
            String greeting = with.greeting(CHECK);
            if (!greeting.startsWith("ready ")) {
                throw new StoppedException("with the environment's " + String.join(", ", CORE_TYPE) + ": " + greeting);
            }
            return String.join(" and ", CORE_TYPE)
                    + " are set and left out: libtorch's products agree with Java's with "
                    + "them (" + greeting.substring("ready ".length()) + ") and without";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This JVM once more, with the same flags; for memory a small young generation, because garbage counts as resident. */
    private static ProcessBuilder own(String backend, boolean coreType, boolean memory) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command()
                .orElse(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        if (memory) {
            command.add("-Xmn16m");
        }
        command.add(OwnProcess.class.getName());
        command.add(backend);
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("CLASSPATH", System.getProperty("java.class.path"));
        environment.putIfAbsent("OPENBLAS_THREAD_TIMEOUT", "4");
        LAUNCHER.forEach(environment::putIfAbsent);
        if (!coreType) {
            environment.keySet().removeAll(CORE_TYPE);
        }
        return builder;
    }

    /** Without what the launcher set for s4j: a peer runs as it would alone. */
    private static ProcessBuilder python(String python, Path program, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(python, "-B", program.toString());
        builder.command().addAll(List.of(arguments));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(k -> k.startsWith("OPENBLAS_") || LAUNCHER.containsKey(k));
        return builder;
    }

    @Override
    public void close() {
        try {
            for (String program : PROGRAMS) {
                Files.deleteIfExists(programs.resolve(program));
            }
            Files.deleteIfExists(programs);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
