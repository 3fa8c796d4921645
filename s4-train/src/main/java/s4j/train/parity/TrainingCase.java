package s4j.train.parity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.TensorData;
import s4j.model.BackboneConfig;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.NetworkConfig;
import s4j.model.ObjectiveConfig;
import s4j.model.S4LayerConfig;
import s4j.model.SequenceBatch;
import s4j.torch.Learner;
import s4j.torch.LearnerOptions;
import s4j.torch.OptimizerConfig;

/** A few training steps of a whole classifier from the official initial weights, through the learner that trains. */
final class TrainingCase {
    private static final List<String> OWN = List.of("steps", "L", "B", "d_model", "n_layers", "prenorm", "lr",
            "weight_decay", "ssm_lr", "ssm_weight_decay", "warmup", "total", "grad_clip_norm", "seed");

    private TrainingCase() {}

    static Map<String, TensorData> compute(GoldenCase golden) {
        Map<String, TensorData> results = new LinkedHashMap<>();
        try (Learner learner = Learner.create(network(golden), options(golden))) {
            learner.loadModel(renamed(golden.below("param0."), true));
            List<Double> lossAndNorm = new ArrayList<>();
            for (int k = 0; k < golden.integer("steps"); k++) {
                SequenceBatch batch = batch(golden, k);
                results.put("logits." + k, TensorData.of(learner.predict(batch), batch.size(),
                        golden.tensor("logits." + k).shape()[1]));
                Learner.StepResult step = learner.trainStep(batch, lrFactor(golden, k));
                lossAndNorm.add(step.loss());
                lossAndNorm.add(step.gradientNorm());
            }
            results.put("loss_and_gradnorm", TensorData.of(
                    lossAndNorm.stream().mapToDouble(Double::doubleValue).toArray(), golden.integer("steps"), 2));
            renamed(learner.modelTensors(), false).forEach((name, data) -> results.put("paramN." + name, data));
        }
        return results;
    }

    private static NetworkConfig network(GoldenCase golden) {
        Map<String, Object> layer = Map.of("lr", golden.number("ssm_lr"), "wd", golden.number("ssm_weight_decay"));
        S4LayerConfig config = Binder.bind(ConfigTree.of(layer, new Origin("case " + golden.name())),
                golden.layer(OWN));
        var model = new BackboneConfig("model", golden.integer("d_model"), golden.integer("n_layers"),
                Boolean.TRUE.equals(golden.options().get("prenorm")), BackboneConfig.Norm.LAYER, false, 0, false, 0,
                BackboneConfig.Residual.R, 1, null, List.of(config));
        return new NetworkConfig((int) golden.tensor("x.0").shape()[2], (int) golden.tensor("logits.0").shape()[1],
                golden.integer("L"), EncoderConfig.DEFAULTS, model, DecoderConfig.DEFAULTS);
    }

    /** The golden cases decay biases and norms too. */
    private static LearnerOptions options(GoldenCase golden) {
        var optimizer = new OptimizerConfig(OptimizerConfig.Kind.ADAMW, golden.number("lr"),
                golden.number("weight_decay"), List.of(0.9, 0.999), 1e-8, 0);
        return new LearnerOptions(ObjectiveConfig.CrossEntropy.DEFAULTS, optimizer, true, true,
                golden.number("grad_clip_norm"), 0, "cpu", "auto", 0, 0);
    }

    private static SequenceBatch batch(GoldenCase golden, int k) {
        TensorData x = golden.tensor("x." + k);
        int[] classes = Arrays.stream(golden.tensor("label." + k).toLongs()).mapToInt(Math::toIntExact).toArray();
        return new SequenceBatch((int) x.shape()[0], (int) x.shape()[1], (int) x.shape()[2], x.toFloats(), classes);
    }

    /** Linear warm-up from 0, then a cosine to 0 over the rest. */
    private static double lrFactor(GoldenCase golden, int k) {
        double warmup = golden.number("warmup");
        return k < warmup
                ? k / warmup
                : 0.5 * (1 + Math.cos(Math.PI * (k - warmup) / (golden.number("total") - warmup)));
    }

    /** Between the names of the golden classifier and those of a model file. */
    private static Map<String, TensorData> renamed(Map<String, TensorData> tensors, boolean toModel) {
        List<List<String>> rules = List.of(List.of("encoder.", "encoder.0."),
                List.of("decoder.", "decoder.0.output_transform."),
                List.of("norms.(\\d+).", "model.layers.$1.norm.norm."),
                List.of("layers.(\\d+).", "model.layers.$1.layer."));
        Map<String, TensorData> renamed = new LinkedHashMap<>();
        tensors.forEach((name, data) -> {
            String other = name;
            for (List<String> rule : rules) {
                String from = toModel ? rule.get(0) : rule.get(1).replace("$1", "(\\d+)");
                String to = toModel ? rule.get(1) : rule.get(0).replace("(\\d+)", "$1");
                String replaced = name.replaceFirst("^" + from.replace(".", "\\."), to);
                if (!replaced.equals(name)) {
                    other = replaced;
                    break;
                }
            }
            renamed.put(other, data);
        });
        return renamed;
    }
}
