package s4j.train.task;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import s4j.data.Dataset;
import s4j.data.SequenceSet;
import s4j.io.TensorData;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.ObjectiveConfig;
import s4j.model.SequenceBatch;
import s4j.model.TargetSpec;
import s4j.train.run.RunException;
import s4j.train.run.Running;

/** What is learned: which targets, by which loss, judged by which metrics, beside which baselines, and how that is told. */
public interface Task {
    /** Its configuration. */
    TaskConfig config();

    /**
     * Refuses data and network parts that it has no use for.
     *
     * @throws s4j.config.ConfigException that names the key and what to write
     */
    void requireFitting(Dataset data, EncoderConfig encoder, DecoderConfig decoder);

    /**
     * Refuses a decoder that it has no use for whatever the data is: before that is read.
     *
     * @throws s4j.config.ConfigException that names the key and what to write
     */
    default void requireDecoder(DecoderConfig decoder) {}

    /** The objective for a data set, e.g. with the weights of its classes. */
    default ObjectiveConfig objective(Dataset data) {
        return config().loss();
    }

    /** The metric that stands beside the loss; null: the loss says it all. */
    @Nullable
    Metric leading();

    /** The metric that chooses the best checkpoint and that the plateau schedule looks at. */
    Metric monitor();

    /** The metrics of a stretch of training. */
    Map<String, Double> ofTraining(Running sums);

    /**
     * Gathers what a network does on a split.
     *
     * @param set the split, whose batches come in its own order
     */
    Evaluator evaluator(TargetSpec targets, SequenceSet set);

    /**
     * An evaluation of the test split with what simple models do on the same batches.
     *
     * @param test batches of the test split, in order; asked for again as often as needed
     */
    Evaluation compared(Evaluation evaluation, Dataset data, Supplier<? extends Iterable<SequenceBatch>> test);

    /**
     * Loss and leading metric for people, e.g. {@code loss 0.3281, accuracy 0.8868}.
     *
     * @param what word before the loss, e.g. {@code train}
     */
    String words(String what, Map<String, Double> metrics);

    /** The same for a line of progress that fits into half a terminal. */
    String shortWords(Map<String, Double> metrics);

    /** What a sequence of the data set is to be predicted as, e.g. {@code 10 classes}. */
    String predicts(TargetSpec targets);

    /** Whether the network before its first step may be the best one, because it starts from a model of its own. */
    default boolean startCounts() {
        return false;
    }

    /** Whether {@link #calibrated} has something to do. */
    default boolean calibrates() { return false; }

    /**
     * Corrects what outputs mean by what they did on the validation split.
     *
     * @param validation an evaluation of the chosen weights
     * @param test the same of the test split
     */
    default Calibrated calibrated(Evaluation validation, Evaluation test) { return new Calibrated(test, Map.of()); }

    /**
     * A test with the correction.
     *
     * @param tensors for the model file
     */
    record Calibrated(Evaluation test, Map<String, TensorData> tensors) {}

    /** Whether progress counts steps rather than sequences. */
    default boolean countsSteps() { return false; }

    /** Predictions as lines of a table. */
    default PredictionRows rows(TargetSpec targets) {
        throw new RunException(
                "predictions are written for classes or numbers, one line for each sequence; this model has an"
                        + " output for each step");
    }

    /** Lines of a table of predictions, one a sequence. */
    interface PredictionRows {
        /** Names of the columns. */
        List<String> header();

        /**
         * One sequence's line.
         *
         * @param outputs of the batch
         * @param i the sequence in it
         */
        List<Object> row(SequenceBatch batch, float[] outputs, int i);
    }
}
