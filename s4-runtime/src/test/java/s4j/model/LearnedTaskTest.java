package s4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.predict.Predictor;
import s4j.stream.ModelOptions;
import s4j.stream.TinyModels;

/** What a model file says it was learned by. */
final class LearnedTaskTest {
    @Test
    void theFilesOwnWordSaysWhetherAModelForecasts() {
        assertTrue(LearnedTask.of(Map.of("task", Map.of("_name_", "forecasting"))).forecasts());
        for (String other : List.of("base", "regression", "lm", "", "Forecasting")) {
            LearnedTask task = LearnedTask.of(Map.of("task", Map.of("_name_", other)));
            assertEquals(other, task.name());
            assertFalse(task.forecasts(), other);
        }
    }

    @Test
    void aFileThatNamesNoneOrIsDamagedThereNamesNone() {
        for (Map<String, ?> config : List.<Map<String, ?>>of(Map.of(), Map.of("task", "forecasting"), Map.of("task",
                Map.of()), Map.of("task", Map.of("_name_", 3L)), Map.of("task", List.of("forecasting")))) {
            assertEquals(new LearnedTask(""), LearnedTask.of(config), config.toString());
        }
    }

    @Test
    void aPredictorSendsForecastersElsewhereAndTakesTheSameNetworkOfAnotherTask() throws Exception {
        ModelFile plain = TinyModels.classifier(true, "pool");
        assertEquals(3, Predictor.of(with(plain, "base"), "m", ModelOptions.standard()).names().size());
        String said = String.valueOf(assertThrows(MalformedFileException.class,
                () -> Predictor.of(with(plain, LearnedTask.FORECASTING), "m", ModelOptions.standard())).getMessage());
        assertEquals("m: the model forecasts a table of time series; use s4 forecast", said);
    }

    private static ModelFile with(ModelFile file, String task) {
        Map<String, @Nullable Object> config = new LinkedHashMap<>(file.config());
        config.put("task", Map.of("_name_", task));
        return new ModelFile(file.tensors(), config, file.provenance());
    }
}
