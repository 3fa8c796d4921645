package s4j.train;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import s4j.io.TensorData;

/**
 * A data set as a run needs it.
 *
 * @param name of the data set
 * @param dInput values per step
 * @param lMax steps of the longest sequence
 * @param classNames one per class
 * @param train batches to train on
 * @param validation batches to choose the best epoch by
 * @param test batches for the last line
 * @param permutation the order in which the network sees the steps; null: as they are
 * @param tensors what a model file keeps of the data: normalisation, permutation
 * @param hash of the data
 */
record TrainingData(String name, int dInput, int lMax, List<String> classNames, Feed train, Feed validation, Feed test,
        int @Nullable [] permutation, Map<String, TensorData> tensors, String hash) {

    static TrainingData of(s4j.data.Dataset data, s4j.train.config.TrainConfig config) {
        throw new UnsupportedOperationException(data + " " + config);
    }

    /** Number of classes. */
    int dOutput() { return classNames.size(); }
}
