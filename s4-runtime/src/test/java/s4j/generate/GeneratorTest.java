package s4j.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import s4j.audio.Quantization;
import s4j.audio.Waveform;
import s4j.kernel.Backend;
import s4j.math.SplitMix64;
import s4j.model.SequenceBatch;
import s4j.stream.Filled;
import s4j.stream.ModelOptions;
import s4j.stream.Session;
import s4j.stream.TinyModels;
import s4j.testkit.Refusal;
import s4j.testkit.Tolerances;

/** Drawing sequences of tokens. */
class GeneratorTest {
    private static final int[] NONE = {};
    private static final int[] PREFIX = {3, 15, 0, 7, 7, 9, 1};
    private static final int TOKENS = 16;

    private static TokenModel model() throws Exception {
        return TokenModel.of(TinyModels.tokens(), "tiny", new ModelOptions(Backend.best(), 2, 1));
    }

    private static List<Sample> generate(int samples, int steps, Sampling sampling, int[] prefix) throws Exception {
        return new Generator(model()).generate(new Generator.Request(samples, steps, sampling, 5, prefix));
    }

    private static Sample number(List<Sample> samples, int number) {
        return samples.stream().filter(s -> s.number() == number).findFirst().orElseThrow();
    }

    @Test
    void theSameSeedGivesTheSameSampleInAnyBatch() throws Exception {
        Sampling sampling = new Sampling(0.9, 0.95, 12);
        List<Sample> many = generate(33, 20, sampling, PREFIX);
        for (int n : new int[]{1, 2, 7}) {
            for (Sample sample : generate(n, 20, sampling, PREFIX)) {
                assertArrayEquals(number(many, sample.number()).tokens(), sample.tokens());
                assertEquals(number(many, sample.number()).logLikelihood(), sample.logLikelihood());
            }
        }
        assertEquals(many, many.stream().sorted(Comparator.comparingDouble(Sample::logLikelihood).reversed()).toList());
    }

    @Test
    void aPrefixInOnePieceIsAPrefixStepByStep() throws Exception {
        TokenModel model = model();
        Session session = model.model().newSession();
        float[] y = session.step(model.start());
        for (int token : PREFIX) {
            y = session.step(token);
        }
        Sampling sampling = Sampling.DEFAULTS;
        int first = new TokenDistribution(sampling, TOKENS).draw(y, 0, SplitMix64.of(5, "generate", 0));
        assertEquals(first, generate(1, 3, sampling, PREFIX).getFirst().tokens()[0]);
    }

    /** Seven prefix tokens and five new ones are twelve steps: four of each of three parts, rows 3, 4 and 5 of class 1. */
    @Test
    void aModelThatIsToldPartsHearsHowFarItHasCome() throws Exception {
        TokenModel model = TokenModel
                .of(Filled.model(Map.of("d_input", TOKENS, "d_output", TOKENS, "l_max", 64, "encoder",
                        Map.of("_name_", "embedding", "classes", List.of("a", "b"), "parts", 3), "model",
                        Map.of("_name_", "model",
                                "d_model", 8, "n_layers", 1, "layer", Map.of("mode", "diag", "d_state", 4)),
                        "decoder", Map.of("mode", "step"))), "told", ModelOptions.standard());
        int n = 5;
        Sample sample = new Generator(model).generate(new Generator.Request(1, n, Sampling.DEFAULTS, 5, PREFIX, 1))
                .getFirst();
        float[] x = new float[PREFIX.length + n];
        for (int t = 0; t < x.length; t++) {
            int before = t == 0
                    ? model.start()
                    : t <= PREFIX.length ? PREFIX[t - 1] : sample.tokens()[t - PREFIX.length - 1];
            x[t] = before + TOKENS * (3 + t / 4);
        }
        float[] y = model.model().forward(new SequenceBatch(1, x.length, 1, x));
        TokenDistribution distribution = new TokenDistribution(Sampling.DEFAULTS, TOKENS);
        double sum = 0;
        for (int t = 0; t < n; t++) {
            sum += distribution.logLikelihood(y, (PREFIX.length + t) * TOKENS, sample.tokens()[t]);
        }
        assertEquals(sum, sample.logLikelihood(), 1e-3);
    }

    @Test
    void theLogLikelihoodIsThatOfTheConvolution() throws Exception {
        TokenModel model = model();
        int n = 40;
        Sample sample = generate(3, n, new Sampling(0.7, 0.9, 9), PREFIX).getLast();
        float[] x = new float[PREFIX.length + n];
        x[0] = model.start();
        for (int t = 1; t < x.length; t++) {
            x[t] = t <= PREFIX.length ? PREFIX[t - 1] : sample.tokens()[t - PREFIX.length - 1];
        }
        float[] y = model.model().forward(new SequenceBatch(1, x.length, 1, x));
        double sum = 0;
        for (int t = 0; t < n; t++) {
            int at = (PREFIX.length + t) * TOKENS;
            double total = 0;
            for (int q = 0; q < TOKENS; q++) {
                total += Math.exp(y[at + q]);
            }
            sum += y[at + sample.tokens()[t]] - Math.log(total);
        }
        assertEquals(sum, sample.logLikelihood(), Tolerances.RUNTIME * Math.abs(sum));
    }

    @Test
    void oneMostLikelyTokenIsTheLimitOfLowTemperature() throws Exception {
        int[] greedy = generate(1, 50, new Sampling(1, 1, 1), NONE).getFirst().tokens();
        assertArrayEquals(greedy, generate(1, 50, new Sampling(0, 1, 0), NONE).getFirst().tokens());
        assertArrayEquals(greedy, generate(1, 50, new Sampling(1e-6, 1, 0), NONE).getFirst().tokens());
        assertArrayEquals(greedy, generate(1, 50, new Sampling(1, 1e-9, 0), NONE).getFirst().tokens());
    }

    @Test
    void drawsHaveTheFrequenciesOfTheRestrictedDistribution() {
        float[] z = {(float) Math.log(0.1), (float) Math.log(0.4), (float) Math.log(0.3), (float) Math.log(0.2)};
        assertFrequencies(z, Sampling.DEFAULTS, 0.1, 0.4, 0.3, 0.2);
        assertFrequencies(z, new Sampling(1, 1, 2), 0, 4 / 7.0, 3 / 7.0, 0);
        assertFrequencies(z, new Sampling(1, 0.85, 0), 0, 4 / 9.0, 3 / 9.0, 2 / 9.0);
        assertFrequencies(z, new Sampling(1, 0.5, 3), 0, 4 / 7.0, 3 / 7.0, 0);
        assertFrequencies(z, new Sampling(0.5, 1, 0), 1 / 30.0, 16 / 30.0, 9 / 30.0, 4 / 30.0);
    }

    private static void assertFrequencies(float[] z, Sampling sampling, double... expected) {
        int n = 100_000;
        int[] counts = new int[z.length];
        TokenDistribution distribution = new TokenDistribution(sampling, z.length);
        SplitMix64 random = SplitMix64.of(1, "test", 0);
        for (int i = 0; i < n; i++) {
            counts[distribution.draw(z, 0, random)]++;
        }
        for (int q = 0; q < z.length; q++) {
            double deviation = Math.sqrt(expected[q] * (1 - expected[q]) / n);
            assertEquals(expected[q], (double) counts[q] / n, 4 * deviation, sampling + " token " + q);
        }
    }

    @ParameterizedTest
    @EnumSource(Quantization.class)
    void soundIsEncodedAsItsDataWas(Quantization quantization) {
        float[] samples = {-1, -0.3f, -0.01f, 0, 0.02f, 0.5f, 1};
        int[] tokens = new AudioCode(quantization.table(8), 8000, false).encode(new Waveform(8000, samples));
        for (int t = 0; t < samples.length; t++) {
            assertEquals(quantization.encode(samples[t], 8), tokens[t]);
        }
    }

    @Test
    void noiseAtTheEndIsNoticedAndAToneIsNot() {
        SplittableRandom random = new SplittableRandom(2);
        float[] tone = new float[32_000];
        for (int t = 0; t < tone.length; t++) {
            tone[t] = (float) (0.4 * Math.sin(0.1 * t));
        }
        assertNull(Runaway.in(new Waveform(8000, tone), -1, 1));
        float[] loud = tone.clone();
        float[] clipped = tone.clone();
        float[] noise = tone.clone();
        for (int t = 20_000; t < tone.length; t++) {
            noise[t] = (float) random.nextDouble(-0.6, 0.6);
            loud[t] *= 4;
            clipped[t] = Math.clamp(3 * tone[t], -1f, 1f);
        }
        assertEquals(Runaway.Kind.NOISE, kind(noise));
        assertEquals(Runaway.Kind.LOUD, kind(loud));
        assertEquals(Runaway.Kind.CLIPPED, kind(clipped));
    }

    private static Runaway.Kind kind(float[] samples) {
        Runaway found = Runaway.in(new Waveform(8000, samples), -1, 1);
        assertNotNull(found);
        assertTrue(found.message().contains("temperature"));
        return found.kind();
    }

    @Test
    void modelsThatDoNotGenerateAreRefusedByName() {
        ModelOptions options = ModelOptions.standard();
        String whole = Refusal.messageOf(() -> TokenModel.of(TinyModels.classifier(true, "pool"), "tiny", options));
        assertTrue(whole.contains("decoder.mode pool") && whole.contains("s4 stream"), whole);
        String values = Refusal.messageOf(() -> TokenModel.of(TinyModels.classifier(true, "step"), "tiny", options));
        assertTrue(values.contains("encoder linear"), values);
        assertTrue(Refusal.messageOf(() -> new Sampling(1, 0, 0)).contains("top-p 0.0"));
        assertTrue(
                Refusal.messageOf(() -> new Generator.Request(0, 1, Sampling.DEFAULTS, 1, NONE)).contains("0 samples"));
    }

    @Test
    void goingOnFromAStateIsNeverHavingStopped() throws Exception {
        TokenModel model = model();
        Generator generator = new Generator(model);
        Sampling greedy = new Sampling(0, 1, 0);
        int[] whole = generator.generate(new Generator.Request(1, 30, greedy, 5, PREFIX)).getFirst().tokens();
        var first = generator.continued(new Generator.Request(1, 30, greedy, 5, PREFIX), (t, drawn) -> t < 10, null);
        assertEquals(11, first.sample().tokens().length, "the listener ends it");
        Conversation read = Conversation.read(first.end().bytes(), model);
        var second = generator.continued(new Generator.Request(1, 19, greedy, 5, NONE), (t, drawn) -> true, read);
        assertArrayEquals(java.util.Arrays.copyOfRange(whole, 11, 30), second.sample().tokens());
        assertEquals(PREFIX.length + 30, second.end().state().steps(), "the last token waits");
    }

    @Test
    void statesThatAreNoneOfThisModelAreRefused() throws Exception {
        TokenModel model = model();
        byte[] bytes = new Generator(model)
                .continued(new Generator.Request(1, 2, Sampling.DEFAULTS, 5, NONE), (t, drawn) -> true, null).end()
                .bytes();
        for (int i : new int[]{0, 5, 20, bytes.length - 1}) {
            byte[] changed = bytes.clone();
            changed[i] ^= 0x40;
            assertThrows(s4j.io.MalformedFileException.class, () -> Conversation.read(changed, model), "byte " + i);
        }
        assertThrows(s4j.io.MalformedFileException.class, () -> Conversation.read(new byte[3], model));
        assertTrue(Refusal.messageOf(() -> new Generator(model).continued(
                new Generator.Request(2, 2, Sampling.DEFAULTS, 5, NONE), (t, drawn) -> true, null))
                .contains("expected 1"));
    }

    @Test
    void aPenaltyMakesWhatStoodBeforeLessLikely() throws Exception {
        int[] plain = generate(1, 200, new Sampling(0, 1, 0), PREFIX).getFirst().tokens();
        int[] varied = generate(1, 200, new Sampling(0, 1, 0, 1000, 3), PREFIX).getFirst().tokens();
        assertTrue(repeats(varied, 3) < repeats(plain, 3) || repeats(plain, 3) == 0,
                repeats(varied, 3) + " of " + repeats(plain, 3));
        assertArrayEquals(plain, generate(1, 200, new Sampling(0, 1, 0, 1000, 0), PREFIX).getFirst().tokens(),
                "a window of nothing");
        assertTrue(Refusal.messageOf(() -> new Sampling(1, 1, 0, 0.5, 9)).contains("repetition penalty 0.5"));
    }

    /** Tokens that stand among the n before them. */
    private static int repeats(int[] tokens, int n) {
        int out = 0;
        for (int t = 0; t < tokens.length; t++) {
            for (int k = Math.max(0, t - n); k < t; k++) {
                if (tokens[k] == tokens[t]) {
                    out++;
                    break;
                }
            }
        }
        return out;
    }
}
