package s4j.train.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import s4j.io.AtomicFile;
import s4j.io.Json;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.NetworkConfig;
import s4j.model.ObjectiveConfig;
import s4j.model.SequenceBatch;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.stream.StreamState;
import s4j.torch.Learner;
import s4j.torch.LearnerOptions;
import s4j.train.config.TrainConfig;
import s4j.train.config.Yaml;

/**
 * One measurement in a process of its own, so that its peak of memory is its own: {@code Probe CONFIG train|stream LENGTH BATCH
 * OUT} writes {@code {"seconds": …, "bytes": …}}. The data are random values with ten classes.
 */
final class Probe {
    private static final int CLASSES = 10;
    /** Seconds of training steps, of which the last {@value #LAST} count: those before wait for the compiler. */
    private static final double ENOUGH = 3;
    private static final int LAST = 5;
    /** Steps at least, unless they take so many seconds. */
    private static final int STEPS_AT_LEAST = 8;
    private static final double TOO_LONG = 30;
    /** The peak of memory is that of so many steps: the network's own is reached, and of the compiler's there is little yet. */
    private static final int PEAK = 3;
    private static final int STEPS = 256;

    /** Of a training step: seconds, and bytes at its peak beyond those before it. Of a streamed one: bytes of the state. */
    private record Measured(double seconds, long bytes) {}

    /** What the parent starts. */
    public static void main(String[] args) throws IOException {
        TrainConfig config = TrainConfig.of(Yaml.read(Files.readString(Path.of(args[0])), args[0]));
        int length = Integer.parseInt(args[2]);
        boolean training = args[1].equals("train");
        NetworkConfig network = new NetworkConfig(1, CLASSES, length, EncoderConfig.DEFAULTS, config.model(),
                new DecoderConfig(DecoderConfig.DEFAULTS.name(),
                        training ? DecoderConfig.Mode.POOL : DecoderConfig.Mode.STEP));
        LearnerOptions o = config.learnerOptions();
        LearnerOptions options = new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS, o.optimizer(),
                o.biasWeightDecay(), o.normalizationWeightDecay(), o.gradientClipVal(), o.ema(), o.device(),
                o.kernelBackend(), o.threads(), o.seed());
        Measured measured;
        try (Learner learner = Learner.create(network, options)) {
            measured = training
                    ? train(learner, length, Integer.parseInt(args[3]))
                    : stream(new S4Model(network, learner.modelTensors(), ModelOptions.standard()), length);
        }
        AtomicFile.write(Path.of(args[4]), Json.print(
                new TreeMap<>(java.util.Map.of("seconds", measured.seconds, "bytes", measured.bytes))) + "\n");
    }

    private static Measured train(Learner learner, int length, int size) throws IOException {
        SplittableRandom random = new SplittableRandom(0);
        float[] x = noise(size * length, random);
        SequenceBatch batch = new SequenceBatch(size, length, 1, x, random.ints(size, 0, CLASSES).toArray());
        long before = memory("VmRSS");
        long peak = before;
        List<Double> times = new ArrayList<>();
        for (double total = 0; total < ENOUGH
                || (times.size() < STEPS_AT_LEAST && total < TOO_LONG); total += times.getLast()) {
            long start = System.nanoTime();
            learner.trainStep(batch, 1);
            times.add((System.nanoTime() - start) / 1e9);
            if (times.size() <= PEAK) {
                peak = memory("VmHWM");
            }
        }
        double[] last = times.subList(Math.max(0, times.size() - LAST), times.size()).stream().mapToDouble(t -> t)
                .toArray();
        return new Measured(Speeds.median(last), peak - before);
    }

    /** The steps up to length, in chunks, then some one by one. */
    private static Measured stream(S4Model model, int length) {
        SplittableRandom random = new SplittableRandom(0);
        StreamState state = model.newState();
        int timed = Math.min(STEPS, length / 2);
        float[] y = new float[model.dOutput()];
        Speeds.warm(() -> {
            state.reset();
            model.forwardChunk(state, noise(STEPS, random));
            for (int i = 0; i < STEPS; i++) {
                model.step(state, noise(1, random), y);
            }
        });
        state.reset();
        model.forwardChunk(state, noise(length - timed, random));
        double[] times = new double[timed];
        for (int i = 0; i < timed; i++) {
            float[] x = noise(1, random);
            long before = System.nanoTime();
            model.step(state, x, y);
            times[i] = (System.nanoTime() - before) / 1e9;
        }
        return new Measured(Speeds.median(times), 4 * state.size());
    }

    private static float[] noise(int n, SplittableRandom random) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }

    /** Bytes that the kernel says this process has; 0 where it says nothing (not Linux). */
    private static long memory(String key) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(l -> l.startsWith(key + ":"))
                    .mapToLong(l -> 1024 * Long.parseLong(l.replaceAll("[^0-9]", ""))).findFirst().orElse(0);
        }
    }

    private Probe() {}
}
