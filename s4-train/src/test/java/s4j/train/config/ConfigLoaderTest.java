package s4j.train.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.audio.Quantization;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.AudioConfig;
import s4j.data.CifarConfig;
import s4j.data.MnistConfig;
import s4j.io.MalformedFileException;
import s4j.model.S4LayerConfig.Mode;
import s4j.model.SashimiConfig;
import s4j.model.SsmLearningRates;
import s4j.torch.OptimizerConfig;
import s4j.train.schedule.SchedulerConfig;

/** Runs composed from words: every file, every layer, every refusal. */
class ConfigLoaderTest {
    private static final ConfigLoader LOADER = ConfigLoader.usual(List.of());

    @TempDir
    Path directory = Path.of("");

    private static TrainConfig load(String... words) { return LOADER.load(List.of(words)); }

    /** Every choice of every group, as one word each. */
    static Stream<String> everyFile() {
        List<String> words = new ArrayList<>();
        for (String group : LOADER.files().groups()) {
            LOADER.files().choices(group).forEach(c -> words.add(group + "=" + c));
        }
        return words.stream();
    }

    @ParameterizedTest
    @MethodSource("everyFile")
    void everyFileLoadsAndItsPrintedConfigurationIsTheSameRun(String word) throws MalformedFileException {
        // an experiment's keys belong to its own pipeline
        TrainConfig config = word.startsWith("experiment=") ? load(word) : load("pipeline=mnist", word);
        assertEquals(config, TrainConfig.of(Yaml.read(config.toYaml(), "printed")));
        assertEquals(config, TrainConfig.of(ConfigTree.fromJson(config.tree().toJson(), Origin.DEFAULTS)));
    }

    @Test
    void allGroupsAreThere() {
        assertEquals(List.of("dataset", "decoder", "encoder", "experiment", "loader", "model", "optimizer", "pipeline",
                "scheduler", "task", "trainer"), List.copyOf(LOADER.files().groups()));
    }

    @Test
    void theFirstCommandIsTheRunThatTheReadmePromises() {
        TrainConfig s4 = load("pipeline=mnist", "model=s4");
        assertEquals(TrainConfig.DEFAULTS.loader(), s4.loader());
        assertEquals(1, s4.trainer().epochs());
        assertEquals(1.0, s4.trainer().gradientClipVal());
        assertEquals(0.01, s4.optimizer().lr());
        assertEquals(0.01, s4.optimizer().weightDecay());
        assertEquals(SchedulerConfig.Kind.COSINE_WARMUP, s4.scheduler().name());
        assertEquals(120, s4.scheduler().numWarmupSteps());
        assertNull(s4.scheduler().numTrainingSteps());
        assertEquals(MnistConfig.DEFAULTS, s4.dataset());
        assertEquals(64, s4.model().dModel());
        assertEquals(4, s4.model().nLayers());
        assertTrue(((s4j.model.BackboneConfig) s4.model()).prenorm());
        assertEquals(Mode.NPLR, s4.model().s4().orElseThrow().mode());
        assertEquals(64, s4.model().s4().orElseThrow().dState());
        assertEquals(1, s4.model().s4().orElseThrow().nSsm());
        assertEquals(SsmLearningRates.of(0.001), s4.model().s4().orElseThrow().lr());
        TrainConfig s4d = load("pipeline=mnist", "model=s4d");
        assertEquals(Mode.DIAG, s4d.model().s4().orElseThrow().mode());
        assertEquals(List.of("diag-lin"), s4d.model().s4().orElseThrow().init());
        assertEquals(32, s4d.model().s4().orElseThrow().dState());
        assertNull(s4d.model().s4().orElseThrow().nSsm());
    }

    @Test
    void wordsOverrideInTheirOrder() {
        TrainConfig c = load("pipeline=mnist", "model.layer.d_state=16", "model.layer.lr={dt: null, A: 0.1}",
                "trainer.limit_train_batches=0.1", "trainer.limit_val_batches=1", "model.layer.init=[legs, fourier]",
                "model.layer.n_ssm=2",
                "model.n_layers=2", "model.n_layers=3", "dataset.permute=true", "run.dir=runs/a b", "train.ema=1e-3",
                "encoder=id", "optimizer=sgd", "optimizer.betas=[0.5, 0.9]", "loader={batch_size: 7}",
                "train.optimizer_param_grouping.bias_weight_decay=true");
        assertEquals(16, c.model().s4().orElseThrow().dState());
        assertEquals(new SsmLearningRates(0.1, 0.001, null, null), c.model().s4().orElseThrow().lr());
        assertEquals(0.1, c.trainer().limitTrainBatches());
        assertEquals(1, c.trainer().limitValBatches());
        assertEquals(List.of("legs", "fourier"), c.model().s4().orElseThrow().init());
        assertEquals(3, c.model().nLayers());
        assertEquals("runs/a b", c.run().dir());
        assertEquals(0.001, c.train().ema());
        assertTrue(c.learnerOptions().biasWeightDecay());
        assertFalse(c.learnerOptions().normalizationWeightDecay());
        assertEquals(OptimizerConfig.Kind.SGD, c.optimizer().name());
        assertEquals(7, c.loader().batchSize());
        assertTrue(((MnistConfig) c.dataset()).permute());
    }

    @Test
    void anotherModelReplacesTheOneThereWas() {
        TrainConfig sashimi = load("pipeline=mnist", "model=sashimi");
        assertEquals(SashimiConfig.class, sashimi.model().getClass());
        assertEquals(1, sashimi.model().s4().orElseThrow().nSsm());
        ConfigTree had = load("pipeline=mnist", "model.prenorm=false").tree();
        assertEquals(SashimiConfig.class, LOADER.override(had, List.of("model=unet")).model().getClass());
        TrainConfig s4 = LOADER.override(sashimi.tree(), List.of("model=s4d"));
        assertEquals(Mode.DIAG, s4.model().s4().orElseThrow().mode());
        assertEquals(4, s4.model().nLayers());
    }

    @Test
    void audioExperimentsHaveTheOfficialSizes() {
        TrainConfig sc09 = load("experiment=audio/sashimi-sc09");
        SashimiConfig model = (SashimiConfig) sc09.model();
        assertEquals(SashimiConfig.DEFAULTS.pool(), model.pool());
        assertEquals(List.of(64, 8, 2, 2), List.of(model.dModel(), model.nLayers(), model.expand(), model.ff()));
        assertEquals(1, model.s4().orElseThrow().nSsm());
        assertEquals(List.of(32, 1000), List.of(sc09.loader().batchSize(), sc09.trainer().epochs()));
        assertEquals(0.001, sc09.optimizer().lr());
        assertEquals(SchedulerConfig.Kind.PLATEAU, sc09.scheduler().name());
        TrainConfig unet = load("experiment=audio/sashimi-sc09-unet");
        assertTrue(((SashimiConfig) unet.model()).unet());
        assertNull(unet.model().s4().orElseThrow().nSsm());
        assertEquals(0.1, unet.optimizer().weightDecay());
        assertEquals(200_000, unet.scheduler().numTrainingSteps());
        TrainConfig beethoven = load("experiment=audio/sashimi-beethoven");
        AudioConfig audio = (AudioConfig) beethoven.dataset();
        assertEquals(128_000, audio.sampleLen());
        assertEquals(Quantization.LINEAR, audio.quantization());
        assertTrue(audio.dropLast());
        assertEquals(0.004, beethoven.optimizer().lr());
        assertEquals(131_072, ((AudioConfig) load("experiment=audio/sashimi-youtubemix").dataset()).sampleLen());
        for (TrainConfig c : List.of(sc09, unet, beethoven, load("pipeline=fsdd"))) {
            assertEquals("lm", c.task().name());
            assertEquals(List.of("accuracy", "accuracy@3", "accuracy@5", "accuracy@10", "bpb", "ppl"),
                    c.task().metrics());
        }
    }

    @Test
    void deletedKeysFallBackToTheDefault() {
        assertEquals(0, load("pipeline=mnist", "~scheduler.num_warmup_steps").scheduler().numWarmupSteps());
        assertEquals(SchedulerConfig.DEFAULTS, load("pipeline=mnist", "~scheduler").scheduler());
        assertEquals(1, load("pipeline=mnist", "trainer.max_epochs=9", "~trainer.max_epochs").trainer().epochs());
        assertEquals(1_000_000, load("pipeline=mnist", "trainer.max_minutes=2").trainer().epochs(),
                "time ends the run");
        assertEquals(3, load("pipeline=mnist", "trainer.max_minutes=2", "trainer.max_epochs=3").trainer().epochs());
    }

    @Test
    void chosenWordsWinOverAnExperimentsChoices() {
        TrainConfig plain = load("experiment=mnist/s4-mnist");
        assertEquals(Mode.NPLR, plain.model().s4().orElseThrow().mode());
        assertEquals(512, plain.model().dModel());
        assertEquals(2, plain.model().s4().orElseThrow().nSsm());
        TrainConfig other = load("experiment=mnist/s4-mnist", "model=s4d", "scheduler=constant", "optimizer.lr=0.5");
        assertEquals(Mode.DIAG, other.model().s4().orElseThrow().mode());
        assertEquals(512, other.model().dModel());
        assertEquals(SchedulerConfig.Kind.CONSTANT, other.scheduler().name());
        assertEquals(0.5, other.optimizer().lr());
    }

    @Test
    void aPipelinesDataReplaceAModelsAndNothingElseDoes() {
        ConfigTree mnist = load("pipeline=mnist", "dataset.permute=true", "optimizer.lr=0.5", "trainer.threads=2")
                .tree();
        TrainConfig c = LOADER.evaluation(mnist, List.of("pipeline=cifar", "dataset.grayscale=true"));
        assertEquals(new CifarConfig("cifar", true, CifarConfig.DEFAULTS.std(), 0.1, 42, null), c.dataset());
        assertEquals(0.5, c.optimizer().lr());
        assertEquals(SchedulerConfig.Kind.COSINE_WARMUP, c.scheduler().name());
        assertEquals(2, c.trainer().threads());
        assertEquals(load("pipeline=fsdd").task(),
                LOADER.evaluation(ConfigTree.empty(Origin.DEFAULTS), List.of("pipeline=fsdd")).task(),
                "an imported model has no task of its own");
        assertEquals(load("pipeline=mnist", "dataset.permute=true").dataset(),
                LOADER.evaluation(mnist, List.of("loader.batch_size=7")).dataset());
        assertFails(ConfigException.class, () -> LOADER.evaluation(mnist, List.of("pipeline=nothing")),
                "unknown pipeline nothing");
    }

    @Test
    void limitsAreCountsOrFractions() {
        assertEquals(100, TrainerConfig.batches(null, 100));
        assertEquals(7, TrainerConfig.batches(7, 100));
        assertEquals(100, TrainerConfig.batches(700, 100));
        assertEquals(1, TrainerConfig.batches(1, 100));
        assertEquals(100, TrainerConfig.batches(1.0, 100));
        assertEquals(10, TrainerConfig.batches(0.1, 100));
        assertEquals(1, TrainerConfig.batches(0.001, 100));
        assertEquals(0, TrainerConfig.batches(0, 100));
        assertEquals(0, TrainerConfig.batches(0.5, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "model.layer.d_sate=4|unknown key model.layer.d_sate (command line: model.layer.d_sate=4); did you mean d_state?",
            "trainer.max_epochs=1.5|trainer.max_epochs: got 1.5 (command line: trainer.max_epochs=1.5); expected a whole number",
            "trainer.max_epochs=0|trainer.max_epochs: got 0 (command line: trainer.max_epochs=0); expected 1 to 1000000",
            "trainer.threads=|trainer.threads: got null", "optimizer.lr=fast|optimizer.lr: got \"fast\"",
            "optimizer.lr=.inf|optimizer.lr: got Infinity", "optimizer.lr=-1|expected 0 to 1000000",
            "trainer.limit_train_batches=1.5|trainer: limit_train_batches 1.5 is no fraction",
            "trainer.device=gpu|expected one of auto, cpu, cuda; did you mean cpu?",
            "optimizer.betas=[0.9]|optimizer: betas [0.9]; expected two numbers in [0, 1) (command line: optimizer.betas=[0.9])",
            "task.metrics=[acuracy]|unknown metric acuracy", "scheduler.gamma=2|scheduler.gamma: got 2",
            "pipelin=mnist|unknown key pipelin (command line: pipelin=mnist); did you mean pipeline?",
            "optimzer.lr=1|did you mean optimizer?", "model/laier=s4|unknown group model/laier",
            "pipeline=mnits|unknown pipeline mnits (command line: pipeline=mnits); did you mean mnist? There are ",
            "model=zzz|unknown model zzz (command line: model=zzz); expected one of gru, lstm, mlp, s4, s4d",
            "model=../model/s4|unknown model ../model/s4",
            "experiment=cifar/s4-cifer|unknown experiment cifar/s4-cifer",
            "--fast|argument --fast; expected key=value, group=choice or ~key", "+a.b=1|argument +a.b=1",
            "~model.layer.d_sate|unknown key model.layer.d_sate (command line: ~model.layer.d_sate); did you mean d_state?",
            "model.layer=[1|not valid YAML", "encoder.name=x|unknown key encoder.name",
            "dataset._name_=cifra|dataset._name_: got \"cifra\"", "dataset.val_split=1|dataset.val_split: got 1",
            "scheduler=multistep scheduler.milestones=[]|milestones are empty",
            "model.layer.dt_min=1|dt_min 1.0 is above dt_max 0.1 (command line: model.layer.dt_min=1)"})
    void refusalsNamePathValuePlaceAndTheNearestWord(String words, String message) {
        List<String> all = new ArrayList<>(List.of("pipeline=mnist"));
        all.addAll(List.of(words.split(" ")));
        assertFails(ConfigException.class, () -> LOADER.load(all), message);
    }

    private void file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.resolve(".."));
        Files.writeString(file, text);
    }

    @Test
    void aUsersDirectoryAddsChoicesAndItsErrorsNameTheLine() throws IOException {
        file("model/mine.yaml", "n_layers: 2\nlayer:\n  d_state: 8\n");
        file("model/layer/wide.yaml", "channels: 3\n");
        file("experiment/broken.yaml", "defaults:\n  - /pipeline: mnist\n\nmodel:\n  layer:\n    d_sate: 3\n");
        file("experiment/nested.yaml", "defaults:\n  - /experiment: broken\n");
        file("experiment/typo.yaml", "defaults:\n  - /pipelin: mnist\n");
        file("experiment/official.yaml", "defaults:\n  - /pipeline: mnist\n  - override /model: mine\n");
        ConfigLoader loader = ConfigLoader.usual(List.of(directory));
        TrainConfig mine = loader.load(List.of("pipeline=mnist", "model/layer=wide", "model=mine"));
        assertEquals(2, mine.model().nLayers());
        assertEquals(8, mine.model().s4().orElseThrow().dState());
        assertEquals(3, mine.model().s4().orElseThrow().channels());
        assertEquals(2, loader.load(List.of("experiment=official")).model().nLayers());
        assertFails(ConfigException.class, () -> loader.load(List.of("experiment=broken")),
                "unknown key model.layer.d_sate", "experiment/broken.yaml:6); did you mean d_state?");
        assertFails(ConfigException.class, () -> loader.load(List.of("experiment=nested")), "nested.yaml:2",
                "no experiment in this file");
        assertFails(ConfigException.class, () -> loader.load(List.of("experiment=typo")), "unknown group pipelin",
                "typo.yaml:2); did you mean pipeline?");
        assertFails(ConfigException.class, () -> ConfigLoader.usual(List.of(directory.resolve("none"))),
                "is no directory");
    }

    @Test
    void aFinishedRunsConfigurationTakesWordsToo() {
        ConfigTree had = load("pipeline=mnist", "model=s4d", "trainer.max_epochs=2").tree();
        TrainConfig c = LOADER.override(had, List.of("trainer.max_epochs=3", "scheduler=constant"));
        assertEquals(3, c.trainer().epochs());
        assertEquals(Mode.DIAG, c.model().s4().orElseThrow().mode());
        assertEquals(SchedulerConfig.Kind.CONSTANT, c.scheduler().name());
        assertFails(ConfigException.class, () -> LOADER.override(had, List.of("pipeline=mnist")),
                "pipeline cannot be chosen for a run that exists already");
    }

    @Test
    void theInstallationsFilesStandInForThePackagedOnes() throws IOException {
        file("config.yaml", "trainer:\n  max_epochs: 77\n");
        file("pipeline/mine.yaml", "");
        System.setProperty(ConfigFiles.PROPERTY, directory.toString());
        try {
            ConfigLoader loader = ConfigLoader.usual(List.of());
            assertEquals(77, loader.load(List.of("pipeline=mine")).trainer().epochs());
            assertFalse(loader.files().isGroup("model"));
        } finally {
            System.clearProperty(ConfigFiles.PROPERTY);
        }
    }
}
