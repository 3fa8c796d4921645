package s4j.train.fake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.torch.Learner;
import s4j.torch.LearnerOptions;

/**
 * Softmax regression with momentum and noise on the gradient: everything a real learner has that a resume could get
 * wrong (weights, optimizer state, random state), in plain Java, the same bits everywhere.
 */
public class FakeLearner implements Learner {
    private static final double MOMENTUM = 0.9;
    private static final double NOISE = 1e-3;

    private final NetworkConfig network;
    private final LearnerOptions options;
    private final String machine;
    private final int inputs;
    private final int classes;
    private double[] weights;
    private double[] velocity;
    private long random;
    private long steps;

    /** A learner on this machine. */
    public FakeLearner(NetworkConfig network, LearnerOptions options) {
        this(network, options, "fake;threads=" + options.threads());
    }

    /** A learner on the machine whose fingerprint is given. */
    public FakeLearner(NetworkConfig network, LearnerOptions options, String machine) {
        this.network = network;
        this.options = options;
        this.machine = machine;
        this.inputs = network.lMax() * network.dInput();
        this.classes = network.dOutput();
        this.weights = new double[classes * (inputs + 1)];
        this.velocity = new double[weights.length];
        this.random = options.seed();
        SplittableRandom r = new SplittableRandom(options.seed());
        for (int i = 0; i < weights.length; i++) {
            weights[i] = 0.01 * (r.nextDouble() - 0.5);
        }
    }

    @Override
    public StepResult trainStep(List<SequenceBatch> parts, double lrFactor) {
        SequenceBatch batch = parts.getFirst(); // it is for runs of one part
        steps++;
        double[] gradient = new double[weights.length];
        double loss = 0;
        int correct = 0;
        for (int i = 0; i < batch.size(); i++) {
            double[] p = probabilities(batch, i);
            int label = labels(batch)[i];
            loss -= Math.log(p[label]);
            correct += best(p) == label ? 1 : 0;
            p[label] -= 1;
            for (int c = 0; c < classes; c++) {
                for (int j = 0; j < inputs; j++) {
                    gradient[c * (inputs + 1) + j] += p[c] * batch.x()[i * inputs + j] / batch.size();
                }
                gradient[c * (inputs + 1) + inputs] += p[c] / batch.size();
            }
        }
        if (!Double.isFinite(loss)) {
            throw new NonFiniteException("loss is " + loss + " at step " + steps + "; gradient of weight");
        }
        SplittableRandom noise = new SplittableRandom(random++);
        double norm = 0;
        for (int i = 0; i < weights.length; i++) {
            norm += gradient[i] * gradient[i];
            velocity[i] = MOMENTUM * velocity[i] + gradient[i] + NOISE * (noise.nextDouble() - 0.5);
            weights[i] -= lrFactor * options.optimizer().lr() * velocity[i];
        }
        return new StepResult(loss / batch.size(), correct, batch.size(), Math.sqrt(norm));
    }

    private static int[] labels(SequenceBatch batch) { return batch.classes(); }

    private static int best(double[] p) {
        int best = 0;
        for (int c = 1; c < p.length; c++) {
            best = p[c] > p[best] ? c : best;
        }
        return best;
    }

    private double[] scores(SequenceBatch batch, int i) {
        double[] s = new double[classes];
        for (int c = 0; c < classes; c++) {
            double sum = weights[c * (inputs + 1) + inputs];
            for (int j = 0; j < inputs; j++) {
                sum += weights[c * (inputs + 1) + j] * batch.x()[i * inputs + j];
            }
            s[c] = sum;
        }
        return s;
    }

    private double[] probabilities(SequenceBatch batch, int i) {
        double[] p = scores(batch, i);
        double max = p[best(p)];
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            p[c] = Math.exp(p[c] - max);
            sum += p[c];
        }
        for (int c = 0; c < classes; c++) {
            p[c] /= sum;
        }
        return p;
    }

    @Override
    public StepScores scoreSteps(SequenceBatch batch) {
        throw new UnsupportedOperationException("classes of whole sequences only");
    }

    @Override
    public Scored score(SequenceBatch batch) {
        throw new UnsupportedOperationException("classes only, whose evaluator needs no loss");
    }

    @Override
    public float[] predict(SequenceBatch batch) {
        float[] out = new float[batch.size() * classes];
        for (int i = 0; i < batch.size(); i++) {
            double[] s = scores(batch, i);
            for (int c = 0; c < classes; c++) {
                out[i * classes + c] = (float) s[c];
            }
        }
        return out;
    }

    @Override
    public Map<String, TensorData> modelTensors() {
        Map<String, TensorData> out = new LinkedHashMap<>();
        out.put("decoder.weight", TensorData.of(weights, classes, inputs + 1));
        return out;
    }

    @Override
    public Map<String, TensorData> trainingState() {
        Map<String, TensorData> out = new LinkedHashMap<>(modelTensors());
        out.put("optimizer.velocity", TensorData.of(velocity, classes, inputs + 1));
        out.put("random", TensorData.of(new long[]{random, steps}, 2));
        return out;
    }

    @Override
    public void restore(Map<String, TensorData> state) {
        loadModel(Map.of("decoder.weight", tensor(state, "decoder.weight")));
        velocity = tensor(state, "optimizer.velocity").toDoubles();
        random = tensor(state, "random").toLongs()[0];
        steps = tensor(state, "random").toLongs()[1];
    }

    @Override
    public void loadModel(Map<String, TensorData> tensors) { weights = tensor(tensors, "decoder.weight").toDoubles(); }

    private static TensorData tensor(Map<String, TensorData> tensors, String name) {
        TensorData t = tensors.get(name);
        if (t == null) {
            throw new IllegalArgumentException("no tensor " + name + " in " + tensors.keySet());
        }
        return t;
    }

    @Override
    public List<ParameterInfo> parameters() {
        return List.of(new ParameterInfo("decoder.weight", List.of((long) classes, inputs + 1L),
                options.optimizer().lr(), 0));
    }

    /** Decaying oscillations, two features per layer: something to draw. */
    @Override
    public float[] kernel(int i, int length) {
        float[] out = new float[2 * length];
        for (int h = 0; h < 2; h++) {
            for (int t = 0; t < length; t++) {
                out[h * length
                        + t] = (float) (Math.exp(-3.0 * t / length) * Math.cos((i + 2 * h + 1) * 9.0 * t / length));
            }
        }
        return out;
    }

    @Override
    public String describe() {
        return "stand-in learner in plain Java, " + network.model().nLayers() + " layers on paper";
    }

    @Override
    public String fingerprint() { return machine; }

    @Override
    public void close() {}
}
