package s4j.generate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.math.SplitMix64;
import s4j.model.EncoderConfig;
import s4j.stream.S4Model;
import s4j.stream.StreamState;

/**
 * Draws sequences: the prefix goes through {@link S4Model#forwardChunk} once, then each sample continues from a copy of that
 * state; all samples take each step together.
 *
 * <p>Sample i draws from its own SplitMix64 stream, {@code SplitMix64.of(seed, "generate", i)}, one number a step, and steps
 * have the same bits in any batch: the same seed gives the same tokens for sample i, however many samples there are. Between
 * machines of other vector widths scores differ by rounding, which a draw can hit.
 */
public final class Generator {
    /** Tokens of one request: two hours at 16 kHz. */
    public static final long MOST_TOKENS = 1L << 27;

    private final TokenModel tokens;

    /**
     * What is wanted.
     *
     * @param samples how many
     * @param steps tokens of each
     * @param sampling how they are drawn
     * @param seed of all of them
     * @param prefix what comes before, not counted in steps; may be empty
     * @param told number of the class that the model is told; 0 of a model that is told none
     */
    public record Request(int samples, int steps, Sampling sampling, long seed, int[] prefix, int told) {
        /** Of a model that is told nothing, or of the first class. */
        public Request(int samples, int steps, Sampling sampling, long seed, int[] prefix) {
            this(samples, steps, sampling, seed, prefix, 0);
        }

        /** Checks the sizes. */
        public Request {
            if (samples < 1 || steps < 1 || (long) samples * steps > MOST_TOKENS) {
                throw new IllegalArgumentException(
                        "%,d samples of %,d steps; expected at least one of each and %,d steps"
                                .formatted(samples, steps, MOST_TOKENS)
                                + " altogether at most. Generate the rest with other seeds");
            }
        }
    }

    /** Told of every step. */
    @FunctionalInterface
    public interface Listener {
        /** Step t has drawn one token for each sample {@code [samples]}; returns whether to go on. */
        boolean drawn(int t, int[] tokens);
    }

    /** A generator over a model. */
    public Generator(TokenModel tokens) { this.tokens = tokens; }

    /** The samples, most likely first. */
    public List<Sample> generate(Request request) {
        return generate(request, (t, drawn) -> true);
    }

    /** The samples so far, most likely first, once all steps are done or the listener ends it. */
    public List<Sample> generate(Request request, Listener listener) {
        Run run = new Run(request);
        return run.samples(run.go(null, listener));
    }

    /**
     * One sample that goes on from where another one ended.
     *
     * @param from null: from the beginning
     */
    public Continued continued(Request request, Listener listener, @Nullable Conversation from) {
        if (request.samples() != 1) {
            throw new IllegalArgumentException(
                    request.samples() + " samples that go on later; expected 1, as a state is that of one");
        }
        Run run = new Run(request);
        int steps = run.go(from, listener);
        Sample sample = run.samples(steps).getFirst();
        return new Continued(sample, new Conversation(run.states.getFirst(), run.drawn[0]));
    }

    /**
     * A sample, and where it ended.
     *
     * @param sample what was drawn
     * @param end to go on from
     */
    public record Continued(Sample sample, Conversation end) {}

    /** One request under way. */
    private final class Run {
        private final S4Model model = tokens.model();
        private final Request request;
        private final int classes = model.dOutput();
        private final TokenDistribution distribution;
        private final List<StreamState> states = new ArrayList<>();
        private final List<SplitMix64> streams = new ArrayList<>();
        private final int[][] sequences;
        private final int[] drawn;
        private final float[] inputs;
        private final float[] scores;
        private final double[] likelihoods;

        Run(Request request) {
            int n = request.samples();
            int known = Math.max(1, model.config().encoder().classes().size());
            if (request.told() < 0 || request.told() >= known) {
                throw new IllegalArgumentException("class " + request.told() + "; expected 0 to " + (known - 1));
            }
            this.request = request;
            this.distribution = new TokenDistribution(request.sampling(), classes);
            this.sequences = new int[n][request.steps()];
            this.drawn = new int[n];
            this.inputs = new float[n];
            this.scores = new float[Math.multiplyExact(n, classes)];
            this.likelihoods = new double[n];
            for (int i = 0; i < n; i++) {
                streams.add(SplitMix64.of(request.seed(), "generate", i));
            }
        }

        /** All steps, or those until the listener ends it; how many. */
        int go(@Nullable Conversation from, Listener listener) {
            prefill(from);
            int t = 0;
            boolean more = true;
            while (more && t < request.steps()) {
                if (t > 0) {
                    step(t);
                }
                draw(t);
                more = listener.drawn(t, drawn);
                t++;
            }
            return t;
        }

        /** Start token (or the last one before) and prefix in one piece; every sample goes on from there. */
        private void prefill(@Nullable Conversation from) {
            int[] prefix = request.prefix();
            float[] x = new float[prefix.length + 1];
            x[0] = (from == null ? tokens.start() : from.last()) + told(0);
            for (int t = 0; t < prefix.length; t++) {
                x[t + 1] = prefix[t] + told(t + 1);
            }
            StreamState state = from == null ? model.newState() : from.state();
            float[] last = lastScores(state, x);
            for (int i = 0; i < drawn.length; i++) {
                states.add(i == 0 ? state : state.copy());
                System.arraycopy(last, 0, scores, i * classes, classes);
            }
        }

        /** Pieces, so that the scores of a long prefix need not be kept. */
        private float[] lastScores(StreamState state, float[] x) {
            int piece = Math.max(1, (1 << 22) / classes);
            float[] y = new float[0];
            for (int at = 0; at < x.length; at += piece) {
                y = model.forwardChunk(state, java.util.Arrays.copyOfRange(x, at, Math.min(x.length, at + piece)));
            }
            return java.util.Arrays.copyOfRange(y, y.length - classes, y.length);
        }

        /** What the class adds to the token that step t, counted from the prefix's beginning, sees. */
        private int told(long t) {
            EncoderConfig encoder = model.config().encoder();
            int row = EncoderConfig.row(request.told(), encoder.parts(), t, (long) request.prefix().length
                    + request.steps());
            return row * model.config().dInput();
        }

        void step(int t) {
            int told = told((long) request.prefix().length + t);
            for (int i = 0; i < drawn.length; i++) {
                inputs[i] = drawn[i] + told;
            }
            model.step(states, inputs, scores);
        }

        void draw(int t) {
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = sampling().penalty() == 1
                        ? distribution.draw(scores, i * classes, streams.get(i))
                        : distribution.draw(penalised(i, t), 0, streams.get(i));
                likelihoods[i] += distribution.logLikelihood(scores, i * classes, drawn[i]);
                sequences[i][t] = drawn[i];
            }
        }

        private Sampling sampling() { return request.sampling(); }

        /** Scores of sample i at step t, those of each token in the window once less likely. */
        private float[] penalised(int i, int t) {
            float[] own = java.util.Arrays.copyOfRange(scores, i * classes, (i + 1) * classes);
            int[] prefix = request.prefix();
            double penalty = sampling().penalty();
            java.util.BitSet seen = new java.util.BitSet();
            for (int k = t - 1; k >= Math.max(t - sampling().window(), -prefix.length); k--) {
                int token = k >= 0 ? sequences[i][k] : prefix[prefix.length + k];
                if (token < classes && !seen.get(token)) {
                    seen.set(token);
                    own[token] = (float) (own[token] > 0 ? own[token] / penalty : own[token] * penalty);
                }
            }
            return own;
        }

        List<Sample> samples(int steps) {
            List<Sample> out = new ArrayList<>();
            for (int i = 0; i < drawn.length; i++) {
                out.add(new Sample(i, java.util.Arrays.copyOf(sequences[i], steps), likelihoods[i]));
            }
            out.sort(Comparator.comparingDouble(Sample::logLikelihood).reversed());
            return List.copyOf(out);
        }
    }
}
