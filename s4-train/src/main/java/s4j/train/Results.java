package s4j.train;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.data.Dataset;
import s4j.torch.Learner;
import s4j.train.config.TrainConfig;
import s4j.train.report.Report;

/** Writes what a finished run leaves: the model file, then the report. */
record Results(Trainer.Job job, Learner learner) {
    private static final int KERNELS_PER_LAYER = 4;

    private TrainConfig config() { return job.config().values(); }

    private Dataset data() { return job.data(); }

    void write(Position end, Evaluation test) throws IOException {
        Map<String, @Nullable Object> provenance = provenance(end, test);
        Map<String, TensorData> tensors = new LinkedHashMap<>(learner.modelTensors());
        tensors.putAll(job.data().transform());
        new ModelFile(tensors, job.config().withNetwork(config().network(data())), provenance).write(job.run().model());
        Map<String, String> shown = new LinkedHashMap<>();
        provenance.forEach((k, v) -> shown.put(k.replace('_', ' '), String.valueOf(v)));
        new Report(title(), facts(end, test), MetricsLog.read(job.run().metricsJsonl()), test, data().classNames(),
                kernels(), shown, job.config().tree().toYaml()).write(job.run().report());
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
        out.put("validation_accuracy", best == null ? null : best.accuracy());
        out.put("test_accuracy", test.accuracy());
        out.put("machine", learner.describe());
        out.put("fingerprint", learner.fingerprint());
        out.put("java", Runtime.version().toString());
        return out;
    }

    private String title() {
        return (config().model().layer().mode().diagonal() ? "S4D" : "S4") + " on " + data().name();
    }

    private Map<String, String> facts(Position end, Evaluation test) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Test sequences", String.format(Locale.ROOT, "%,d of %,d right", test.correct(), test.size()));
        Position.Best best = end.best();
        if (best != null) {
            out.put("Best validation", String.format(Locale.ROOT, "%.2f %% (epoch %d)", 100 * best.accuracy(),
                    best.epoch()));
        }
        out.put("Parameters", String.format(Locale.ROOT, "%,d", StartLines.parameters(learner)));
        out.put("Model",
                "%d layers, d_model %d, d_state %d".formatted(config().model().nLayers(), config().model().dModel(),
                        config().model().layer().dState()));
        out.put("Training", String.format(Locale.ROOT, "%d epochs, %,d steps of %d sequences", end.epoch(), end.step(),
                config().loader().batchSize()));
        out.put("Sequences", String.format(Locale.ROOT, "%,d steps of %d value%s", data().lMax(), data().dInput(),
                data().dInput() == 1 ? "" : "s"));
        return out;
    }

    private List<List<float[]>> kernels() {
        List<List<float[]>> out = new ArrayList<>();
        for (int layer = 0; layer < config().model().nLayers(); layer++) {
            float[] all = learner.kernel(layer, data().lMax());
            int rows = all.length / data().lMax();
            int shown = Math.min(KERNELS_PER_LAYER, rows);
            List<float[]> some = new ArrayList<>();
            for (int i = 0; i < shown; i++) {
                int row = i * rows / shown;
                some.add(Arrays.copyOfRange(all, row * data().lMax(), (row + 1) * data().lMax()));
            }
            out.add(some);
        }
        return out;
    }
}
