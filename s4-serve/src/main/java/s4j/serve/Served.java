package s4j.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.audio.SoundInput;
import s4j.data.forecast.ForecastModel;
import s4j.generate.TokenModel;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.model.LearnedTask;
import s4j.model.TargetSpec;
import s4j.predict.Predictor;
import s4j.predict.Spotter;
import s4j.predict.SpotterOptions;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;

/**
 * A model file as it is served.
 *
 * @param name by which requests call it
 * @param file where it lies
 * @param read its time of change when it was read
 * @param model the network
 * @param predictor its classes or numbers; null: the file does not say what it predicts
 * @param tokens its sound or text; null: it does not generate
 * @param forecaster of tables; null: it does not forecast
 * @param spotter of words in sound; null: it does not listen
 * @param training what the file says about its training, as JSON; for people
 */
record Served(String name, Path file, FileTime read, S4Model model, @Nullable Predictor predictor,
        @Nullable TokenModel tokens, @Nullable ForecastModel forecaster, @Nullable Spotter spotter,
        Map<String, @Nullable Object> training) {
    /** Whether its network reads tokens rather than values. */
    boolean embeds() {
        return model.config().encoder().tokens();
    }

    /** Values of a raw step: 1 of tokens and of sound. */
    int width() {
        return predictor == null ? model.dInput() : predictor.channels();
    }

    /** Reads a model file, as what it says it is. */
    static Served load(String name, Path file) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        ModelFile content = ModelFile.read(file);
        ModelOptions options = ModelOptions.standard();
        try {
            if (LearnedTask.of(content.config()).forecasts()) {
                return new Served(name, file, time, S4Model.of(content, file.toString(), options), null, null,
                        ForecastModel.of(content, file.toString()), null, content.config());
            }
            if (embeds(content)) {
                TokenModel tokens = TokenModel.of(content, file.toString(), options);
                return new Served(name, file, time, tokens.model(), null, tokens, null, null, content.config());
            }
            if (content.config().containsKey("task")) {
                Predictor predictor = Predictor.of(content, file.toString(), options);
                return new Served(name, file, time, predictor.model(), predictor, null, null, spotter(content, file),
                        content.config());
            }
        } catch (MalformedFileException | IllegalArgumentException e) {
            // a network that does not say what it predicts is served as a network; a damaged file fails below
        }
        return new Served(name, file, time, S4Model.of(content, file.toString(), options), null, null, null, null,
                content.config());
    }

    /** Of a classifier of sound that can go on step by step. */
    private static @Nullable Spotter spotter(ModelFile content, Path file) {
        if (!content.config().containsKey(SoundInput.KEY)) {
            return null;
        }
        try {
            return Spotter.of(content, file.toString(), SpotterOptions.DEFAULTS, ModelOptions.standard());
        } catch (MalformedFileException | IllegalArgumentException e) {
            return null; // it classifies recordings, and does not listen
        }
    }

    private static boolean embeds(ModelFile content) {
        return content.config().get("network") instanceof Map<?, ?> n && n.get("encoder") instanceof Map<?, ?> e
                && List.of("embedding", "adaptive").contains(String.valueOf(e.get("_name_")));
    }

    /** Names of its classes; null: it has none. */
    @Nullable
    List<String> classes() {
        return predictor != null && predictor.targets() instanceof TargetSpec.Classes c ? c.names() : null;
    }

    /** A version that changes with the file. */
    String version() { return model.fingerprint().substring(0, 12); }

    /** Model metadata of the protocol. */
    Map<String, @Nullable Object> metadata() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("name", name);
        out.put("versions", List.of(version()));
        out.put("platform", "s4j");
        out.put("inputs", List.of(tensor("x", embeds() ? "INT32" : "FP32",
                embeds() ? List.of(-1, -1) : List.of(-1, -1, width()))));
        out.put("outputs", outputs());
        return out;
    }

    private List<Object> outputs() {
        List<Object> out = new ArrayList<>();
        List<String> classes = classes();
        if (classes != null) {
            out.add(tensor("probabilities", "FP32", List.of(-1, classes.size())));
            out.add(tensor("class", "BYTES", List.of(-1)));
        } else if (predictor != null) {
            out.add(tensor("values", "FP64", List.of(-1, -1)));
        } else {
            out.add(tensor("y", "FP32",
                    model.perStep() ? List.of(-1, -1, model.dOutput()) : List.of(-1, model.dOutput())));
        }
        return out;
    }

    private static Map<String, Object> tensor(String name, String type, List<Integer> shape) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", name);
        out.put("datatype", type);
        out.put("shape", shape);
        return out;
    }

    /** What a page needs to know to offer the right panels. */
    Map<String, @Nullable Object> card() {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("name", name);
        out.put("version", version());
        out.put("describe", model.describe());
        out.put("channels", width());
        out.put("classes", classes());
        out.put("numbers", predictor != null && classes() == null);
        out.put("streams", model.streamingRefusal() == null);
        out.put("sound", tokens != null && tokens.audio() != null ? tokens.audio().sampleRate() : null);
        out.put("text", tokens != null && tokens.vocabulary() != null);
        out.put("forecast", forecaster == null ? null : forecaster.horizon());
        out.put("listen", spotter == null ? null : spotter.sampleRate());
        out.put("dataset", dataset());
        return out;
    }

    private @Nullable Object dataset() {
        return training.get("dataset") instanceof Map<?, ?> d ? d.get("_name_") : null;
    }
}
