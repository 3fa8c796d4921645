package s4j.data;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.audio.SoundInput;
import s4j.generate.Vocabulary;
import s4j.io.TensorData;
import s4j.model.TargetSpec;

/** A data set of sequences with what is to be predicted of them, ready for a network: split, normalised, permuted. */
public interface Dataset {
    /** The name in configurations. */
    String name();

    /** Values per step; of {@link #tokens} how many there are. */
    int dInput();

    /** Whether a step is one token, a whole number from 0 to {@link #dInput()} - 1, for an embedding. */
    default boolean tokens() {
        return false;
    }

    /** Steps of the longest sequence. */
    int lMax();

    /** Whether all sequences have so many. */
    default boolean equalLengths() { return true; }

    /** Last steps that have an output each, together the forecast; 0: an output is one of the whole sequence or of every step. */
    default int lOutput() {
        return 0;
    }

    /** What is to be predicted. */
    TargetSpec targets();

    /** Sequences to train on. */
    SequenceSet train();

    /** Sequences to choose the best checkpoint by; may be empty. */
    SequenceSet validation();

    /** Sequences to report on. */
    SequenceSet test();

    /**
     * What was done to raw data, as tensors for the model file: {@code data.mean} and {@code data.std}, of all values together or
     * of each value of a step; {@code data.permutation}, the step of the raw sequence that is shown at each.
     */
    Map<String, TensorData> transform();

    /** Classes that sequences of tokens are told to be: a step is the number token + dInput · class then. None: they are told nothing. */
    default List<String> conditions() {
        return List.of();
    }

    /** Equal parts of a sequence that are told apart, for each of the {@link #conditions}: the class is the number class · parts + part. */
    default int parts() {
        return 1;
    }

    /** What recordings go through before the normalisation, for the model file; null: they are no sound. */
    default @Nullable SoundInput sound() {
        return null;
    }

    /** The same as long rows in reading order, where it is text; else null. */
    default @Nullable Corpus corpus() {
        return null;
    }

    /** How its tokens are text, for the model file; null: they are none. */
    default @Nullable Vocabulary vocabulary() {
        return null;
    }

    /** SHA-256 over the data's files, hexadecimal: for provenance. */
    String hash();

    /** What else a person wants to know of it, name and value: where it was read, its format, missing values. */
    default Map<String, String> facts() {
        return Map.of();
    }
}
