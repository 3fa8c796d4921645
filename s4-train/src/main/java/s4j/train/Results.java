package s4j.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.data.Dataset;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.ModelConfig;
import s4j.model.S4LayerConfig;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;
import s4j.train.report.Excerpt;
import s4j.train.report.ModelCard;
import s4j.train.report.Report;
import s4j.train.run.MetricsLog;
import s4j.train.run.Position;
import s4j.train.task.Evaluation;

/**
 * Writes what a finished run leaves: the model file, its card, then the report.
 *
 * @param correction what the validation split says of the outputs, for the model file
 */
record Results(Trainer.Job job, Learner learner, Map<String, TensorData> correction) {
    private static final int KERNELS_PER_LAYER = 4;
    private static final int LONGEST_KERNEL = 1024;

    private TrainConfig config() { return job.config().values(); }

    private Dataset data() { return job.data(); }

    void write(Position end, Evaluation test) throws IOException {
        Map<String, @Nullable Object> provenance = provenance(end, test);
        Map<String, TensorData> tensors = new LinkedHashMap<>(learner.modelTensors());
        tensors.putAll(job.data().transform());
        tensors.putAll(correction);
        new ModelFile(tensors, job.config().withNetwork(config().network(data()), data().targets(), data().sound(),
                data().vocabulary()), provenance)
                .write(job.run().model());
        Map<String, String> shown = new LinkedHashMap<>();
        provenance.forEach((k, v) -> shown.put(k.replace('_', ' '), String.valueOf(v)));
        Map<String, String> facts = facts(end, test);
        new ModelCard(title(), config().task().name(), data().name(), config().model().title(), test.metrics(), facts,
                shown).write(job.run().card());
        new Report(title(), test.headline(), facts, rows(), test.curves(),
                test.sections(), kernels(), shown, job.config().tree().toYaml(), excerpt()).write(job.run().report());
    }

    /** No dates and no paths: equal runs write equal model files. */
    private Map<String, @Nullable Object> provenance(Position end, Evaluation test) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("version", job.version());
        out.put("seed", config().train().seed());
        out.put("data", data().name());
        out.put("data_hash", data().hash());
        out.put("steps", end.step());
        Position.Best best = end.best();
        out.put("best_epoch", best == null ? null : best.epoch());
        out.putAll(test.provenance(best == null ? null : best.metrics()));
        out.put("machine", learner.describe());
        out.put("fingerprint", learner.fingerprint());
        out.put("java", Runtime.version().toString());
        // a file holds no infinity
        out.replaceAll((key, value) -> value instanceof Double d && !Double.isFinite(d) ? null : value);
        return out;
    }

    /** What happened; nothing where somebody has removed the file meanwhile: the model is what counts. */
    private List<MetricsLog.Row> rows() throws IOException {
        return java.nio.file.Files.exists(job.run().metricsJsonl())
                ? MetricsLog.read(job.run().metricsJsonl())
                : List.of();
    }

    private String title() { return config().model().title() + " on " + data().name(); }

    private Map<String, String> facts(Position end, Evaluation test) {
        Position.Best best = end.best();
        Map<String, String> out = new LinkedHashMap<>(test.facts(best == null ? null : best.metrics()));
        if (best != null) {
            out.put("Best epoch", String.valueOf(best.epoch()));
        }
        out.put("Parameters", String.format(Locale.ROOT, "%,d", StartLines.parameters(learner)));
        out.put("Model", config().model().size());
        out.put("Training", String.format(Locale.ROOT, "%d epoch%s, %,d steps of %d sequences", end.epoch(),
                end.epoch() == 1 ? "" : "s", end.step(),
                Feed.sequences(data(), config(), Division.of(job.group(), config().trainer()))));
        out.put("Sequences", String.format(Locale.ROOT, "%s%,d steps of %d %s%s", data().equalLengths() ? "" : "up to ",
                data().lMax(), data().dInput(), data().tokens() ? "token" : "value", data().dInput() == 1 ? "" : "s"));
        return out;
    }

    /** The first test sequence as sound, where the data is sound. */
    private @Nullable Excerpt excerpt() {
        TensorData levels = data().transform().get("data.levels");
        TensorData rate = data().transform().get("data.sample_rate");
        if (levels == null || rate == null) {
            return null;
        }
        int[] targets = data().test().batch(new int[]{0}).classes();
        float[] table = levels.toFloats();
        float[] samples = new float[targets.length];
        for (int t = 0; t < samples.length; t++) {
            samples[t] = table[targets[t]];
        }
        return new Excerpt(samples, rate.toInts()[0], data().test().picture(0));
    }

    private List<List<float[]>> kernels() {
        List<List<float[]>> out = new ArrayList<>();
        int length = Math.min(data().lMax(), LONGEST_KERNEL);
        ModelConfig model = config().model();
        long s4 = model.nLayers() * model.layers().stream().filter(S4LayerConfig.class::isInstance).count();
        for (int layer = 0; layer < s4; layer++) {
            float[] all = learner.kernel(layer, length);
            int rows = all.length / length;
            int shown = Math.min(KERNELS_PER_LAYER, rows);
            List<float[]> some = new ArrayList<>();
            for (int i = 0; i < shown; i++) {
                int row = i * rows / shown;
                some.add(Arrays.copyOfRange(all, row * length, (row + 1) * length));
            }
            out.add(some);
        }
        return out;
    }
}
