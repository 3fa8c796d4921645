package s4j.official;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import s4j.testkit.TorchFile.Tensor;

/** Small seeded state dicts in the layouts of the official programs. */
final class Fixtures {
    static final int H = 4;
    static final int PAIRS = 3;

    private final Map<String, Object> names = new LinkedHashMap<>();
    private final SplittableRandom random;

    private Fixtures(long seed) { random = new SplittableRandom(seed); }

    float[] floats(int n, double from, double to) {
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            out[i] = (float) random.nextDouble(from, to);
        }
        return out;
    }

    private Fixtures add(String name, double from, double to, long... shape) {
        int n = 1;
        for (long s : shape) {
            n = Math.toIntExact(n * s);
        }
        names.put(name, Tensor.floats(floats(n, from, to), shape));
        return this;
    }

    private void linear(String name, long... shape) {
        add(name + ".weight", -0.5, 0.5, shape);
        add(name + ".bias", -0.5, 0.5, shape[0]);
    }

    private void norm(String name, long h) {
        add(name + ".weight", 0.5, 1.5, h);
        add(name + ".bias", -0.5, 0.5, h);
    }

    /** example.py with the minimal S4D, two layers. */
    static Map<String, Object> example(String prefix) {
        Fixtures f = new Fixtures(1);
        f.linear(prefix + "encoder", H, 3);
        for (int i = 0; i < 2; i++) {
            String layer = prefix + "s4_layers." + i + ".";
            f.add(layer + "D", -1, 1, H);
            f.add(layer + "kernel.C", -1, 1, H, PAIRS, 2);
            f.add(layer + "kernel.log_dt", -4, -2, H);
            f.add(layer + "kernel.log_A_real", -1, 0, H, PAIRS);
            f.add(layer + "kernel.A_imag", -1, 9, H, PAIRS);
            f.linear(layer + "output_linear.0", 2 * H, H, 1);
            f.norm(prefix + "norms." + i, H);
        }
        f.linear(prefix + "decoder", 5, H);
        return f.names;
    }

    /** example.py with the bidirectional S4 of 2022, one layer, attuned to 8 steps. */
    static Map<String, Object> nplr2022(String prefix) {
        Fixtures f = new Fixtures(2);
        f.linear(prefix + "encoder", H, 2);
        String layer = prefix + "s4_layers.0.";
        String kernel = layer + "kernel.kernel.";
        f.add(layer + "D", -1, 1, 1, H);
        f.add(kernel + "C", -1, 1, 2, H, PAIRS, 2);
        f.add(kernel + "omega", -1, 1, 5, 2);
        f.add(kernel + "z", -1, 1, 5, 2);
        f.add(kernel + "log_dt", -3, -1, H);
        f.add(kernel + "B", -1, 1, 1, 2, PAIRS, 2);
        float[] p = f.floats(2 * PAIRS * 2, -0.5, 0.5);
        float[] q = p.clone();
        float[] w = f.floats(2 * PAIRS * 2, 1, 5);
        for (int i = 0; i < p.length; i += 2) {
            q[i + 1] = -q[i + 1];
            w[i] = -w[i] / 4;
        }
        f.names.put(kernel + "P", Tensor.floats(p, 1, 2, PAIRS, 2));
        f.names.put(kernel + "w", Tensor.floats(w, 2, PAIRS, 2));
        f.names.put(kernel + "Q", Tensor.floats(q, 1, 2, PAIRS, 2));
        f.linear(layer + "output_linear.0", 2 * H, H);
        f.names.put(layer + "output_linear.0.bias", Tensor.floats(f.floats(2 * H, -1, 1), 2 * H, 1));
        f.norm(prefix + "norms.0", H);
        f.linear(prefix + "decoder", 5, H);
        return f.names;
    }

    /** An S4Block in its names, S4 (with P) or S4D. */
    private void block(String at, long h, boolean lowRank) {
        add(at + "layer.D", -1, 1, 1, h);
        String kernel = at + "layer.kernel.";
        add(kernel + "C", -1, 1, 1, h, PAIRS, 2);
        add(kernel + "inv_dt", -4, -2, h, 1);
        add(kernel + "B", -1, 1, 1, 1, PAIRS, 2);
        add(kernel + "A_real", -1, 0, 1, PAIRS);
        add(kernel + "A_imag", 0, 9, 1, PAIRS);
        if (lowRank) {
            add(kernel + "P", -1, 1, 1, 1, PAIRS, 2);
            names.put(kernel + "l_kernel", Tensor.longs(new long[]{16}));
        }
        linear(at + "output_linear.0", 2 * h, h);
    }

    /** A network of the official src/: prenorm, batch norm, embedding, as Lightning saves it. */
    static Map<String, Object> network() {
        Fixtures f = new Fixtures(3);
        f.add("encoder.0.weight", -1, 1, 7, H);
        for (int i = 0; i < 2; i++) {
            f.block("model.layers." + i + ".layer.", H, true);
            f.batchNorm("model.layers." + i + ".norm.norm");
        }
        f.batchNorm("model.norm.norm");
        f.linear("decoder.0.output_transform", 7, H);
        return f.names;
    }

    /**
     * The layout of the official language model of WikiText-103, small: [S4, S4, FFN] twice, 12 words in clusters of 5, 4 and 3, each half
     * as wide as the one before; tables tied, losses twice.
     */
    static Map<String, Object> adaptive() {
        Fixtures f = new Fixtures(5);
        int[] sizes = {5, 4, 3};
        for (int i = 0; i < sizes.length; i++) {
            f.add("encoder.0.emb_layers." + i + ".weight", -1, 1, sizes[i], H >> i);
            f.add("encoder.0.emb_projs." + i, -1, 1, H, H >> i);
            for (String loss : new String[]{"loss.", "loss_val."}) {
                f.add(loss + "out_layers_biases." + i, -1, 1, sizes[i]);
                f.add(loss + "shared_out_projs." + i, -1, 1, H, H >> i);
            }
        }
        for (String loss : new String[]{"loss.", "loss_val."}) {
            f.add(loss + "cluster_weight", -1, 1, 2, H);
            f.add(loss + "cluster_bias", -1, 1, 2);
            f.add(loss + "out_projs.0", -1, 1, H, H);
        }
        for (int i = 0; i < 6; i++) {
            String at = "model.layers." + i + ".";
            if (i % 3 == 2) {
                f.linear(at + "layer.ff.0.0", 4 * H, H);
                f.linear(at + "layer.ff.2", H, 4 * H);
            } else {
                f.block(at + "layer.", H, true);
            }
            f.norm(at + "norm.norm", H);
        }
        f.norm("model.norm.norm", H);
        return f.names;
    }

    /** The same with TransposedLN, of one shift and one scale, in place of every norm at {@code norm.norm}. */
    static Map<String, Object> scalarNorms(Map<String, Object> names) {
        Map<String, Object> out = new LinkedHashMap<>(names);
        names.keySet().stream().filter(n -> n.endsWith("norm.norm.weight")).forEach(n -> {
            String norm = n.substring(0, n.length() - "weight".length());
            out.keySet().removeIf(k -> k.startsWith(norm));
            out.put(norm + "m", Tensor.floats(new float[]{0.3f}, 1));
            out.put(norm + "s", Tensor.floats(new float[]{1.2f}, 1));
        });
        return out;
    }

    private void batchNorm(String name) {
        norm(name, H);
        add(name + ".running_mean", -1, 1, H);
        add(name + ".running_var", 1, 2, H);
        names.put(name + ".num_batches_tracked", Tensor.longs(new long[]{9}));
    }

    /** SaShiMi's body with one block a stage and pools 2, 3; {@code src} writes pools with weight norm, norms deeper. */
    static Map<String, Object> sashimi(boolean unet, boolean src) {
        Fixtures f = new Fixtures(4);
        long[] widths = {H, 2 * H, 4 * H};
        long[] pools = {2, 3};
        int d = 0;
        for (int s = 0; s < 2; s++) {
            if (unet) {
                f.pair("d_layers." + d++, "d_layers." + d++, widths[s], src);
            }
            f.pool("d_layers." + d++ + ".linear", widths[s + 1], widths[s] * pools[s], src);
        }
        f.pair("c_layers.0", "c_layers.1", widths[2], src);
        for (int s = 1; s >= 0; s--) {
            String up = "u_layers." + (1 - s) + ".";
            f.pool(up + "0.linear", widths[s] * pools[s], widths[s + 1], src);
            f.pair(up + "1", up + "2", widths[s], src);
        }
        f.norm("norm", H);
        return f.names;
    }

    private void pair(String s4, String ff, long h, boolean src) {
        String norm = src ? ".norm.norm" : ".norm";
        block(s4 + ".layer.", h, true);
        norm(s4 + norm, h);
        linear(ff + ".layer.ff.0.0", 2 * h, h, 1);
        linear(ff + ".layer.ff.2", h, 2 * h, 1);
        norm(ff + norm, h);
    }

    private void pool(String name, long out, long in, boolean src) {
        if (src) {
            add(name + ".weight_g", 1, 2, out, 1);
            add(name + ".weight_v", -1, 1, out, in);
            add(name + ".bias", -1, 1, out);
        } else {
            linear(name, out, in, 1);
        }
    }
}
