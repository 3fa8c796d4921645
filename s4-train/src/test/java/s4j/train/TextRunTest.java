package s4j.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.Dataset;
import s4j.data.TextConfig;
import s4j.generate.TokenModel;
import s4j.io.ModelFile;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;
import s4j.train.fake.TinyRun;
import s4j.train.task.Evaluation;
import s4j.train.task.StepPrediction;

/** Task lm on text, from end to end. */
final class TextRunTest {
    private static final String[] CARRIED = {"train.state.mode=tbptt", "loader.l_max=12", "loader.roll_seed=42"};

    @TempDir
    Path tmp;

    private Dataset text(TextConfig.Level level) throws IOException {
        StringBuilder text = new StringBuilder();
        SplittableRandom random = new SplittableRandom(8);
        List<String> words = List.of("the", "cat", "sat", "on", "a", "mat", "dog");
        for (int i = 0; i < 900; i++) {
            text.append(words.get(random.nextInt(words.size()))).append(i % 9 == 8 ? "\n" : " ");
        }
        Path file = Files.writeString(tmp.resolve("text.txt"), text);
        return new TextConfig("text", file.toString(), level, 4096, 1, 1000, 16, 0.1, 1, 0.1,
                TextConfig.Malformed.REFUSE, null)
                .load(s -> {});
    }

    private TinyRun run(String name, Dataset data, String... keys) {
        List<String> all = new ArrayList<>(List.of("trainer.max_epochs=2", "loader.batch_size=4", "model.dropout=0.1",
                "model.layer.mode=diag", "model.layer.init=diag-lin"));
        all.addAll(List.of(keys));
        TinyRun plain = TinyRun.in(tmp.resolve(name), all.toArray(new String[0]));
        ConfigTree tree = plain.config().tree().merge(ConfigTree.of(Map.of("task", Map.of("_name_", "lm", "metrics",
                List.of("accuracy", "ppl")), "encoder", "embedding", "decoder", Map.of("mode", "step")),
                new Origin("test")));
        return new TinyRun(tmp.resolve(name), Learner::create, data, ResolvedConfig.of(TrainConfig.of(tree)), null,
                false, plain.stop());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tbptt", "bptt", "reset"})
    void stoppedInTheMiddleOfATextItGoesOnToTheSameBits(String mode) throws IOException {
        String[] keys = {"train.state.mode=" + mode, "train.state.n_context=" + (mode.equals("tbptt") ? 0 : 2),
                "loader.l_max=40", "loader.roll_seed=42"};
        Dataset data = text(TextConfig.Level.CHARACTERS);
        TinyRun whole = run("whole", data, keys);
        assertInstanceOf(Outcome.Finished.class, whole.go());
        TinyRun cut = run("cut", data, keys);
        assertInstanceOf(Outcome.Stopped.class, ResumeTest.stoppedAfter(cut, 7).go());
        assertInstanceOf(Outcome.Finished.class, cut.with(Learner::create).resumed().go());
        ResumeTest.assertSameRun(whole, cut);
    }

    @Test
    void layersWithoutStateAreNoHindranceToCarryingAndGoingOn() throws IOException {
        Dataset data = text(TextConfig.Level.CHARACTERS);
        TinyRun whole = withFeedForward("whole", data);
        assertInstanceOf(Outcome.Finished.class, whole.go());
        TinyRun cut = withFeedForward("cut", data);
        assertInstanceOf(Outcome.Stopped.class, ResumeTest.stoppedAfter(cut, 7).go());
        assertInstanceOf(Outcome.Finished.class, cut.with(Learner::create).resumed().go());
        ResumeTest.assertSameRun(whole, cut);
    }

    private TinyRun withFeedForward(String name, Dataset data) {
        TinyRun plain = run(name, data, CARRIED);
        ConfigTree tree = plain.config().tree().merge(ConfigTree.of(Map.of("model", Map.of("layer", List.of(
                Map.of("_name_", "s4", "d_state", 8), Map.of("_name_", "ff")))), new Origin("test")));
        return new TinyRun(tmp.resolve(name), Learner::create, data, ResolvedConfig.of(TrainConfig.of(tree)), null,
                false, plain.stop());
    }

    @Test
    void aRunEndsWithItsBaselinesAndAModelThatReadsText() throws IOException {
        StringWriter said = new StringWriter();
        TinyRun run = run("words", text(TextConfig.Level.WORDS), CARRIED);
        Outcome.Finished end = assertInstanceOf(Outcome.Finished.class, run.go(new PrintWriter(said)));
        for (String part : List.of("8 words, the next one predicted", "baseline Kneser-Ney 5-gram: ",
                "bits per word (perplexity", "whatever a token is: ", "bits per byte")) {
            assertTrue(said.toString().contains(part), part + " in " + said);
        }
        assertTrue(end.test().lastLine().matches("test nll: .* bits per word \\(.* nats, perplexity .*\\)"),
                end.test().lastLine());
        TokenModel model = TokenModel.load(run.directory().model());
        assertEquals("the cat \na ", Objects.requireNonNull(model.vocabulary()).decode(
                model.vocabulary().encode("the  cat\na")));
        assertEquals(model.vocabulary().tokens().indexOf("<eos>"), model.start());
    }

    @Test
    void joinedBytesGoIntoTheModelFile() throws IOException {
        StringWriter said = new StringWriter();
        TinyRun run = run("bpe", text(TextConfig.Level.BPE), CARRIED);
        assertInstanceOf(Outcome.Finished.class, run.go(new PrintWriter(said)));
        TokenModel model = TokenModel.load(run.directory().model());
        assertTrue(Objects.requireNonNull(model.vocabulary()).encode("the cat sat").length <= 3, "words are tokens");
        assertEquals("é the cat", model.vocabulary().decode(model.vocabulary().encode("é the cat")));
        assertEquals('\n', model.start());
        assertTrue(said.toString().contains("bits per byte") && said.toString().contains("bits per piece"), said
                .toString());
    }

    @Test
    void everyTestTokenIsPredictedOnceWhateverTheBatchSizeAndTheContext() throws IOException {
        Dataset data = text(TextConfig.Level.CHARACTERS);
        TinyRun run = run("model", data, CARRIED);
        run.go();
        long tokens = Objects.requireNonNull(data.corpus()).test().size();
        double unlimited = 0;
        Map<Integer, Double> lossOf = new java.util.HashMap<>();
        for (int context : new int[]{0, 5, 200, -1}) {
            List<Double> losses = new ArrayList<>();
            for (int batch : new int[]{1, 3, 50}) {
                Evaluation e = evaluated(run, data, "loader.context_eval=" + context, "loader.batch_size_eval=" + batch,
                        "loader.l_max=12");
                assertEquals(tokens, e.size());
                losses.add(e.loss());
            }
            losses.forEach(loss -> assertEquals(losses.getFirst(), loss, 1e-6 * loss, "context " + context));
            unlimited = losses.getFirst();
            lossOf.put(context, losses.getFirst());
        }
        assertEquals(lossOf.getOrDefault(-1, 0.0),
                evaluated(run, data, "loader.context_eval=10000", "loader.l_max=12").loss(), 1e-5,
                "as much context as there is, although kernels of training had 12 steps");
        double chunks = evaluated(run, data, "loader.context_eval=-1", "loader.l_max=7").loss();
        assertEquals(unlimited, chunks, 1e-5, "a stream is the same however it is cut");
        assertEquals(unlimited, evaluated(run, data, "train.state.mode=tbptt", "loader.l_max=12").loss(), 1e-9,
                "and what is carried in training is in an evaluation");
    }

    private static Evaluation evaluated(TinyRun run, Dataset data, String... keys) throws IOException {
        Trained trained = Trained.of(ModelFile.read(run.directory().model()), "model");
        ConfigTree tree = trained.config().without("train.state").without("loader");
        for (String key : keys) {
            String value = key.substring(key.indexOf('=') + 1);
            tree = tree.with(key.substring(0, key.indexOf('=')), ConfigTree.of(
                    value.matches("-?[0-9]+") ? (Object) Long.valueOf(value) : value, new Origin("test")));
        }
        return trained.evaluate(data, Learner::create, TrainConfig.of(tree));
    }

    @Test
    void tiedWeightsAreOneTableInTrainingAndInTheRuntime() throws IOException {
        Dataset data = text(TextConfig.Level.CHARACTERS);
        TinyRun run = run("tied", data, "loader.l_max=12");
        TinyRun tied = new TinyRun(run.run(), run.learners(), data, ResolvedConfig.of(TrainConfig.of(
                run.config().tree().with("decoder.tied", ConfigTree.of(true, new Origin("test"))))), null, false,
                run.stop());
        assertInstanceOf(Outcome.Finished.class, tied.go());
        ModelFile file = ModelFile.read(tied.directory().model());
        assertTrue(!file.tensors().containsKey("decoder.0.output_transform.weight"), "one table: "
                + file.tensors().keySet());
        TokenModel model = TokenModel.load(tied.directory().model());
        double torch = evaluated(tied, data, "loader.l_max=12").loss();
        double java = Trained.evaluate(data, batch -> model.model().forward(batch),
                TrainConfig.of(Trained.of(file, "model").config())).loss();
        assertEquals(torch, java, 1e-5);
    }

    @Test
    void whatHasNoTextCarriesNoState() {
        TinyRun images = TinyRun.in(tmp.resolve("no"), "train.state.mode=tbptt");
        assertFails(ConfigException.class, images::go, "train.state.mode: data set stripes has sequences of its own");
        assertFails(ConfigException.class, () -> TinyRun.in(tmp.resolve("no"), "train.state.mode=reset"),
                "n_context: got 0 with mode reset");
        assertFails(ConfigException.class, () -> TinyRun.in(tmp.resolve("no"), "train.state.n_context=2"),
                "n_context: got 2 with mode none");
    }

    @Test
    void aTextShorterThanABatchIsRefused() throws IOException {
        Dataset data = text(TextConfig.Level.WORDS);
        assertFails(ConfigException.class, () -> run("short", data, "loader.batch_size=5000", "loader.l_max=4").go(),
                "tokens make no batch of 5000 rows");
        StepPrediction none = new StepPrediction(Learner.StepScores.NOTHING, List.of(), "word", null);
        assertTrue(none.baselines().isEmpty());
    }
}
