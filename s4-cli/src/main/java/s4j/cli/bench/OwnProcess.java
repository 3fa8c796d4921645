package s4j.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import s4j.cli.bench.Work.Kind;
import s4j.cli.bench.Work.Pass;
import s4j.model.DecoderConfig;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.model.Targets;
import s4j.torch.Workload;
import s4j.train.config.ConfigLoader;
import s4j.train.config.TrainConfig;

/** s4j as a child process of the benchmark; the protocol is that of {@code lines.py}. */
public final class OwnProcess {
    /** Above this a BLAS computes something else: 6.5e-7 was measured for float32 sums of 300 products. */
    private static final double PRODUCT_ERROR = 1e-5;
    /** Sizes that are the same for all SaShiMis: levels of sound, and the length that S4's kernel is set up for. */
    private static final int LEVELS = 256;
    private static final int SOUND = 16_000;
    private static final int CHARACTERS = 65;
    private static final int MEMORY_RUNS = 3;
    private static final long MEMORY_NANOS = 10_000_000_000L;
    private static final int MEMORY_WARM_UP_RUNS = 20;
    private static final long MEMORY_WARM_UP_NANOS = 8_000_000_000L;

    private final ConfigLoader configs;
    private final String backend;
    private @Nullable Prepared prepared;

    /** A work that is ready to run, again and again. */
    private record Prepared(Runnable run, Runnable end) implements AutoCloseable {
        @Override
        public void close() { end.run(); }
    }

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
        Work least = new Work(Work.Model.S4D, Kind.CONVOLUTION, Pass.FWD, 1, 1, 1, 2, 1);
        try (Workload tiny = Workload.convolution(config(least).model().s4().orElseThrow(), 1, 1, 1, backend)) {
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
                    prepared = prepared(Work.parse(rest));
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
        if (prepared == null) {
            throw new IllegalStateException("time before prepare");
        }
        long start = System.nanoTime();
        prepared.run().run();
        return String.format(Locale.ROOT, "%.4f", (System.nanoTime() - start) / 1e6);
    }

    private void drop() {
        if (prepared != null) {
            prepared.close();
            prepared = null;
        }
    }

    /**
     * Peak over what a small work of the same kind left behind: inputs, outputs, gradients and all between. The JIT compiler
     * takes hundreds of megabytes while it compiles vector code: the small work runs until that is over.
     */
    private long memory(Work asked) throws IOException {
        try (Prepared small = prepared(asked.small())) {
            long start = System.nanoTime();
            for (int i = 0; i < MEMORY_WARM_UP_RUNS || System.nanoTime() - start < MEMORY_WARM_UP_NANOS; i++) {
                small.run().run();
            }
        }
        ResidentMemory.collect();
        long baseline = ResidentMemory.startPeak();
        try (Prepared whole = prepared(asked)) {
            long start = System.nanoTime();
            for (int i = 0; i < MEMORY_RUNS && (i == 0 || System.nanoTime() - start < MEMORY_NANOS); i++) {
                whole.run().run();
            }
        }
        return ResidentMemory.peak() - baseline;
    }

    private Prepared prepared(Work w) {
        TrainConfig c = config(w);
        return switch (w.kind()) {
            case CONVOLUTION ->
                prepared(Workload.convolution(c.model().s4().orElseThrow(), w.b(), w.h(), w.l(), backend), w);
            case BLOCK -> prepared(Workload.block(c.model().s4().orElseThrow(), w.b(), w.h(), w.l(), backend), w);
            case TRAINING_STEP -> prepared(
                    Workload.trainingStep(new NetworkConfig(1, 10, w.l(), c.encoder(), c.model(), c.decoder()),
                            c.learnerOptions(), batch(w)),
                    w);
            case FORECAST_STEP -> prepared(Workload.trainingStep(new NetworkConfig(1, horizon(w), w.l(), c.encoder(),
                    c.model(),
                    new DecoderConfig(DecoderConfig.Kind.SEQUENCE, DecoderConfig.Mode.LAST, horizon(w), false,
                            false)),
                    c.learnerOptions(), series(w)), w);
            case TEXT_STEP -> prepared(
                    Workload.trainingStep(new NetworkConfig(CHARACTERS, CHARACTERS, w.l(), c.encoder(), c.model(),
                            c.decoder()), c.learnerOptions(), text(w)),
                    w);
            case SASHIMI_STEPS -> {
                NetworkConfig network = new NetworkConfig(1, LEVELS, SOUND, c.encoder(), c.model(), c.decoder());
                yield new Prepared(SashimiSteps.of(network, c.learnerOptions(), w.b(), w.l(), backend)::run, () -> {});
            }
        };
    }

    private static Prepared prepared(Workload workload, Work w) {
        return new Prepared(w.pass() == Pass.FWD ? workload::forward : workload::forwardBackward, workload::close);
    }

    private TrainConfig config(Work w) {
        String pipeline = switch (w.kind()) {
            case FORECAST_STEP -> "etth";
            case TEXT_STEP -> "shakespeare";
            default -> "mnist";
        };
        List<String> words = new ArrayList<>(List.of("pipeline=" + pipeline, "model=" + w.model().word()));
        if (w.model() == Work.Model.TRANSFORMER) { // as PyTorch's own, which adds no positions
            words.add("model.layer=[{_name_: attention, n_heads: 4, positions: none}, {_name_: ff, expand: 4}]");
        }
        if (w.kind() == Kind.SASHIMI_STEPS) {
            words.addAll(List.of("model=sashimi", "decoder=step"));
            words.addAll(w.model() == Work.Model.S4D
                    ? List.of("model.layer.mode=diag", "model.layer.init=diag-lin", "model.layer.n_ssm=null")
                    : List.of());
        }
        words.addAll(List.of("model.d_model=" + w.h(), "model.n_layers=" + w.layers(),
                "kernel.backend=" + backend, "trainer.device=cpu"));
        if (!w.model().rival()) {
            words.add("model.layer.d_state=" + w.n());
        }
        return configs.load(words);
    }

    private static int horizon(Work w) { return Math.max(1, w.l() / 5); }

    private static SequenceBatch series(Work w) {
        float[] x = batch(w).x();
        float[] y = Arrays.copyOf(x, w.b() * horizon(w));
        return new SequenceBatch(w.b(), w.l(), 1, x, null, new Targets.Values(horizon(w), 1, y, null, null));
    }

    private static SequenceBatch text(Work w) {
        SplittableRandom random = new SplittableRandom(1);
        int[] next = random.ints((long) w.b() * w.l(), 0, CHARACTERS).toArray();
        float[] x = new float[next.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextInt(CHARACTERS);
        }
        return SequenceBatch.ofSteps(w.b(), w.l(), x, null, next);
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
