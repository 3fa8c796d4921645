package s4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static s4j.testkit.Messages.assertFails;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.io.MalformedFileException;
import s4j.model.BackboneConfig;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.FeedForwardConfig;
import s4j.model.NetworkConfig;
import s4j.model.PoolConfig;
import s4j.model.S4LayerConfig;
import s4j.model.SashimiConfig;
import s4j.model.SsmLearningRates;

/** Trees to records and back: what is accepted, and what every refusal says. */
class BinderTest {
    private static final Origin HERE = new Origin("x.yaml:7");

    static ConfigTree tree(String json) {
        try {
            return ConfigTree.fromJson(json, HERE);
        } catch (MalformedFileException e) {
            throw new AssertionError(e);
        }
    }

    private static NetworkConfig network(String json) { return Binder.bind(tree(json), NetworkConfig.DEFAULTS); }

    /** A shape of each kind of data, to choose one by name. */
    public sealed interface Source permits Digits, Waves {}

    /** One kind. */
    public record Digits(@Key("_name_") String name, int count) implements Source {
        public static final Digits DEFAULTS = new Digits("digits", 3);
    }

    /** Another kind, with a number that may be a count or a fraction. */
    public record Waves(@Key("_name_") String name, @Range(min = 0) @Nullable Number limit,
            @Range(max = 5) List<Double> rates) implements Source {
        public static final Waves DEFAULTS = new Waves("waves", null, List.of(1.0, 2.0));
    }

    /** Holds one of them. */
    public record Holder(Source source, @Nullable Long seed) {
        public static final Holder DEFAULTS = new Holder(Digits.DEFAULTS, 42L);
    }

    static Stream<Record> records() {
        PoolConfig pool = new PoolConfig(PoolConfig.Kind.LINEAR, 4, 2);
        BackboneConfig b = BackboneConfig.DEFAULTS;
        return Stream.of(NetworkConfig.DEFAULTS, S4LayerConfig.DEFAULTS, EncoderConfig.DEFAULTS,
                DecoderConfig.DEFAULTS, SashimiConfig.DEFAULTS, SsmLearningRates.DEFAULTS,
                new SsmLearningRates(null, 1e-8, 0.5, 0.0),
                new BackboneConfig("model", 3, 2, false, null, false, 0.1, true, 0.2, null, 2, pool, b.layer()),
                new BackboneConfig("model", 3, 2, false, null, false, 0.1, true, 0.2, null, 2, pool,
                        List.of(FeedForwardConfig.DEFAULTS, S4LayerConfig.DEFAULTS)),
                FeedForwardConfig.DEFAULTS,
                Holder.DEFAULTS, new Holder(new Waves("waves", 1.0, List.of(0.25)), null),
                new Holder(new Waves("waves", 1, List.of()), -1L));
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyRecordComesBackFromItsTreeAndItsJson(Record record) throws MalformedFileException {
        ConfigTree tree = Binder.tree(record);
        assertEquals(record, Binder.bind(tree, record.getClass()));
        assertEquals(record, Binder.bind(ConfigTree.fromJson(tree.toJson(), HERE), record.getClass()));
    }

    @Test
    void missingKeysTakeTheDefaults() {
        NetworkConfig n = network("{\"model\": {\"n_layers\": 2, \"layer\": {\"d_state\": 16}}}");
        assertEquals(2, n.model().nLayers());
        assertEquals(16, n.model().s4().orElseThrow().dState());
        assertEquals(BackboneConfig.DEFAULTS.dModel(), n.model().dModel());
        assertEquals(NetworkConfig.DEFAULTS, network("{}"));
    }

    /** Defaults of every kind beside their components. */
    public record Plain(@Default("3") int count, @Default("true") boolean on, @Default("a b") String words,
            @Default("[1, 2.5]") List<Double> rates, @Default("zoh") S4LayerConfig.Disc disc, @Nullable String none,
            EncoderConfig encoder, List<Source> sources) {
        public static final Plain DEFAULTS = Defaults.of(Plain.class);
    }

    @Test
    void defaultsStandBesideTheirComponents() {
        assertEquals(new Plain(3, true, "a b", List.of(1.0, 2.5), S4LayerConfig.Disc.ZOH, null, EncoderConfig.DEFAULTS,
                List.of(Digits.DEFAULTS)), Plain.DEFAULTS);
        S4LayerConfig s4 = S4LayerConfig.DEFAULTS;
        assertEquals(List.of("legs"), s4.init());
        assertEquals(0.001, s4.dtMin());
        assertEquals(S4LayerConfig.Activation.GLU, s4.finalAct());
        assertEquals(SsmLearningRates.DEFAULTS, s4.lr());
        assertNull(s4.dropout());
        assertEquals(List.of(s4), BackboneConfig.DEFAULTS.layer());
        assertEquals(List.of(4, 4), SashimiConfig.DEFAULTS.pool());
    }

    @Test
    void aListOfOneIsWrittenAsTheOneAndOldFilesHadNoNames() {
        assertEquals(new ConfigTree.Scalar(64L, Origin.DEFAULTS),
                Binder.tree(NetworkConfig.DEFAULTS).find("model.layer.d_state"));
        assertEquals(BackboneConfig.DEFAULTS, Binder.bind(
                Binder.tree(BackboneConfig.DEFAULTS).without("layer._name_"), BackboneConfig.class));
    }

    @Test
    void layersAreChosenByTheirNames() {
        BackboneConfig model = isotropic(
                "{\"layer\": [{\"d_state\": 4}, \"ff\", {\"_name_\": \"ff\", \"expand\": 3}]}");
        assertEquals(4, ((S4LayerConfig) model.layer(0)).dState());
        assertEquals(FeedForwardConfig.DEFAULTS, model.layer(1));
        assertEquals(3, ((FeedForwardConfig) model.layer(5)).expand());
        assertEquals(12, model.blocks());
        assertEquals("S4 + FF + FF", model.title());
        assertEquals("d_model 64, 4 × 3 layers, d_state 4", model.size());
        assertEquals("s4-ff-ff", model.word());
    }

    @Test
    void shorthandsMeanTheirLongForms() {
        assertEquals(EncoderConfig.Kind.ID, network("{\"encoder\": \"id\"}").encoder().name());
        S4LayerConfig layer = network("{\"model\": {\"layer\": {\"lr\": 0.5, \"init\": \"diag-lin\"}}}").model()
                .s4().orElseThrow();
        assertEquals(SsmLearningRates.of(0.5), layer.lr());
        assertEquals(List.of("diag-lin"), layer.init());
        PoolConfig pool = isotropic("{\"pool\": {\"stride\": 4}}").pool();
        assertEquals(new PoolConfig(PoolConfig.DEFAULTS.name(), 4, PoolConfig.DEFAULTS.expand()), pool);
        assertEquals(BackboneConfig.Norm.BATCH, isotropic("{\"norm\": \"batch\"}").norm());
        assertEquals(BackboneConfig.Norm.SCALAR_LAYER, isotropic("{\"norm\": \"scalar_layer\"}").norm());
        Holder waves = Binder.bind(tree("{\"source\": \"waves\"}"), Holder.class);
        assertEquals(Waves.DEFAULTS, waves.source());
    }

    @Test
    void enumsHaveTheOfficialWords() {
        assertEquals(BackboneConfig.Residual.R, isotropic("{\"residual\": \"R\"}").residual());
        assertEquals(new ConfigTree.Scalar("R", Origin.DEFAULTS),
                Binder.tree(BackboneConfig.DEFAULTS).find("residual"));
    }

    @Test
    void numbersAreReadAsTheComponentNeedsThem() {
        S4LayerConfig layer = network("{\"model\": {\"layer\": {\"dt_max\": 1, \"dt_min\": 1e-3, \"n_ssm\": 1e1}}}")
                .model().s4().orElseThrow();
        assertEquals(1.0, layer.dtMax());
        assertEquals(0.001, layer.dtMin());
        assertEquals(10, layer.nSsm());
        assertNull(network("{\"model\": {\"layer\": {\"l_max\": null}}}").model().s4().orElseThrow().lMax());
        assertEquals(List.of(0.5), waves("{\"_name_\": \"waves\", \"rates\": 0.5}").rates());
        assertEquals(1, waves("{\"_name_\": \"waves\", \"limit\": 1}").limit());
        assertEquals(1.0, waves("{\"_name_\": \"waves\", \"limit\": 1.0}").limit());
    }

    @Test
    void theModelsNameChoosesItsRecord() {
        SashimiConfig model = (SashimiConfig) network(
                "{\"model\": {\"_name_\": \"sashimi\", \"pool\": [2, 4], \"unet\": true}}")
                .model();
        assertEquals(List.of(2, 4), model.pool());
        assertEquals(8, model.totalPool());
        assertEquals(SashimiConfig.DEFAULTS.ff(), model.ff());
        assertEquals(BackboneConfig.DEFAULTS, network("{\"model\": {\"_name_\": \"model\"}}").model());
    }

    private static BackboneConfig isotropic(String model) {
        return (BackboneConfig) network("{\"model\": " + model + "}").model();
    }

    private static Waves waves(String json) {
        return (Waves) Binder.bind(tree("{\"source\": " + json + "}"), Holder.class).source();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"model\":{\"layer\":{\"d_sate\":4}}}|unknown key model.layer.d_sate (x.yaml:7); did you mean d_state?",
            "{\"modle\":{}}|unknown key modle (x.yaml:7); did you mean model?",
            "{\"zzzzzzz\":1}|unknown key zzzzzzz (x.yaml:7); expected one of d_input, d_output, l_max, encoder",
            "{\"model\":{\"n_layers\":1.5}}|model.n_layers: got 1.5 (x.yaml:7); expected a whole number",
            "{\"model\":{\"n_layers\":\"two\"}}|model.n_layers: got \"two\" (x.yaml:7); expected a whole number",
            "{\"model\":{\"n_layers\":null}}|model.n_layers: got null (x.yaml:7); expected a whole number",
            "{\"model\":{\"n_layers\":9999999999}}|model.n_layers: got 9999999999 (x.yaml:7); expected a whole number",
            "{\"model\":{\"n_layers\":[1]}}|model.n_layers: got [1] (x.yaml:7); expected a whole number",
            "{\"model\":{\"n_layers\":0}}|model.n_layers: got 0 (x.yaml:7); expected 1 to 1024",
            "{\"model\":{\"dropout\":1}}|model.dropout: got 1 (x.yaml:7); expected 0 to 0.999",
            "{\"model\":{\"dropout\":\"0.1\"}}|model.dropout: got \"0.1\" (x.yaml:7); expected a number",
            "{\"model\":{\"prenorm\":\"yes\"}}|model.prenorm: got \"yes\" (x.yaml:7); expected true or false",
            "{\"model\":{\"norm\":\"bath\"}}|model.norm: got \"bath\" (x.yaml:7); expected one of layer, batch, instance, none, scalar_layer; did you mean batch?",
            "{\"model\":{\"_name_\":\"sashimi\",\"norm\":\"batch\"}}|model: norm: got batch; SaShiMi's blocks have layer or scalar_layer (x.yaml:7)",
            "{\"model\":{\"layer\":{\"d_state\":63}}}|model.layer: d_state must be even (it counts conjugate pairs twice), got 63 (x.yaml:7)",
            "{\"model\":{\"layer\":{\"lr\":-1}}}|model.layer.lr.A: got -1.0 (x.yaml:7); expected 0 to 1000000",
            "{\"model\":{\"layer\":{\"init\":[]}}}|model.layer: init names no initialisation",
            "{\"model\":{\"layer\":{\"init\":[[1]]}}}|model.layer.init: got [1] (x.yaml:7); expected a word",
            "{\"model\":4}|model: got 4 (x.yaml:7); expected a map of _name_, d_model",
            "{\"encoder\":\"liner\"}|encoder._name_: got \"liner\" (x.yaml:7); expected one of id, linear, embedding, adaptive; did you mean linear?",
            "{\"encoder\":null}|encoder: got null (x.yaml:7); expected a map", "[]|configuration: got [] (x.yaml:7)"})
    void refusalsNamePathValuePlaceAndWhatWasExpected(String json, String message) {
        assertFails(ConfigException.class, () -> network(json), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"source\":\"noise\"}|source._name_: got \"noise\" (x.yaml:7); expected one of digits, waves",
            "{\"source\":{\"_name_\":\"waves\",\"count\":1}}|unknown key source.count",
            "{\"source\":{\"_name_\":\"waves\",\"rates\":[1,9]}}|source.rates[1]: got 9 (x.yaml:7); expected at most 5",
            "{\"source\":{\"_name_\":\"waves\",\"limit\":-0.5}}|source.limit: got -0.5 (x.yaml:7); expected at least 0",
            "{\"seed\":0.5}|seed: got 0.5 (x.yaml:7); expected a whole number"})
    void refusalsOfNamedKindsAndListsToo(String json, String message) {
        assertFails(ConfigException.class, () -> Binder.bind(tree(json), Holder.class), message);
    }
}
