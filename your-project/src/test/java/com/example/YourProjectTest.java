package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.data.DatasetConfig;
import s4j.predict.Predictor;

/** Against the installed jars, as anybody's project. */
class YourProjectTest {
    @Test
    void theModelFileIsAllThatAPredictionNeeds() throws IOException, URISyntaxException {
        Predictor predictor = Predictor.load(Path.of(YourProjectTest.class.getResource("/sines.safetensors").toURI()));
        for (int kind = 0; kind < 2; kind++) {
            float[][] series = new float[64][1];
            for (int t = 0; t < series.length; t++) {
                series[t][0] = (float) Math.sin((0.1 + 0.2 * kind) * t + 0.5);
            }
            Predictor.Ranked best = predictor.classify(series).getFirst();
            assertEquals(kind == 0 ? "slow" : "fast", best.name());
            assertTrue(best.probability() > 0.6, best.toString());
        }
    }

    @Test
    void aDataSetOfItsOwnIsChosenByName() throws IOException {
        ConfigTree words = ConfigTree.of(Map.of("_name_", "sines", "steps", 32L), new Origin("test"));
        DatasetConfig config = Binder.bind(words, DatasetConfig.class, SinesConfig.DEFAULTS);
        assertEquals(32, config.load(line -> {}).lMax());
    }
}
