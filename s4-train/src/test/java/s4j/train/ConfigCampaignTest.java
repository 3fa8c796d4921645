package s4j.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import s4j.config.ConfigException;
import s4j.torch.Learner;
import s4j.train.config.ConfigLoader;
import s4j.train.config.TrainConfig;
import s4j.train.fake.FakeData;

/** Configurations of all kinds, drawn from a seed: each trains a step, or is refused with the name of a key. */
class ConfigCampaignTest {
    private static final int CONFIGURATIONS = 2_000;
    private static final long SEED = 7;
    private static final List<String> TINY = List.of("model=s4", "model.d_model=4", "model.n_layers=1",
            "model.layer.d_state=4", "loader.batch_size=3", "trainer.threads=1", "trainer.device=cpu");
    private static final Map<String, String> KEYS = keys();

    /** Words of a key with values that may be right, wrong, absurd or no number at all. */
    private static Map<String, String> keys() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("model.d_model", "1 3 4 6 8 0 -1 [.nan] {a:.inf} .nan 65537 1e99");
        out.put("model.n_layers", "1 2 3 0 1025 null");
        out.put("model.dropout", "0 0.5 1 -1 .nan");
        out.put("model.norm", "layer batch instance none scalar_layer null x");
        out.put("model.prenorm", "true false 1");
        out.put("model.pool", "null {_name_:average,stride:2,expand:1} {_name_:linear,stride:2,expand:2}"
                + " {_name_:sample,stride:100000,expand:1} {_name_:average,stride:2,expand:2147483647} {stride:0}");
        out.put("model.layer.mode", "nplr diag s4d dplr x");
        out.put("model.layer.d_state", "2 4 6 8 3 0 -2 4098");
        out.put("model.layer.init", "legs legt fourier lagt legsd fout diag-lin diag-inv dplr-lin dplr-legs hippo all"
                + " diag x [] [legs,fourier] [legs,x]");
        out.put("model.layer.rank", "1 2 3 0 17");
        out.put("model.layer.n_ssm", "1 2 3 4 null 0 1000 2147483647");
        out.put("model.layer.channels", "1 2 0");
        out.put("model.layer.bidirectional", "true false");
        out.put("model.layer.bottleneck", "1 2 3 5 null");
        out.put("model.layer.gate", "1 2 null 0");
        out.put("model.layer.gate_act", "gelu glu id null");
        out.put("model.layer.mult_act", "gelu glu id null");
        out.put("model.layer.activation", "gelu glu relu null");
        out.put("model.layer.final_act", "gelu glu id null");
        for (String part : List.of("real", "imag", "dt")) {
            out.put("model.layer." + part + "_transform", "none exp relu sigmoid softplus");
        }
        out.put("model.layer.real_scale", "1 0.5 -1 0 1000 1e38 .nan .inf -.inf");
        out.put("model.layer.imag_scale", "1 0.5 -1 0 1000 1e38 .nan");
        out.put("model.layer.disc", "zoh bilinear dss null");
        out.put("model.layer.normalize", "true false");
        out.put("model.layer.B_init", "constant random alternating unit-cw unit-ccw hippo x");
        out.put("model.layer.dt_min", "0.001 1e-8 1e3 0 -1 .nan");
        out.put("model.layer.dt_max", "0.1 1e-8 1e3 0 2");
        out.put("model.layer.dt_tie", "true false");
        out.put("model.layer.bandlimit", "null 0 0.5 1 -1");
        out.put("model.layer.lr", "null 0.001 1e38 -1 .nan {A:.inf}");
        out.put("model.layer.l_max", "null 1 8 1000");
        out.put("decoder.mode", "pool last first sum ragged step x");
        out.put("encoder", "linear embedding id");
        out.put("optimizer._name_", "adamw adam sgd");
        out.put("optimizer.lr", "0.01 0 1e38 1e300 -1 .nan .inf");
        out.put("optimizer.betas", "[0.9,0.99] [.nan,0.9] [1,1] [] 3");
        out.put("trainer.gradient_clip_val", "null 1 0 -1 .inf 1e38");
        out.put("loader.batch_size", "1 3 0 -1");
        out.put("train.ema", "0 0.5 1 -1 .nan");
        return out;
    }

    private static List<String> drawn(SplittableRandom random) {
        List<String> words = new ArrayList<>(TINY);
        List<String> keys = List.copyOf(KEYS.keySet());
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            String key = keys.get(random.nextInt(keys.size()));
            String[] values = KEYS.getOrDefault(key, "").split(" ", -1);
            words.add(key + "=" + values[random.nextInt(values.length)]);
        }
        return words;
    }

    @Test
    @Timeout(900)
    void eachTrainsAStepOrIsRefusedByAKey() throws Exception {
        ConfigLoader loader = ConfigLoader.usual(List.of());
        FakeData data = new FakeData();
        int trained = 0;
        List<String> bad = new ArrayList<>();
        for (int i = 0; i < CONFIGURATIONS; i++) {
            List<String> words = drawn(new SplittableRandom(SEED + i));
            try {
                TrainConfig config = loader.load(words).resolved(data);
                try (Learner learner = Learner.create(config.network(data), config.learnerOptions(data))) {
                    learner.trainStep(data.train().batch(new int[]{0, 1, 2}), 1);
                    trained++;
                }
            } catch (ConfigException e) {
                if (!String.valueOf(e.getMessage())
                        .matches("(?s).*[a-zA-Z]+[._][a-zA-Z_]+.*|.*(encoder|optimizer).*")) {
                    bad.add(words + ": no key in " + e.getMessage());
                }
            } catch (Exception e) {
                bad.add(words.subList(TINY.size(), words.size()) + ": " + e);
            }
        }
        assertTrue(bad.isEmpty(), bad.size() + " of " + CONFIGURATIONS + ":\n" + String.join("\n", bad));
        assertTrue(trained > CONFIGURATIONS / 10 && trained < CONFIGURATIONS, trained + " trained");
    }
}
