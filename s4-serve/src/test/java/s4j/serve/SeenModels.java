package s4j.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.stream.Filled;
import s4j.stream.TinyModels;

/** Untrained models for each further panel: digits, a spotter of three words, a forecaster of four steps. */
final class SeenModels {
    static final int RATE = 8000;

    private static Map<String, @Nullable Object> network(int in, int out, int length, Map<String, Object> decoder) {
        return Map.of("d_input", in, "d_output", out, "l_max", length, "model",
                Map.of("_name_", "model", "d_model", 8, "n_layers", 1, "layer", Map.of("mode", "diag", "d_state", 8)),
                "decoder", decoder);
    }

    private static Path write(Path file, ModelFile plain, Map<String, @Nullable Object> more,
            Map<String, TensorData> data) throws IOException {
        Map<String, @Nullable Object> config = new LinkedHashMap<>(plain.config());
        config.putAll(more);
        Map<String, TensorData> tensors = new LinkedHashMap<>(plain.tensors());
        tensors.putAll(data);
        new ModelFile(tensors, config, Map.of()).write(file);
        return file;
    }

    /** Classifies pictures of 28 x 28 pixels. */
    static Path digits(Path directory) throws IOException {
        return write(directory.resolve("digits.safetensors"),
                Filled.model(network(1, 10, 784, Map.of("mode", "pool"))),
                Map.of("task", Map.of("_name_", "classification"), "dataset", Map.of("_name_", "mnist"), "targets",
                        Map.of("_name_", "classes", "names",
                                List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"))),
                Map.of());
    }

    /** Makes sound at a rate that browsers play. */
    static Path voice(Path directory) throws IOException {
        return write(directory.resolve("voice.safetensors"), TinyModels.tokens(), Map.of(),
                Map.of("data.sample_rate", TensorData.of(new long[]{RATE}, 1)));
    }

    /** Hears words in frames of sound. */
    static Path spotter(Path directory) throws IOException {
        return write(directory.resolve("words.safetensors"),
                Filled.model(network(2, 3, 100, Map.of("mode", "pool"))),
                Map.of("task", Map.of("_name_", "classification"), "sound",
                        Map.of("sample_rate", RATE, "length", RATE, "features",
                                Map.of("_name_", "log-mel", "n_fft", 128, "hop_length", 80, "n_mels", 2, "log_offset",
                                        0.01)),
                        "targets", Map.of("_name_", "classes", "names", List.of("go", "stop", "_unknown_"))),
                Map.of("data.mean", TensorData.of(new double[]{-1, -1}, 2), "data.std",
                        TensorData.of(new double[]{0.5, 0.5}, 2)));
    }

    /** Forecasts four days of one series from twelve, with quantiles. */
    static Path forecaster(Path directory) throws IOException {
        return write(directory.resolve("days.safetensors"),
                Filled.model(network(1, 12, 12, Map.of("mode", "last"))),
                Map.of("task",
                        Map.of("_name_", "forecasting", "loss",
                                Map.of("_name_", "quantile", "levels", List.of(0.1, 0.5, 0.9))),
                        "dataset", Map.of("_name_", "forecast", "horizon", 4, "context", 12, "calendar", false),
                        "targets",
                        Map.of("_name_", "values", "names", List.of("y"), "steps", 4, "mean", List.of(0.0), "std",
                                List.of(1.0))),
                Map.of());
    }

    private SeenModels() {}
}
