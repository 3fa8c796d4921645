package s4j.generate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.ConfigTree;
import s4j.config.Origin;
import s4j.io.MalformedFileException;
import s4j.io.ModelFile;
import s4j.io.TensorData;
import s4j.model.EncoderConfig;
import s4j.model.NetworkConfig;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;

/**
 * A model whose outputs at each step are scores of the next token, with what its file says about tokens.
 *
 * @param model with an embedding in front and an output for each step
 * @param start the token before the first one ({@code data.start}; 0 where the file does not say)
 * @param audio how tokens are sound ({@code data.levels}, {@code data.sample_rate}); null: they are no sound
 * @param vocabulary how tokens are text ({@code vocabulary} in the configuration); null: the file does not say it
 */
public record TokenModel(S4Model model, int start, @Nullable AudioCode audio, @Nullable Vocabulary vocabulary) {
    /** Checks that the model generates, and that start, levels and vocabulary fit it. */
    public TokenModel {
        requireGenerates(model);
        int tokens = model.dOutput();
        if (start < 0 || start >= model.config().dInput()) {
            throw new IllegalArgumentException(
                    "start token " + start + "; expected 0 to " + (model.config().dInput() - 1));
        }
        if (audio != null && audio.levels().length != tokens) {
            throw new IllegalArgumentException("data.levels has " + audio.levels().length
                    + " levels, the model gives scores of " + tokens + " tokens; expected equal numbers");
        }
        if (vocabulary != null && vocabulary.tokens().size() != tokens) {
            throw new IllegalArgumentException(Vocabulary.KEY + " has " + vocabulary.tokens().size()
                    + " tokens, the model gives scores of " + tokens + "; expected equal numbers");
        }
        if (vocabulary != null && audio != null) {
            throw new IllegalArgumentException("the tokens are sound (data.levels) and text (" + Vocabulary.KEY
                    + "); expected one of them");
        }
    }

    /** Classes that it can be asked for; none of a model that is told nothing. */
    public List<String> classes() {
        return model.config().encoder().classes();
    }

    /** Reads a model file. */
    public static TokenModel load(Path file) throws IOException {
        return of(ModelFile.read(file), file.toString(), ModelOptions.standard());
    }

    /**
     * From a model file's content.
     *
     * @param name what to call it in messages
     * @throws MalformedFileException when it is damaged
     * @throws IllegalArgumentException when it is a model that does not generate; the message says what to use instead
     */
    public static TokenModel of(ModelFile file, String name, ModelOptions options) throws MalformedFileException {
        S4Model model = S4Model.of(file, name, options);
        requireGenerates(model);
        try {
            Integer start = whole(file.tensors(), "data.start");
            return new TokenModel(model, start == null ? 0 : start, audio(file, name), vocabulary(file));
        } catch (IllegalArgumentException | ArithmeticException | IllegalStateException e) {
            throw new MalformedFileException(name + ": " + e.getMessage(), e);
        }
    }

    private static @Nullable AudioCode audio(ModelFile file, String name) {
        TensorData levels = file.tensors().get("data.levels");
        Integer rate = whole(file.tensors(), "data.sample_rate");
        if (levels == null || rate == null) {
            return null;
        }
        ConfigTree scale = ConfigTree.of(file.config(), new Origin(name)).find("dataset.scale");
        return new AudioCode(levels.toFloats(), rate, scale == null || !"none".equals(scale.toValue()));
    }

    private static @Nullable Vocabulary vocabulary(ModelFile file) {
        Object value = file.config().get(Vocabulary.KEY);
        return value == null ? null : Vocabulary.of(value);
    }

    private static @Nullable Integer whole(Map<String, TensorData> tensors, String name) {
        TensorData tensor = tensors.get(name);
        if (tensor == null) {
            return null;
        }
        double value = tensor.size() == 1 ? tensor.get(0) : Double.NaN;
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(name + " is " + (tensor.size() == 1 ? value : tensor)
                    + "; expected one whole number");
        }
        return (int) value;
    }

    private static void requireGenerates(S4Model model) {
        NetworkConfig config = model.config();
        if (!model.perStep()) {
            throw new IllegalArgumentException("this model gives one output for a whole sequence (decoder.mode "
                    + config.decoder().mode().name().toLowerCase(java.util.Locale.ROOT)
                    + "), not the next token at each step; expected decoder.mode step. Use s4 eval to classify with it,"
                    + " or s4 stream for its running output");
        }
        String refusal = model.streamingRefusal();
        if (refusal != null) {
            throw new IllegalArgumentException("this model cannot run step by step: " + refusal
                    + ". Train a causal one to generate with (model.layer.bidirectional=false)");
        }
        if (config.encoder().name() != EncoderConfig.Kind.EMBEDDING || model.dOutput() > config.dInput()) {
            throw new IllegalArgumentException("this model takes "
                    + (config.encoder().name() == EncoderConfig.Kind.EMBEDDING
                            ? "tokens 0 to " + (config.dInput() - 1) + " and gives scores of " + model.dOutput()
                            : "values, not tokens (encoder "
                                    + config.encoder().name().name().toLowerCase(java.util.Locale.ROOT)
                                    + ")")
                    + "; expected an embedding of at least as many tokens as it predicts. Use s4 stream to run it step"
                    + " by step");
        }
    }
}
