package s4j.train.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import s4j.config.ConfigException;
import s4j.model.BackboneConfig;
import s4j.model.S4LayerConfig;
import s4j.testkit.Refusal;

/** Command lines of the official README, pasted. */
class OfficialWordsTest {
    private static List<String> translated(String... words) {
        return OfficialWords.translate(List.of(words), line -> {});
    }

    @Test
    void plusMeansWhatItMeansThere() {
        assertEquals(List.of("model.d_model=8", "optimizer.lr=0.1", "~model.dropout"),
                translated("+model.d_model=8", "++optimizer.lr=0.1", "~model.dropout"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"wandb=null", "~wandb", "hydra.job.name=x", "hydra.run.dir=.", "trainer.devices=1",
            "trainer.gpus=1", "trainer.accelerator=cpu", "trainer.strategy=null", "trainer.precision=32",
            "loader.num_workers=4", "+loader.pin_memory=true", "callbacks.early_stopping.patience=3",
            "trainer.num_nodes=1", "trainer.max_steps=-1", "++trainer.enable_progress_bar=false"})
    void whatChangesNothingIsPassedOverWithALine(String word) {
        List<String> said = new ArrayList<>();
        assertEquals(List.of("pipeline=mnist"), OfficialWords.translate(List.of("pipeline=mnist", word), said::add));
        assertEquals(1, said.size());
        assertTrue(said.getFirst().contains(word.replaceFirst("^\\+*", "")), said.getFirst());
    }

    @ParameterizedTest
    @CsvSource({"trainer.devices=2,trainer.threads=N", "trainer.gpus=8,trainer.device=cuda",
            "trainer.accelerator=gpu,trainer.device=cuda", "hydra.run.dir=out,run.dir=PATH",
            "wandb.project=x,metrics.csv", "trainer.num_nodes=2,torchrun", "trainer.strategy=ddp,s4 launch",
            "trainer.max_steps=100,trainer.max_epochs", "trainer.precision=16,float32",
            "trainer.resume_from_checkpoint=a.ckpt,train.ckpt"})
    void whatWouldChangeSomethingIsRefusedWithOurWay(String word, String ours) {
        String message = Refusal.messageOf(ConfigException.class, () -> translated(word));
        assertTrue(message.contains(word) && message.contains(ours), message);
    }

    @Test
    void noRateOfTheLayersOwnIsTheOptimizers() {
        TrainConfig config = ConfigLoader.usual(List.of())
                .load(translated("model=s4", "model.layer.lr=null"));
        S4LayerConfig layer = (S4LayerConfig) ((BackboneConfig) config.model()).layer(0);
        assertNull(layer.lr().a());
        assertNull(layer.lr().b());
        assertNull(layer.lr().dt());
    }
}
