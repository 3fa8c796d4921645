package s4j.flink;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.SafeTensors;
import s4j.kernel.Backend;
import s4j.model.Outputs;
import s4j.model.TargetSpec;
import s4j.predict.Predictor;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;

/**
 * A model that is loaded once for all subtasks of a JVM, and how its values are read.
 *
 * @param network steps
 * @param predictor normalisation and units; null: the file says nothing of them, and outputs stay as they are
 * @param file it was made of
 * @param rates the same model at other rates, as they were needed
 */
record StreamModel(S4Model network, @Nullable Predictor predictor, ModelFile file, Map<Long, S4Model> rates) {
    /** What a network takes. */
    private static final float LARGEST = 1e15f;
    private static final Map<String, StreamModel> LOADED = new ConcurrentHashMap<>();

    /** Of a model file's bytes. */
    static StreamModel of(byte[] file) {
        return LOADED.computeIfAbsent(digest(file), _ -> load(file));
    }

    private static String digest(byte[] file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static StreamModel load(byte[] bytes) {
        ModelOptions options = new ModelOptions(Backend.best(), 1, 1);
        try {
            ModelFile file = ModelFile.of(SafeTensors.fromBytes(bytes, "the job's model"), "the job's model");
            S4Model network = S4Model.of(file, "the job's model", options);
            String refusal = network.streamingRefusal();
            if (refusal != null) {
                throw new IllegalArgumentException("the job's model cannot run step by step: " + refusal);
            }
            return file.config().containsKey(TargetSpec.KEY)
                    ? new StreamModel(network, Predictor.of(file, "the job's model", options), file,
                            new ConcurrentHashMap<>())
                    : new StreamModel(network, null, file, new ConcurrentHashMap<>());
        } catch (MalformedFileException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The network for steps of so many times dt. */
    S4Model at(long rate) {
        return rates.computeIfAbsent(rate, g -> {
            try {
                return S4Model.of(file, "the job's model", new ModelOptions(Backend.best(), 1, g));
            } catch (MalformedFileException e) {
                throw new IllegalStateException("it was read before", e);
            }
        });
    }

    /** Why a reading is none; null: it is one. */
    @Nullable
    String fault(Reading r) {
        float[] v = r.values();
        if (r.key() == null || v == null) {
            return r.key() == null ? "no key" : "no values";
        }
        if (v.length != network.dInput()) {
            return v.length + " values; expected " + network.dInput();
        }
        float[] x = new float[v.length];
        input(v, x, 0);
        for (int i = 0; i < v.length; i++) {
            if (!Float.isFinite(v[i]) || !(Math.abs(x[i]) <= LARGEST)) {
                return "value " + (i + 1) + " is " + v[i] + "; expected a finite number"
                        + (Float.isFinite(v[i]) ? " of at most 1e15 when normalised" : "");
            }
        }
        return null;
    }

    /** Puts a reading's values as the network sees them. */
    void input(float[] values, float[] x, int at) {
        float[] own = values.clone();
        if (predictor != null) {
            predictor.transform().step(own);
        }
        System.arraycopy(own, 0, x, at, own.length);
    }

    /** Outputs {@code [at, at + d_output)} in the data's own unit. */
    double[] values(float[] y, int at) {
        float[] own = Arrays.copyOfRange(y, at, at + network.dOutput());
        if (predictor != null && predictor.targets() instanceof TargetSpec.Values spec) {
            float[] points = predictor.reading().points(own);
            double[] out = new double[points.length];
            Arrays.setAll(out, i -> spec.restored(points[i], i % spec.features()));
            return out;
        }
        if (predictor != null) {
            return Outputs.probabilities(predictor.reading().scores(own), 0, predictor.names().size());
        }
        double[] out = new double[own.length];
        Arrays.setAll(out, i -> own[i]);
        return out;
    }
}
