package s4j.stream;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import s4j.io.ModelFile;
import s4j.model.SequenceBatch;
import s4j.testkit.Comparison;

/** A network that is read from its last step alone gives what it gives there with an output at every step. */
class LastStepTest {
    private static final int L = 40;
    private static final int[] LENGTHS = {40, 1, 23};

    static List<Map<String, ?>> models() {
        return List.of(
                model(Map.of(), Map.of()),
                model(Map.of("bidirectional", true), Map.of()),
                model(Map.of("mode", "diag", "channels", 2), Map.of()),
                model(Map.of("mode", "diag", "disc", "dss", "bidirectional", true), Map.of()),
                model(Map.of("bottleneck", 2, "gate", 2), Map.of()),
                model(Map.of(), Map.of("prenorm", false)),
                model(Map.of(), Map.of("norm", "instance")),
                model(Map.of(), Map.of("prenorm", false, "norm", "instance")),
                model(Map.of(), Map.of("residual", "none")),
                model(Map.of("_name_", "gru"), Map.of()),
                model(Map.of("_name_", "attention", "n_heads", 3), Map.of("prenorm", false)));
    }

    private static Map<String, ?> model(Map<String, ?> layer, Map<String, ?> words) {
        Map<String, Object> all = new LinkedHashMap<>(Map.of("_name_", "model", "d_model", 6, "n_layers", 2, "layer",
                layer));
        all.putAll(words);
        return all;
    }

    @ParameterizedTest
    @MethodSource("models")
    void itIsTheLastOfAllSteps(Map<String, ?> model) throws Exception {
        ModelFile last = Filled.model(network(model, "last"));
        float[] y = S4Model.of(last, "last", ModelOptions.standard()).forward(batch());
        float[] all = S4Model.of(Filled.model(network(model, "step")), "all", ModelOptions.standard()).forward(batch());
        for (int i = 0; i < LENGTHS.length; i++) {
            int at = (i * L + LENGTHS[i] - 1) * 3;
            Comparison.requireClose(model + ", sequence " + i, 0, doubles(y, 3 * i), doubles(all, at), 1e-5);
        }
    }

    private static Map<String, @Nullable Object> network(Map<String, ?> model, String mode) {
        return Map.of("d_input", 2, "d_output", 3, "l_max", L, "model", model, "decoder", Map.of("mode", mode));
    }

    private static SequenceBatch batch() {
        return new SequenceBatch(LENGTHS.length, L, 2, TinyModels.noise(LENGTHS.length * L * 2, 5), LENGTHS,
                (s4j.model.Targets) null);
    }

    private static double[] doubles(float[] x, int at) {
        double[] y = new double[3];
        Arrays.setAll(y, i -> x[at + i]);
        return y;
    }
}
