package com.example;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import s4j.config.Key;
import s4j.data.Dataset;
import s4j.data.DatasetConfig;
import s4j.data.SequenceSet;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;

/**
 * A data set of your own, {@code dataset._name_=sines}: slow and fast oscillations. This record and its line in
 * META-INF/services are all it takes; its components are the keys of {@code dataset}.
 */
public record SinesConfig(@Key("_name_") String name, int steps, int size, String dataDir) implements DatasetConfig {
    public static final SinesConfig DEFAULTS = new SinesConfig();

    /** For the service loader. */
    public SinesConfig() {
        this("sines", 64, 200, "");
    }

    @Override
    public Dataset load(Consumer<String> log) {
        log.accept("sines: " + size + " made, slow and fast");
        return new Sines(this);
    }

    private record Sines(SinesConfig config) implements Dataset {
        public String name() { return "sines"; }

        public int dInput() { return 1; }

        public int lMax() { return config.steps(); }

        public TargetSpec targets() { return TargetSpec.Classes.of(List.of("slow", "fast")); }

        public SequenceSet train() { return new Some(config.steps(), config.size(), 0); }

        public SequenceSet validation() { return new Some(config.steps(), 40, 1); }

        public SequenceSet test() { return new Some(config.steps(), 40, 2); }

        public Map<String, TensorData> transform() { return Map.of(); }

        public String hash() { return config.toString(); }
    }

    private record Some(int steps, int size, int phase) implements SequenceSet {
        public SequenceBatch batch(int[] indices) {
            float[] x = new float[indices.length * steps];
            int[] classes = new int[indices.length];
            for (int b = 0; b < indices.length; b++) {
                classes[b] = indices[b] % 2;
                for (int t = 0; t < steps; t++) {
                    x[b * steps + t] = (float) Math.sin((0.1 + 0.2 * classes[b]) * t + indices[b] + 0.3 * phase);
                }
            }
            return new SequenceBatch(indices.length, steps, 1, x, classes);
        }
    }
}
