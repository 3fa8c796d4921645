package s4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import s4j.io.ModelFile;
import s4j.io.TensorData;

/** Model files of any sizes, without a network that would first have to be initialised. */
final class HandMade {
    private final Map<String, TensorData> tensors = new LinkedHashMap<>();
    private final SplittableRandom random = new SplittableRandom(5);

    private HandMade() {}

    /** One layer of S4 of width 2 over so many inputs; C~ belongs to {@code lKernel}. */
    static ModelFile s4(int inputs, int dState, long lKernel) {
        HandMade m = new HandMade();
        m.linear("encoder.0", 2, inputs);
        m.s4("model.layers.0.", 2, dState / 2, lKernel);
        m.norm("model.layers.0.norm.norm", 2);
        m.norm("model.norm.norm", 2);
        m.linear("decoder.0.output_transform", 3, 2);
        return m.file(Map.of("d_input", inputs, "d_output", 3, "l_max", 64, "model",
                Map.of("_name_", "model", "d_model", 2, "n_layers", 1, "layer", Map.of("d_state", dState, "n_ssm", 1)),
                "decoder",
                Map.of("mode", "step")));
    }

    /** A SaShiMi of width 1 that pools so many steps. */
    static ModelFile sashimi(int pool) {
        HandMade m = new HandMade();
        m.linear("encoder.0", 1, 1);
        m.linear("model.d_layers.0.linear", 2, pool);
        m.pair("model.c_layers.", 2);
        m.linear("model.u_layers.0.0.linear", pool, 2);
        m.pair("model.u_layers.0.", 1, 1);
        m.norm("model.norm", 1);
        m.linear("decoder.0.output_transform", 3, 1);
        return m.file(Map.of("d_input", 1, "d_output", 3, "l_max", pool, "model",
                Map.of("_name_", "sashimi", "d_model", 1,
                        "n_layers", 1, "pool", List.of(pool), "layer",
                        Map.of("d_state", 4, "mode", "nplr", "n_ssm", 1)),
                "decoder",
                Map.of("mode", "step")));
    }

    /** A file whose layer has a mode of so many letters. */
    static void longWord(Path file, int letters) throws IOException {
        String config = "{\"network\":{\"d_input\":1,\"d_output\":1,\"l_max\":8,\"model\":{\"_name_\":\"model\",\"layer\":"
                + "{\"mode\":\"" + "n".repeat(letters) + "\"}}}}";
        byte[] header = ("{\"__metadata__\":{\"s4j.format\":\"1\",\"s4j.provenance\":\"{}\",\"s4j.config\":\""
                + config.replace("\"", "\\\"") + "\"}}").getBytes(StandardCharsets.US_ASCII);
        Files.write(file, ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length)
                .put(header).array());
    }

    private ModelFile file(Map<String, Object> network) {
        return new ModelFile(tensors, Map.of("network", network), Map.of());
    }

    private void pair(String at, int h) { pair(at, 0, h); }

    private void pair(String at, int first, int h) {
        norm(at + first + ".norm", h);
        s4(at + first + ".", h, 2, 64);
        String ff = at + (first + 1) + ".";
        norm(ff + "norm", h);
        linear(ff + "layer.ff.0.0", 2 * h, h);
        linear(ff + "layer.ff.2", h, 2 * h);
    }

    private void s4(String at, int h, int n, long lKernel) {
        String kernel = at + "layer.layer.kernel.";
        put(at + "layer.layer.D", 0, 1, 1, h);
        put(kernel + "inv_dt", -4, 0.3, h, 1);
        put(kernel + "C", 0, 1, 1, h, n, 2);
        put(kernel + "B", 0, 1, 1, 1, n, 2);
        put(kernel + "P", 0, 0.3, 1, 1, n, 2);
        put(kernel + "A_real", -0.7, 0.1, 1, n);
        float[] imag = new float[n];
        for (int i = 0; i < n; i++) {
            imag[i] = 3 * i;
        }
        tensors.put(kernel + "A_imag", TensorData.of(imag, 1, n));
        tensors.put(kernel + "l_kernel", TensorData.of(new long[]{lKernel}));
        linear(at + "layer.output_linear.0", 2 * h, h);
    }

    private void norm(String name, int h) {
        put(name + ".weight", 1, 0.1, h);
        put(name + ".bias", 0, 0.1, h);
    }

    private void linear(String name, int out, int in) {
        put(name + ".weight", 0, 1 / Math.sqrt(in), out, in);
        put(name + ".bias", 0, 0.1, out);
    }

    private void put(String name, double mean, double scale, long... shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (mean + scale * random.nextGaussian());
        }
        tensors.put(name, TensorData.of(values, shape));
    }
}
