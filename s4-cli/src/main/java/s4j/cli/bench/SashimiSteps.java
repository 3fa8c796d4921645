package s4j.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import s4j.kernel.Backend;
import s4j.model.NetworkConfig;
import s4j.stream.ModelOptions;
import s4j.stream.S4Model;
import s4j.stream.StreamState;
import s4j.torch.Learner;
import s4j.torch.LearnerOptions;

/** Streams that go through an untrained network together in the runtime, step by step: it takes as long as a trained one. */
final class SashimiSteps {
    private static final int SEED = 1;

    private final S4Model model;
    private final List<StreamState> states = new ArrayList<>();
    private final int count;
    private final float[] x;
    private final float[] y;

    private SashimiSteps(S4Model model, int streams, int count) {
        this.model = model;
        this.count = count;
        SplittableRandom random = new SplittableRandom(SEED);
        x = new float[streams * model.dInput()];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextGaussian();
        }
        y = new float[streams * model.dOutput()];
        for (int i = 0; i < streams; i++) {
            states.add(model.newState());
        }
    }

    /**
     * With the initial weights of training.
     *
     * @param streams that take each step together
     * @param count of steps in each run
     * @param backend a word of {@code kernel.backend}: other than scalar, the runtime takes what is best
     */
    static SashimiSteps of(NetworkConfig network, LearnerOptions options, int streams, int count, String backend) {
        ModelOptions standard = ModelOptions.standard();
        Backend chosen = backend.equals("scalar") ? Backend.SCALAR : standard.backend();
        try (Learner learner = Learner.create(network, options)) {
            return new SashimiSteps(new S4Model(network, learner.modelTensors(),
                    new ModelOptions(chosen, standard.threads(), standard.rate())), streams, count);
        }
    }

    /** The next steps. */
    void run() {
        for (int i = 0; i < count; i++) {
            if (states.size() == 1) {
                model.step(states.getFirst(), x, y);
            } else {
                model.step(states, x, y);
            }
        }
    }
}
