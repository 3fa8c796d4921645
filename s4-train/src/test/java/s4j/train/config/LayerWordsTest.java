package s4j.train.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static s4j.testkit.Messages.assertFails;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.MalformedFileException;
import s4j.model.AttentionConfig;
import s4j.model.FeedForwardConfig;
import s4j.model.GruConfig;
import s4j.model.LinearConfig;
import s4j.model.LstmConfig;
import s4j.model.TcnConfig;
import s4j.model.LayerConfig;
import s4j.model.S4LayerConfig;
import s4j.model.S4LayerConfig.Activation;
import s4j.model.S4LayerConfig.Mode;

/** Layers and models chosen by words: alone, in lists, as maps. */
class LayerWordsTest {
    private static final ConfigLoader LOADER = ConfigLoader.usual(List.of());

    private static TrainConfig load(String... words) { return LOADER.load(List.of(words)); }

    @Test
    void layersAreNamesOrMapsAloneOrInAList() {
        LayerConfig s4 = load("pipeline=mnist", "model=s4").model().layers().getFirst();
        LayerConfig s4d = load("pipeline=mnist", "model=s4d").model().layers().getFirst();
        assertEquals(List.of(s4, s4, FeedForwardConfig.DEFAULTS), layers("model.layer=[s4, s4, ff]"));
        assertEquals(List.of(s4d, FeedForwardConfig.DEFAULTS), layers("model=s4", "model.layer=[s4d, ffn]"));
        assertEquals(List.of(s4d), layers("model=s4", "model.layer=s4d"));
        assertEquals(List.of(s4d), layers("model.layer=[ff, ff]", "model.layer=s4d"));
        assertEquals(List.of(s4d), layers("model/layer=s4d"));
        assertEquals(List.of(FeedForwardConfig.DEFAULTS), layers("model/layer=ff"));
        FeedForwardConfig wide = new FeedForwardConfig("ff", 4, Activation.RELU, 0.5, true);
        assertEquals(List.of(s4, wide), layers(
                "model.layer=[s4, {_name_: ff, expand: 4, activation: relu, dropout: 0.5, tie_dropout: true}]"));
        S4LayerConfig small = (S4LayerConfig) layers("model.layer=[{_name_: s4d, d_state: 4}, ff]").getFirst();
        assertEquals(Mode.DIAG, small.mode());
        assertEquals(4, small.dState());
        assertEquals(16, ((S4LayerConfig) layers("model.layer=s4", "model.layer.d_state=16").getFirst()).dState());
    }

    private static List<LayerConfig> layers(String... words) {
        TrainConfig config = LOADER.load(Stream.concat(Stream.of("pipeline=mnist"), Stream.of(words)).toList());
        try {
            assertEquals(config, TrainConfig.of(Yaml.read(config.toYaml(), "printed")));
            assertEquals(config, TrainConfig.of(ConfigTree.fromJson(config.tree().toJson(), Origin.DEFAULTS)));
        } catch (MalformedFileException e) {
            throw new AssertionError(e);
        }
        return config.model().layers();
    }

    @Test
    void unknownLayersAreRefused() {
        assertFails(ConfigException.class, () -> load("pipeline=mnist", "model.layer=[s4, fff]"),
                "unknown model/layer fff", "did you mean ff");
        assertFails(ConfigException.class, () -> load("pipeline=mnist", "model.layer=[{_name_: lstmm}]"),
                "model.layer._name_: got \"lstmm\"", "expected one of s4, ff, linear, lstm, gru, attention, tcn");
        assertFails(ConfigException.class, () -> load("pipeline=mnist", "model.layer=[]"),
                "layer: got []; expected one or more");
    }

    @Test
    void modelsOfRivalsAreChosenByTheirWords() throws IOException {
        assertEquals(List.of(LstmConfig.DEFAULTS), layers("model=lstm"));
        assertEquals(List.of(GruConfig.DEFAULTS), layers("model=gru"));
        assertEquals(List.of(TcnConfig.DEFAULTS), layers("model=tcn"));
        assertEquals(List.of(FeedForwardConfig.DEFAULTS), layers("model=mlp"));
        FeedForwardConfig four = new FeedForwardConfig("ff", 4, Activation.GELU, null, false);
        assertEquals(List.of(AttentionConfig.DEFAULTS, four), layers("model=transformer"));
        assertEquals(List.of(LinearConfig.DEFAULTS, LstmConfig.DEFAULTS), layers("model.layer=[linear, lstm]"));
        assertFails(ConfigException.class, () -> load("pipeline=mnist", "model=transformer", "model.d_model=30"),
                "model.layer.n_heads: got 4; expected a divisor of the 30 features");
        assertFails(ConfigException.class,
                () -> load("pipeline=mnist", "model.layer=[{_name_: attention, causal: false, window: 3}]"),
                "window: got 3 with causal false");
    }
}
