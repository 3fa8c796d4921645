package s4j.stream;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import s4j.io.TensorData;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.NetworkConfig;
import s4j.model.SashimiConfig;
import s4j.model.SequenceBatch;

/**
 * SaShiMi alone, without encoder and decoder, on the same inputs in three ways: what golden cases compare.
 *
 * @param y the whole sequences {@code [b, l, h]}
 * @param yChunk in chunks whose sizes are no multiples of the pooling
 * @param yStep step by step
 */
public record SashimiForms(TensorData y, TensorData yChunk, TensorData yStep) {
    private static final int[] CHUNKS = {1, 7, 2, 13, 5};

    /**
     * Runs the three forms.
     *
     * @param parameters under the official names ({@code c_layers.0.layer.layer.D} …)
     * @param x {@code [b, l, h]}
     */
    public static SashimiForms of(SashimiConfig config, Map<String, TensorData> parameters, TensorData x) {
        long[] shape = x.shape();
        if (shape.length != 3 || shape[2] != config.dModel()) {
            throw new IllegalArgumentException(
                    "inputs " + x + "; expected [b, l, " + config.dModel() + "] (d_model)");
        }
        int b = Math.toIntExact(shape[0]);
        int l = Math.toIntExact(shape[1]);
        int h = config.dModel();
        Map<String, TensorData> named = new LinkedHashMap<>();
        parameters.forEach((name, tensor) -> named.put("model." + name, tensor));
        NetworkConfig network = new NetworkConfig(h, h, l, new EncoderConfig(EncoderConfig.Kind.ID), config,
                new DecoderConfig(DecoderConfig.Kind.ID, DecoderConfig.Mode.STEP));
        S4Model model = new S4Model(network, named, ModelOptions.standard());
        float[] u = x.toFloats();
        float[] chunked = new float[u.length];
        for (int i = 0; i < b; i++) {
            float[] one = Arrays.copyOfRange(u, i * l * h, (i + 1) * l * h);
            System.arraycopy(chunks(model, one, l), 0, chunked, i * l * h, l * h);
        }
        float[] whole = model.forward(new SequenceBatch(b, l, h, u));
        return new SashimiForms(TensorData.of(whole, shape), TensorData.of(chunked, shape), steps(network, named, x));
    }

    /** The outputs {@code [b, l, d_output]} of a per-step network for x {@code [b, l, d_input]}, step by step. */
    public static TensorData steps(NetworkConfig network, Map<String, TensorData> tensors, TensorData x) {
        S4Model model = new S4Model(network, tensors, ModelOptions.standard());
        int l = Math.toIntExact(x.shape()[1]);
        int d = model.dInput();
        int width = l * model.dOutput();
        float[] u = x.toFloats();
        float[] y = new float[u.length / (l * d) * width];
        for (int i = 0; i < y.length / width; i++) {
            float[] one = Arrays.copyOfRange(u, i * l * d, (i + 1) * l * d);
            System.arraycopy(steps(model, one, l), 0, y, i * width, width);
        }
        return TensorData.of(y, x.shape()[0], l, model.dOutput());
    }

    private static float[] chunks(S4Model model, float[] x, int l) {
        int h = model.dInput();
        StreamState state = model.newState();
        float[] y = new float[x.length];
        int at = 0;
        for (int i = 0; at < l; i++) {
            int count = Math.min(CHUNKS[i % CHUNKS.length], l - at);
            float[] part = model.forwardChunk(state, Arrays.copyOfRange(x, at * h, (at + count) * h));
            System.arraycopy(part, 0, y, at * h, part.length);
            at += count;
        }
        return y;
    }

    private static float[] steps(S4Model model, float[] x, int l) {
        int d = model.dInput();
        int width = model.dOutput();
        Session session = model.newSession();
        float[] y = new float[l * width];
        for (int t = 0; t < l; t++) {
            System.arraycopy(session.step(Arrays.copyOfRange(x, t * d, (t + 1) * d)), 0, y, t * width, width);
        }
        return y;
    }
}
