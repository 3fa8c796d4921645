package s4j.audio;

import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.config.Binder;
import s4j.config.ConfigTree;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Origin;
import s4j.config.Range;

/**
 * What a recording goes through before a network's own normalisation: its rate, its length, its features. Stands in the model file
 * under {@value #KEY}, so that training and everybody who uses the model do the same.
 *
 * @param sampleRate samples per second
 * @param length samples to which a shorter recording is padded at its end with silence; null: none is
 * @param features what the network sees
 */
public record SoundInput(@Default("16000") @Range(min = Waveform.MIN_RATE, max = Waveform.MAX_RATE) int sampleRate,
        @Range(min = 1, max = 1 << 28) @Nullable Integer length, SoundFeatures features) {
    /** Where it stands in a model file's configuration. */
    public static final String KEY = "sound";

    public static final SoundInput DEFAULTS = Defaults.of(SoundInput.class);

    /** What a model file's configuration says; null where it says nothing. */
    public static @Nullable SoundInput of(Map<String, @Nullable Object> config, String name) {
        ConfigTree tree = ConfigTree.of(config, new Origin(name)).find(KEY);
        return tree == null ? null : Binder.bind(tree, SoundInput.class);
    }

    /** Computes the features. */
    public FrontEnd frontEnd() { return FrontEnd.of(features, sampleRate); }

    /** The samples, padded where they are too few. */
    public float[] padded(float[] samples) {
        Integer least = length;
        return least == null || samples.length >= least ? samples : Arrays.copyOf(samples, least);
    }
}
