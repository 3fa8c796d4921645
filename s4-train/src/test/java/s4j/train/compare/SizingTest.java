package s4j.train.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static s4j.testkit.Messages.assertFails;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Test;
import s4j.config.Binder;
import s4j.config.ConfigException;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.model.AttentionConfig;
import s4j.model.BackboneConfig;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;
import s4j.train.fake.FakeData;
import s4j.train.fake.TinyRun;

class SizingTest {
    private static TrainConfig config(List<Map<String, Object>> layers, String... words) {
        ConfigTree tree = Binder.tree(TinyRun.config(words).values()).without("model.layer").with("model.layer",
                ConfigTree.of(layers, new Origin("test")));
        return TrainConfig.of(tree.with("model.d_model", ConfigTree.of(16, new Origin("test"))));
    }

    private static Sizing of(long budget, List<Map<String, Object>> layers) {
        return Sizing.of("it", config(layers), new FakeData(), Learner::create, budget);
    }

    private static final List<Map<String, Object>> TRANSFORMER = List.of(Map.of("_name_", "attention"),
            Map.of("_name_", "ff", "expand", 4));

    @ParameterizedTest
    @ValueSource(ints = {20_000, 50_000, 123_456})
    void everyKindComesWithinThreePercent(int budget) {
        for (List<Map<String, Object>> layers : List.of(List.of(Map.<String, Object>of("_name_", "lstm")),
                List.of(Map.<String, Object>of("_name_", "tcn")),
                List.of(Map.<String, Object>of("_name_", "s4", "mode", "diag", "init", "diag-lin", "d_state", 4)),
                TRANSFORMER)) {
            assertEquals(budget, (double) of(budget, layers).parameters(), Sizing.TOLERANCE * budget,
                    layers.toString());
        }
    }

    @Test
    void headsDivideTheWidthAndAreThoseConfiguredWhereTheyCanBe() {
        Sizing sizing = of(50_000, TRANSFORMER);
        BackboneConfig model = (BackboneConfig) sizing.config().model();
        AttentionConfig attention = (AttentionConfig) model.layer().getFirst();
        assertEquals(0, model.dModel() % attention.nHeads());
        assertEquals(0, attention.headOf(model.dModel()) % 2);
        assertTrue(attention.nHeads() >= 2, attention.toString());
    }

    @Test
    void modelsWithoutOneWidthAndBudgetsWithoutOneModelAreRefused() {
        TrainConfig sashimi = TrainConfig.of(Binder.tree(TrainConfig.DEFAULTS).without("model").with("model",
                ConfigTree.of(Map.of("_name_", "sashimi"), new Origin("test"))));
        assertFails(ConfigException.class,
                () -> Sizing.of("sashimi", sashimi, new FakeData(), Learner::create, 1000L),
                "model sashimi has widths of its own");
        assertFails(ConfigException.class, () -> of(20, TRANSFORMER), "cannot have 20 parameters within 3 %",
                "d_model 1 has", "expected another budget.params");
    }
}
