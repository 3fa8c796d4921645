package s4j.train.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;

/** Configurations whose keys do not go together are refused before anything is read or written, by the key to change. */
final class ConfigCheckTest {
    private static final ConfigLoader LOADER = ConfigLoader.usual(List.of());

    @TempDir
    Path dir = Path.of("");

    private static TrainConfig load(String words) {
        List<String> all = new ArrayList<>(List.of("pipeline=mnist"));
        all.addAll(List.of(words.split(" (?=[a-z_./]+=)", -1)));
        return LOADER.load(all);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|',
            value = {"model.layer.bottleneck=3 | model.layer.bottleneck: got 3; expected a divisor of the 64",
                    "model.layer.n_ssm=5 | model.layer.n_ssm: got 5; expected a divisor of the 64 features, or null",
                    "model.layer.bottleneck=4 model.layer.n_ssm=3 | n_ssm: got 3; expected a divisor of the 16",
                    "model.layer.bottleneck=2 model.layer.mult_act=glu | mult_act: got glu, which halves the features",
                    "model=transformer model.d_model=65 | model.layer.", "model.layer.dt_min=0 | dt_min",
                    "model.layer.init=hippo-x | init", "model.layer.d_state=3 | d_state",
                    "model=sashimi model.expand=64 model.pool=[4,4,4,4] | model.pool: expand makes layers of",
                    "train.state.n_context=2 | n_context: got 2 with mode none; expected 0. Write mode reset or bptt",
                    "train.state={mode: tbptt, n_context: 1} | n_context: got 1 with mode tbptt",
                    "train.state.mode=bptt | n_context: got 0 with mode bptt; expected 1 or more chunks",
                    "loader.batch_size=0 | loader.batch_size: got 0",
                    "loader.batch_size_eval=0 | loader.batch_size_eval: got 0",
                    "loader.context_eval=-2 | loader.context_eval: got -2",
                    "trainer.max_minutes=0 | trainer.max_minutes: got 0",
                    "trainer.limit_val_batches=-1 | trainer.limit_val_batches: got -1",
                    "trainer.accumulate_grad_batches=0 | accumulate_grad_batches: got 0",
                    "train.ema=1 | train.ema: got 1",
                    "kernel.backend=gpu | kernel.backend: got", "decoder.mode=frist | did you mean first?",
                    "task=nothing | unknown task"})
    void whatDoesNotGoTogetherIsRefusedByItsKey(String words, String message) {
        assertFails(ConfigException.class, () -> load(words), message);
    }

    @Test
    void aDecoderMustFitTaskAndData() {
        assertFails(ConfigException.class, () -> load("decoder.mode=ragged").requireDecoder(),
                "decoder.mode: got ragged, but the sequences of data set mnist", "have one length; expected last");
        assertFails(ConfigException.class,
                () -> load("task=multiclass_classification decoder.mode=step").requireDecoder(), "decoder.mode");
        load("decoder.mode=pool").requireDecoder();
    }

    @Test
    void evaluationAndEpochsHaveTheirDefaults() {
        assertEquals(50, load("loader.batch_size=50").loader().evalBatch());
        assertEquals(7, load("loader.batch_size_eval=7").loader().evalBatch());
        assertEquals(1_000_000, load("trainer.max_minutes=1").trainer().epochs());
        assertEquals(true, load("train.state={mode: reset, n_context: 1}").train().state().carries());
        assertEquals(false, load("seed=1".replace("seed", "train.seed")).train().state().carries());
    }

    private ConfigLoader with(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(java.util.Objects.requireNonNull(file.getParent()));
        Files.writeString(file, text);
        return ConfigLoader.usual(List.of(dir));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"defaults: mnist | defaults: got \"mnist\"",
            "defaults: [mnist] | defaults: got \"mnist\"",
            "defaults: [{/pipeline: mnist, /model: s4}] | expected - /group: choice",
            "defaults: [{/pipeline: [a]}] | expected - /group: choice",
            "defaults: [{/pipelines: mnist}] | unknown group pipelines",
            "[1, 2] | expected key: value lines", "hello | expected key: value lines"})
    void aFileThatIsNoneIsRefusedWithItsPlace(String text, String message) throws IOException {
        ConfigLoader loader = with("experiment/mine.yaml", text + "\n");
        assertFails(ConfigException.class, () -> loader.load(List.of("experiment=mine")), message, "mine.yaml");
    }

    @Test
    void filesAreRefusedThatAreTooLargeOrNotThere() throws IOException {
        with("experiment/big.yaml", "#" + "x".repeat(1 << 20));
        ConfigLoader loader = ConfigLoader.usual(List.of(dir));
        assertFails(ConfigException.class, () -> loader.load(List.of("experiment=big")), "big.yaml: got 1048577 bytes",
                "expected at most");
        assertFails(ConfigException.class, () -> ConfigLoader.usual(List.of(dir.resolve("none"))), "--config-dir",
                "is no directory");
        assertFails(ConfigException.class, () -> ConfigFiles.read(dir.resolve("none.yaml")), "cannot read",
                "none.yaml");
        Files.write(dir.resolve("experiment/latin.yaml"), new byte[]{'a', ':', ' ', (byte) 0xe4});
        assertFails(ConfigException.class, () -> loader.load(List.of("experiment=latin")),
                "latin.yaml: no text in UTF-8");
        assertTrue(loader.files().choices("experiment").containsAll(List.of("big", "latin", "mnist/s4-mnist")),
                "a user's files stand beside the packaged ones");
    }

    @Test
    void aRunThatExistsKeepsItsPipeline() {
        ConfigTree tree = load("train.seed=3").tree();
        for (String word : List.of("pipeline=cifar", "experiment=mnist/s4-mnist")) {
            assertFails(ConfigException.class, () -> LOADER.override(tree, List.of(word)),
                    "cannot be chosen for a run that exists already (command line: " + word + ")");
        }
        assertEquals(3, LOADER.override(tree, List.of("optimizer.lr=0.5")).train().seed());
        assertFails(ConfigException.class, () -> LOADER.override(tree, List.of("~train.sed")), "unknown key train.sed",
                "did you mean seed?");
        assertFails(ConfigException.class, () -> LOADER.override(tree, List.of("~train.seed.x")),
                "unknown key train.seed.x",
                "there is no such key");
    }

    /** Whatever is printed is read as the same run: every word that a test here accepts. */
    @ParameterizedTest
    @CsvSource({"trainer.max_minutes=0.5", "trainer.limit_train_batches=0.25", "trainer.limit_test_batches=3",
            "train.state={mode: bptt;n_context: 2}", "loader.roll_seed=-5", "loader.context_eval=-1",
            "run.dir='a: #b'", "run.dir=\"é\\ttab\"", "run.dir=null",
            "run.tensorboard=true",
            "optimizer.betas=[0.5;0.75]", "model.layer={_name_: lstm}", "trainer.device=cpu"})
    void aPrintedConfigurationIsTheSameRun(String word) throws IOException {
        TrainConfig config = LOADER.load(List.of("pipeline=mnist", word.replace(';', ',')));
        assertEquals(config, TrainConfig.of(Yaml.read(config.toYaml(), "printed")), config.toYaml());
        assertEquals(config, TrainConfig.of(ConfigTree.fromJson(config.tree().toJson(), Origin.DEFAULTS)));
    }
}
