package s4j.bench;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import s4j.config.Binder;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.kernel.matrix.PackedMatrix.Precision;
import s4j.model.BackboneConfig;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.ModelConfig;
import s4j.model.NetworkConfig;
import s4j.model.S4LayerConfig;
import s4j.model.SashimiConfig;
import s4j.stream.ModelOptions;
import s4j.stream.Quantization;
import s4j.stream.S4Model;

/** Untrained S4D models for the runtime's benchmarks: what they compute takes the same time trained or not. */
final class RuntimeModels {
    private static final int SEED = 5;
    private static final double DECAY = Math.log(0.5);

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final Map<String, TensorData> tensors = new LinkedHashMap<>();

    /** SaShiMi of 5.4 M parameters at d_model 64 and 8 layers: 256 classes from one value a step. */
    static S4Model sashimi(int dModel, int layers, Precision precision, int threads) {
        var defaults = SashimiConfig.DEFAULTS;
        SashimiConfig config = new SashimiConfig("sashimi", dModel, layers, List.of(4, 4), 2, 2, defaults.norm(),
                false, 0, 0, layer(defaults.layer()));
        RuntimeModels m = new RuntimeModels();
        int width = dModel;
        for (int stage = 0; stage < 2; stage++) {
            m.linear("model.d_layers." + stage + ".linear", 2 * width, 4 * width);
            m.linear("model.u_layers." + (1 - stage) + ".0.linear", 4 * width, 2 * width);
            m.blocks("model.u_layers." + (1 - stage) + ".", 1, layers, width);
            width *= 2;
        }
        m.blocks("model.c_layers.", 0, layers, width);
        m.norm("model.norm", dModel);
        return m.model(config, 256, DecoderConfig.Mode.STEP, precision, threads);
    }

    /** The classifier that MNIST is trained with. */
    static S4Model classifier(int dModel, int layers, Precision precision) {
        return new RuntimeModels().model(isotropic(dModel, layers), 10, DecoderConfig.Mode.POOL, precision, 1);
    }

    /** One value a step in, so many numbers ahead out. */
    static S4Model forecaster(int dModel, int layers, int horizon) {
        return new RuntimeModels().model(isotropic(dModel, layers), horizon, DecoderConfig.Mode.LAST, Precision.FLOAT32,
                1);
    }

    /** A language model of characters; 2.9 M parameters at d_model 448 and 6 layers. */
    static S4Model text(int characters, int dModel, int layers) {
        RuntimeModels m = new RuntimeModels();
        m.put("encoder.0.weight", characters, dModel);
        m.backbone(layers, dModel);
        m.linear("decoder.0.output_transform", characters, dModel);
        NetworkConfig network = new NetworkConfig(characters, characters, 1024,
                new EncoderConfig(EncoderConfig.Kind.EMBEDDING), isotropic(dModel, layers),
                new DecoderConfig(DecoderConfig.Kind.SEQUENCE, DecoderConfig.Mode.STEP));
        return new S4Model(network, m.tensors, new ModelOptions(ModelOptions.standard().backend(), 1, 1));
    }

    private static BackboneConfig isotropic(int dModel, int layers) {
        var d = BackboneConfig.DEFAULTS;
        return new BackboneConfig("model", dModel, layers, true, d.norm(), true, 0, false, 0, d.residual(), 1, null,
                List.of(layer(S4LayerConfig.DEFAULTS)));
    }

    private void backbone(int layers, int dModel) {
        for (int i = 0; i < layers; i++) {
            s4("model.layers." + i + ".", dModel);
        }
        norm("model.norm.norm", dModel);
    }

    private static S4LayerConfig layer(S4LayerConfig d) {
        Map<String, Object> options = new HashMap<>(Map.of("mode", "diag", "init", "diag-lin"));
        return Binder.bind(s4j.config.ConfigTree.of(options, new s4j.config.Origin("benchmark")), d);
    }

    private S4Model model(ModelConfig config, int outputs, DecoderConfig.Mode mode, Precision precision, int threads) {
        if (config instanceof BackboneConfig backbone) {
            backbone(backbone.nLayers(), config.dModel());
        }
        linear("encoder.0", config.dModel(), 1);
        linear("decoder.0.output_transform", outputs, config.dModel());
        NetworkConfig network = new NetworkConfig(1, outputs, 16000, EncoderConfig.DEFAULTS, config,
                new DecoderConfig(DecoderConfig.Kind.SEQUENCE, mode));
        ModelFile file = Quantization.of(new ModelFile(tensors, Map.of(), Map.of()), precision);
        return new S4Model(network, file.tensors(),
                new ModelOptions(ModelOptions.standard().backend(), threads, 1));
    }

    private void blocks(String prefix, int first, int layers, int h) {
        for (int i = 0; i < layers; i++) {
            s4(prefix + (first + 2 * i) + ".", h);
            String ff = prefix + (first + 2 * i + 1) + ".";
            norm(ff + "norm", h);
            linear(ff + "layer.ff.0.0", 2 * h, h);
            linear(ff + "layer.ff.2", h, 2 * h);
        }
    }

    private void s4(String prefix, int h) {
        int n = 32;
        norm(prefix + "norm", h);
        linear(prefix + "layer.output_linear.0", 2 * h, h);
        String layer = prefix + "layer.layer.";
        put(layer + "D", 1, h);
        put(layer + "kernel.C", 1, h, n, 2);
        put(layer + "kernel.B", 1, h, n, 2);
        fill(layer + "kernel.inv_dt", -4, h, 1);
        fill(layer + "kernel.A_real", DECAY, h, n);
        put(layer + "kernel.A_imag", h, n);
    }

    private void norm(String name, int h) {
        fill(name + ".weight", 1, h);
        fill(name + ".bias", 0, h);
    }

    private void linear(String name, int out, int in) {
        put(name + ".weight", out, in);
        put(name + ".bias", out);
    }

    private void fill(String name, double value, long... shape) {
        float[] values = new float[size(shape)];
        java.util.Arrays.fill(values, (float) value);
        tensors.put(name, TensorData.of(values, shape));
    }

    private void put(String name, long... shape) {
        float[] values = new float[size(shape)];
        double scale = 1 / Math.sqrt((double) shape[shape.length - 1]);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        tensors.put(name, TensorData.of(values, shape));
    }

    private static int size(long[] shape) {
        long n = 1;
        for (long s : shape) {
            n *= s;
        }
        return Math.toIntExact(n);
    }
}
