package s4j.train.fake;

import java.util.List;
import java.util.Map;
import s4j.io.TensorData;
import s4j.model.SequenceBatch;
import s4j.torch.Learner;

/**
 * A learner that something happens to after its n-th step: a signal, a pause to be killed in.
 *
 * @param inner does the work
 * @param counter steps so far
 * @param n step after which it happens
 * @param event what happens
 */
public record StoppingLearner(Learner inner, int[] counter, int n, Runnable event) implements Learner {
    /** Not yet begun. */
    public StoppingLearner(Learner inner, int n, Runnable event) {
        this(inner, new int[1], n, event);
    }

    @Override
    public StepResult trainStep(List<SequenceBatch> parts, double lrFactor) {
        StepResult result = inner.trainStep(parts, lrFactor);
        if (++counter[0] == n) {
            event.run();
        }
        return result;
    }

    @Override
    public StepScores scoreSteps(SequenceBatch batch) { return inner.scoreSteps(batch); }

    @Override
    public float[] predict(SequenceBatch batch) { return inner.predict(batch); }

    @Override
    public Scored score(SequenceBatch batch) { return inner.score(batch); }

    @Override
    public Map<String, TensorData> modelTensors() { return inner.modelTensors(); }

    @Override
    public Map<String, TensorData> trainingState() { return inner.trainingState(); }

    @Override
    public void restore(Map<String, TensorData> state) { inner.restore(state); }

    @Override
    public void loadModel(Map<String, TensorData> tensors) { inner.loadModel(tensors); }

    @Override
    public List<ParameterInfo> parameters() { return inner.parameters(); }

    @Override
    public float[] kernel(int i, int length) { return inner.kernel(i, length); }

    @Override
    public String describe() { return inner.describe(); }

    @Override
    public String fingerprint() { return inner.fingerprint(); }

    @Override
    public void close() { inner.close(); }
}
