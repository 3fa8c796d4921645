package s4j.data.lra;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;
import s4j.data.Dataset;
import s4j.data.DatasetConfig;
import s4j.data.SequenceSet;
import s4j.io.TensorData;
import s4j.math.SplitMix64;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.model.Targets;

/**
 * What a memory must keep ({@code dataset._name_: synthetic}), generated.
 *
 * <pre>
 *   copying   m symbols, L − m − 1 blanks, a sign: then the m symbols again, from memory; a class of each step (Arjovsky et al. 2016)
 *   adding    two rows, u ~ U[0, 1) and a mark at one step of each half: the sum of the two marked ones (Hochreiter and Schmidhuber)
 *   delay     white noise: at each step from {@code lag} on, what was heard {@code lag} steps ago (Gu et al., arXiv 2206.12037)
 *   mackey    the chaotic series of Mackey and Glass (1977), τ = 17: its value {@code lag} steps ahead
 *   reconstruct  {@code symbols} waves of random amplitudes and phases: at the last step, the last {@code lag} values
 * </pre>
 *
 * @param name {@code synthetic}
 * @param kind which
 * @param length steps L, behind which copying has its m answers
 * @param symbols of copying: m; of reconstruct: waves, of 1, 2, … periods in the sequence
 * @param alphabet of copying: different symbols
 * @param lag of delay, mackey and reconstruct: steps
 * @param trainSize sequences
 * @param valSize sequences
 * @param testSize sequences
 * @param seed of the generator
 * @param dataDir not used
 */
public record SyntheticConfig(@Key("_name_") @Default("synthetic") String name, @Default("copying") Kind kind,
        @Default("1000") @Range(min = 4, max = 1 << 20) int length, @Default("10") @Range(min = 1) int symbols,
        @Default("8") @Range(min = 2, max = 200) int alphabet, @Default("500") @Range(min = 1) int lag,
        @Default("10000") @Range(min = 1) int trainSize, @Default("1000") @Range(min = 1) int valSize,
        @Default("1000") @Range(min = 1) int testSize, @Default("0") long seed,
        @Nullable String dataDir) implements DatasetConfig {
    public static final SyntheticConfig DEFAULTS = Defaults.of(SyntheticConfig.class);

    /** Kinds. */
    public enum Kind {
        COPYING, ADDING, DELAY, MACKEY, RECONSTRUCT
    }

    /** Refuses what does not fit into its length. */
    public SyntheticConfig {
        if (kind == Kind.COPYING && symbols + 1 > length) {
            throw new IllegalArgumentException("symbols: got %d; expected fewer than length %d".formatted(symbols,
                    length));
        }
        if (kind == Kind.RECONSTRUCT && (lag > length || symbols > length / 2)) {
            throw new IllegalArgumentException(
                    "lag %d, symbols %d; expected at most length %d, and half of it".formatted(lag,
                            symbols, length));
        }
        if (kind == Kind.DELAY && lag >= length) {
            throw new IllegalArgumentException("lag: got %d; expected less than length %d".formatted(lag, length));
        }
    }

    @Override
    public boolean oneLength() { return true; }

    @Override
    public Dataset load(Consumer<String> log) {
        log.accept("%s: %,d training, %,d validation, %,d test sequences of %,d steps, made with seed %d".formatted(
                word(), trainSize, valSize, testSize, steps(), seed));
        return new Made(this, new Sequences(this, "train", trainSize), new Sequences(this, "val", valSize),
                new Sequences(this, "test", testSize));
    }

    private String word() { return kind.name().toLowerCase(java.util.Locale.ROOT); }

    private int steps() { return kind == Kind.COPYING ? length + symbols : length; }

    /** Numbers that are predicted of a sequence. */
    private int wanted() {
        return switch (kind) {
            case RECONSTRUCT -> lag;
            case DELAY -> length - lag;
            case COPYING, ADDING, MACKEY -> 1;
        };
    }

    /** The data set. */
    private record Made(SyntheticConfig config, Sequences train, Sequences validation, Sequences test)
            implements
                Dataset {
        @Override
        public String name() { return config.word(); }

        @Override
        public int dInput() {
            return switch (config.kind) {
                case COPYING -> config.alphabet + 2;
                case ADDING -> 2;
                case DELAY, MACKEY, RECONSTRUCT -> 1;
            };
        }

        @Override
        public boolean tokens() { return config.kind == Kind.COPYING; }

        @Override
        public int lMax() { return config.steps(); }

        @Override
        public TargetSpec targets() {
            return switch (config.kind) {
                case COPYING -> TargetSpec.StepClasses.of(config.alphabet + 2, "symbol");
                // the sum of two uniform numbers has mean 1 and variance 1/6
                case ADDING -> TargetSpec.Values.of(1, List.of("sum"), List.of(1.0), List.of(Math.sqrt(1 / 6.0)));
                case DELAY -> TargetSpec.Values.of(config.wanted(), List.of("value"), List.of(0.0), List.of(1.0));
                case RECONSTRUCT -> TargetSpec.Values.of(config.lag, List.of("value"), List.of(0.0), List.of(1.0));
                case MACKEY -> TargetSpec.Values.of(1, List.of("value"), List.of(0.0), List.of(1.0));
            };
        }

        @Override
        public int lOutput() { return config.kind == Kind.DELAY ? config.wanted() : 0; }

        @Override
        public Map<String, TensorData> transform() { return Map.of(); }

        @Override
        public String hash() {
            String version = config.kind == Kind.DELAY ? "synthetic-2" : "synthetic-1";
            String all = String.join(" ", version, config.word(), config.length + "", config.symbols + "",
                    config.alphabet + "", config.lag + "", config.seed + "", config.trainSize + "", config.valSize + "",
                    config.testSize + "");
            return Hashes.of(List.of(all.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Sequences of a split. */
    private record Sequences(SyntheticConfig config, String split, int size) implements SequenceSet {
        @Override
        public int label(int i) { return Targets.NONE; }

        @Override
        public SequenceBatch batch(int[] indices) {
            int l = config.steps();
            int d = config.kind == Kind.ADDING ? 2 : 1;
            float[] x = new float[Math.multiplyExact(indices.length, l * d)];
            int[] classes = new int[config.kind == Kind.COPYING ? indices.length * l : 0];
            int wanted = config.wanted();
            float[] values = new float[indices.length * wanted];
            for (int b = 0; b < indices.length; b++) {
                SplitMix64 random = SplitMix64.of(config.seed, config.word() + " " + split, indices[b]);
                switch (config.kind) {
                    case COPYING -> copying(random, x, classes, b * l);
                    case ADDING -> values[b] = adding(random, x, b * l);
                    case DELAY -> {
                        noise(random, x, b * l);
                        System.arraycopy(x, b * l, values, b * wanted, wanted);
                    }
                    case MACKEY -> values[b] = mackey(random, x, b * l);
                    case RECONSTRUCT -> {
                        waves(random, x, b * l);
                        System.arraycopy(x, (b + 1) * l - wanted, values, b * wanted, wanted);
                    }
                }
            }
            return config.kind == Kind.COPYING
                    ? SequenceBatch.ofSteps(indices.length, l, x, null, classes)
                    : new SequenceBatch(indices.length, l, d, x, null, new Targets.Values(wanted, 1, values));
        }

        /** Token 0 is the blank, the last one the sign; only the answers are predicted. */
        private void copying(SplitMix64 random, float[] x, int[] classes, int at) {
            int m = config.symbols;
            java.util.Arrays.fill(classes, at, at + config.length, Targets.NONE);
            for (int k = 0; k < m; k++) {
                int symbol = 1 + random.nextInt(config.alphabet);
                x[at + k] = symbol;
                classes[at + config.length + k] = symbol;
            }
            x[at + config.length - 1] = config.alphabet + 1;
        }

        private float adding(SplitMix64 random, float[] x, int at) {
            int half = config.length / 2;
            int first = random.nextInt(half);
            int second = half + random.nextInt(config.length - half);
            double sum = 0;
            for (int t = 0; t < config.length; t++) {
                double u = random.nextDouble();
                boolean marked = t == first || t == second;
                x[2 * (at + t)] = (float) u;
                x[2 * (at + t) + 1] = marked ? 1 : 0;
                sum += marked ? u : 0;
            }
            return (float) ((sum - 1) / Math.sqrt(1 / 6.0));
        }

        /** Mean 0 and variance 1. */
        private void waves(SplitMix64 random, float[] x, int at) {
            for (int k = 1; k <= config.symbols; k++) {
                // a cos + b sin with a, b of variance 1 / symbols
                double amplitude = Math.sqrt(-2 * Math.log(1 - random.nextDouble()) / config.symbols);
                double phase = 2 * Math.PI * random.nextDouble();
                for (int t = 0; t < config.length; t++) {
                    x[at + t] += (float) (amplitude * Math.cos(2 * Math.PI * k * t / config.length + phase));
                }
            }
        }

        private void noise(SplitMix64 random, float[] x, int at) {
            for (int t = 0; t < config.length; t++) {
                // Box and Muller
                x[at + t] = (float) (Math.sqrt(-2 * Math.log(1 - random.nextDouble()))
                        * Math.cos(2 * Math.PI * random.nextDouble()));
            }
        }

        /** x' = 0.2 x_τ / (1 + x_τ¹⁰) − 0.1 x, ten steps of Euler for each, centred and scaled by its own mean and spread. */
        private float mackey(SplitMix64 random, float[] x, int at) {
            int sub = 10;
            int tau = 17 * sub;
            int lead = 300;
            double[] past = IntStream.range(0, tau).mapToDouble(i -> 1.2 + 0.4 * (random.nextDouble() - 0.5)).toArray();
            double now = past[tau - 1];
            double last = 0;
            for (int t = -lead * sub; t < (config.length + config.lag) * sub; t++) {
                int place = Math.floorMod(t, tau);
                double delayed = past[place];
                past[place] = now;
                now += 0.1 * (0.2 * delayed / (1 + Math.pow(delayed, 10)) - 0.1 * now);
                last = (now - MACKEY_MEAN) / MACKEY_STD;
                if (t >= 0 && t % sub == 0 && t / sub < config.length) {
                    x[at + t / sub] = (float) last;
                }
            }
            return (float) last;
        }

        private static final double MACKEY_MEAN = 0.92;
        private static final double MACKEY_STD = 0.23;
    }
}
