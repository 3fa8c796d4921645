package s4j.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import s4j.audio.Quantization;
import s4j.io.ModelFile;
import s4j.io.TensorData;

/**
 * What a model file holds, made by hand: one S4D layer of width 8 with 4 pairs of states, random weights. For trying the
 * other examples before anything is trained.
 */
final class UntrainedModel {
    private static final int H = 8;
    private static final int N = 4;
    private static final int LEVELS = 16;
    private static final int RATE = 8000;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<String, TensorData> tensors = new LinkedHashMap<>();

    /** The file named first, or without one a new file: two values in, three out, at each step. */
    static Path valuesOr(String... args) throws IOException {
        UntrainedModel m = new UntrainedModel();
        m.linear("encoder.0", H, 2);
        m.linear("decoder.0.output_transform", 3, H);
        return args.length > 0 ? Path.of(args[0]) : m.write(2, 3, "linear");
    }

    /** The same, but sound of 4 bits: the level of a sample in, scores of the next level out. */
    static Path soundOr(String... args) throws IOException {
        UntrainedModel m = new UntrainedModel();
        m.put("encoder.0.weight", 0, 1, LEVELS, H);
        m.linear("decoder.0.output_transform", LEVELS, H);
        m.tensors.put("data.levels", TensorData.of(Quantization.MU_LAW.table(4), LEVELS));
        m.tensors.put("data.sample_rate", TensorData.of(new long[]{RATE}, 1));
        m.tensors.put("data.start", TensorData.of(new long[]{LEVELS / 2}, 1));
        return args.length > 0 ? Path.of(args[0]) : m.write(LEVELS, LEVELS, "embedding");
    }

    private Path write(int inputs, int outputs, String encoder) throws IOException {
        String layer = "model.layers.0.layer.layer.";
        put(layer + "D", 0, 1, 1, H);
        put(layer + "kernel.A_real", -0.7, 0.1, 1, N); // the real part is -exp(A_real)
        put(layer + "kernel.A_imag", 5, 3, 1, N);
        put(layer + "kernel.B", 0, 1, 1, 1, N, 2);
        put(layer + "kernel.C", 0, 1, 1, H, N, 2);
        put(layer + "kernel.inv_dt", -3, 0.5, H, 1); // the logarithm of dt
        linear("model.layers.0.layer.output_linear.0", 2 * H, H);
        put("model.layers.0.norm.weight", 1, 0.1, H);
        put("model.layers.0.norm.bias", 0, 0.1, H);
        put("model.norm.norm.weight", 1, 0.1, H);
        put("model.norm.norm.bias", 0, 0.1, H);
        Map<String, @Nullable Object> network = Map.of("d_input", inputs, "d_output", outputs, "l_max", 1024, "encoder",
                encoder, "model", Map.of("_name_", "model", "d_model", H, "n_layers", 1, "layer",
                        Map.of("mode", "diag", "d_state", 2 * N, "n_ssm", 1)),
                "decoder", Map.of("mode", "step"));
        Path file = Files.createTempFile("untrained", ".safetensors");
        file.toFile().deleteOnExit();
        new ModelFile(tensors, Map.of("network", network), Map.of()).write(file);
        return file;
    }

    private void linear(String name, int out, int in) {
        put(name + ".weight", 0, 1 / Math.sqrt(in), out, in);
        put(name + ".bias", 0, 0.1, out);
    }

    private void put(String name, double mean, double scale, long... shape) {
        int size = 1;
        for (long s : shape) {
            size *= (int) s;
        }
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) (mean + scale * random.nextGaussian());
        }
        tensors.put(name, TensorData.of(values, shape));
    }

    private UntrainedModel() {}
}
