package s4j.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import s4j.cli.bench.Work.Kind;
import s4j.cli.bench.Work.Pass;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.torch.Workload;
import s4j.train.config.ConfigLoader;
import s4j.train.config.TrainConfig;

/** s4j as a child process of the benchmark; the protocol is that of {@code lines.py}. */
public final class OwnProcess {
    /** Above this a BLAS computes something else: 6.5e-7 was measured for float32 sums of 300 products. */
    private static final double PRODUCT_ERROR = 1e-5;
    private static final int MEMORY_RUNS = 3;
    private static final long MEMORY_NANOS = 10_000_000_000L;
    private static final int MEMORY_WARM_UP_RUNS = 20;
    private static final long MEMORY_WARM_UP_NANOS = 8_000_000_000L;

    private final ConfigLoader configs;
    private final String backend;
    private @Nullable Workload workload;
    private @Nullable Work work;

    private OwnProcess(ConfigLoader configs, String backend) {
        this.configs = configs;
        this.backend = backend;
    }

    /** {@code args[0]}: a word of {@code kernel.backend}. */
    public static void main(String[] args) throws IOException {
        PrintStream out = System.out;
        // the pipe carries answers only, whatever a library prints
        System.setOut(System.err);
        serve(ConfigLoader.usual(List.of()), args.length == 0 ? "auto" : args[0],
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)), out);
        System.exit(0);
    }

    /** Answers until the input ends. */
    static void serve(ConfigLoader configs, String backend, BufferedReader in, PrintStream out) throws IOException {
        double error = Workload.productError();
        if (!(error < PRODUCT_ERROR)) {
            say(out, "absent a matrix product of libtorch is off by %.1e; expected < %.0e. See OPENBLAS_CORETYPE"
                    .formatted(error, PRODUCT_ERROR));
            return;
        }
        OwnProcess own = new OwnProcess(configs, backend);
        say(out, "ready " + own.describe() + ", " + String.format(Locale.ROOT, "matrix product within %.1e", error));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            say(out, own.answer(line));
        }
        own.drop();
    }

    private static void say(PrintStream out, String line) {
        out.print(line + "\n");
        out.flush();
    }

    private String describe() {
        try (Workload tiny = workload(new Work(Work.Model.S4D, Kind.CONVOLUTION, Pass.FWD, 1, 1, 1, 2, 1))) {
            return tiny.describe();
        }
    }

    private String answer(String line) {
        String[] parts = line.split(" ", 2);
        String rest = parts.length < 2 ? "" : parts[1];
        try {
            return switch (parts[0]) {
                case "prepare" -> {
                    drop();
                    work = Work.parse(rest);
                    workload = workload(work);
                    yield "ms " + milliseconds();
                }
                case "time" -> {
                    StringBuilder all = new StringBuilder("ms");
                    for (int i = Integer.parseInt(rest); i > 0; i--) {
                        all.append(' ').append(milliseconds());
                    }
                    yield all.toString();
                }
                case "memory" -> String.format(Locale.ROOT, "mb %.1f", memory(Work.parse(rest)) / 1e6);
                default -> "error unknown command " + parts[0];
            };
        } catch (OutOfMemoryError e) {
            drop();
            return "error out of memory";
        } catch (RuntimeException | IOException e) {
            drop();
            String text = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
            return text.contains("allocate memory")
                    ? "error out of memory"
                    : "error " + text.substring(0, Math.min(text.length(), 200));
        }
    }

    private String milliseconds() {
        if (workload == null || work == null) {
            throw new IllegalStateException("time before prepare");
        }
        long start = System.nanoTime();
        pass(workload, work);
        return String.format(Locale.ROOT, "%.4f", (System.nanoTime() - start) / 1e6);
    }

    private static void pass(Workload workload, Work work) {
        if (work.pass() == Pass.FWD) {
            workload.forward();
        } else {
            workload.forwardBackward();
        }
    }

    private void drop() {
        if (workload != null) {
            workload.close();
            workload = null;
        }
    }

    /**
     * Peak over what a small work of the same kind left behind: inputs, outputs, gradients and all between. The JIT compiler
     * takes hundreds of megabytes while it compiles vector code: the small work runs until that is over.
     */
    private long memory(Work asked) throws IOException {
        try (Workload small = workload(asked.small())) {
            long start = System.nanoTime();
            for (int i = 0; i < MEMORY_WARM_UP_RUNS || System.nanoTime() - start < MEMORY_WARM_UP_NANOS; i++) {
                pass(small, asked);
            }
        }
        ResidentMemory.collect();
        long baseline = ResidentMemory.startPeak();
        try (Workload whole = workload(asked)) {
            long start = System.nanoTime();
            for (int i = 0; i < MEMORY_RUNS && (i == 0 || System.nanoTime() - start < MEMORY_NANOS); i++) {
                pass(whole, asked);
            }
        }
        return ResidentMemory.peak() - baseline;
    }

    private Workload workload(Work w) {
        TrainConfig config = configs.load(List.of("pipeline=mnist", "model=" + w.model().word(),
                "model.d_model=" + w.h(), "model.n_layers=" + w.layers(), "model.layer.d_state=" + w.n(),
                "kernel.backend=" + backend, "trainer.device=cpu"));
        return switch (w.kind()) {
            case CONVOLUTION -> Workload.convolution(config.model().layer(), w.b(), w.h(), w.l(), backend);
            case BLOCK -> Workload.block(config.model().layer(), w.b(), w.h(), w.l(), backend);
            case TRAINING_STEP -> Workload.trainingStep(
                    new NetworkConfig(1, 10, w.l(), config.encoder(), config.model(), config.decoder()),
                    config.learnerOptions(), batch(w));
        };
    }

    private static SequenceBatch batch(Work w) {
        SplittableRandom random = new SplittableRandom(1);
        float[] x = new float[w.b() * w.l()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble();
        }
        return new SequenceBatch(w.b(), w.l(), 1, x, random.ints(w.b(), 0, 10).toArray());
    }
}
