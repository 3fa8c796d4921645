package s4j.torch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import s4j.io.TensorData;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.model.Targets;
import s4j.torch.distributed.Group;
import s4j.torch.nn.AdaptiveSoftmax;
import s4j.torch.nn.Network;
import s4j.torch.objective.Goals;
import s4j.torch.objective.Objective;
import s4j.torch.optim.Gradients;
import s4j.torch.optim.MovingAverage;
import s4j.torch.optim.Optimizer;
import s4j.torch.optim.ParameterGroup;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.FusedOp;
import s4j.torch.tensor.NativeScope;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.RandomStates;
import s4j.torch.tensor.Tensors;

/** The learner on libtorch: one native scope per call. */
final class TorchLearner implements Learner {
    /** Between the seeds of two workers. */
    private static final long SEEDS = 0x9E3779B97F4A7C15L;

    private final LearnerOptions options;
    private final NetworkConfig config;
    private final Device device;
    private final ParameterStore store;
    private final Kernels kernels;
    private final Network network;
    private final Objective objective;
    private final List<Parameter> trained;
    private final List<ParameterGroup> groups;
    private final Optimizer optimizer;
    private final @Nullable MovingAverage average;
    private final Group workers;
    private final GlobalBatch batches;
    /** Of training, part of its state: one for each part of a batch; and of an evaluation. */
    private final PartStates training = new PartStates();
    private final CarriedStates evaluation = new CarriedStates();

    TorchLearner(NetworkConfig config, LearnerOptions options, Group workers) {
        this.options = options;
        this.workers = workers;
        Libtorch.threads(options.threads());
        this.device = NativeScope.keep(Libtorch.device(options.device()));
        this.config = config;
        torch.manual_seed(options.seed());
        this.store = new ParameterStore(options.seed(), device, ScalarType.Float);
        this.kernels = Kernels.of(options.kernelBackend(), !device.is_cuda(), torch.get_num_threads());
        try (var _ = NativeScope.withoutGradients()) {
            this.network = new Network(config, store, kernels);
            if (options.recompute()) {
                network.recompute(new RandomStates(device));
            }
            this.objective = Objective.of(options.objective(), store);
            network.start(options.objective().start());
        }
        if (workers.rank() > 0) { // dropout of its own
            torch.manual_seed(options.seed() + SEEDS * workers.rank());
        }
        this.trained = store.trained();
        this.batches = GlobalBatch.of(workers, store);
        this.groups = ParameterGroup.of(trained, options);
        this.optimizer = new Optimizer(options.optimizer(), groups);
        this.average = options.ema() > 0 ? new MovingAverage(options.ema(), trained) : null;
    }

    @Override
    public StepResult trainStep(List<SequenceBatch> parts, double lrFactor) {
        Map<Parameter, Tensor> statistics = new LinkedHashMap<>();
        try (var _ = NativeScope.open()) {
            for (Parameter p : store.all()) { // batch norm writes its running statistics during the forward pass
                if (!p.trained()) {
                    statistics.put(p, p.value().detach().clone());
                }
            }
            try {
                return step(parts, lrFactor);
            } catch (NonFiniteException e) {
                training.clear();
                statistics.forEach((p, before) -> p.value().copy_(before));
                throw e;
            }
        }
    }

    private StepResult step(List<SequenceBatch> parts, double lrFactor) {
        Gradients.clear(trained);
        GlobalBatch.Result batch;
        try {
            batch = batches.backward(parts, this::loss);
        } catch (NonFiniteException e) {
            throw new NonFiniteException(e.getMessage() + " " + Gradients.suspect(trained));
        } finally {
            FusedOp.forget();
        }
        double norm = Gradients.norm(trained);
        if (!Double.isFinite(norm)) {
            Parameter bad = Gradients.firstNonFinite(trained);
            throw new NonFiniteException("gradient of " + (bad == null ? "the parameters together" : bad.name())
                    + " is not finite (loss " + batch.loss() + ", norm " + norm + "). " + Gradients.suspect(trained));
        }
        if (options.gradientClipVal() > 0) {
            Gradients.clip(trained, norm, options.gradientClipVal());
        }
        optimizer.step(lrFactor);
        if (average != null) {
            average.update();
        }
        return new StepResult(batch.loss(), batch.correct(), batch.size(), norm);
    }

    /** Of outputs; or, over clusters of tokens, of features. */
    private Objective.Loss loss(SequenceBatch batch, int part) {
        Goals goals = Goals.of(batch, config.dOutput(), device);
        CarriedStates carried = training.of(part);
        AdaptiveSoftmax softmax = network.softmax();
        return softmax == null
                ? objective.loss(outputs(batch, carried), goals)
                : softmax.loss(StepTargets.predicted(batch, features(batch, carried, true)), goals);
    }

    /** What the network says in training: {@code [b, d_output]}, or of step classes that of the real steps {@code [n, d_output]}. */
    private Tensor outputs(SequenceBatch batch, CarriedStates carried) {
        return batch.targets() instanceof Targets.StepClasses
                ? network.readOut(StepTargets.predicted(batch, features(batch, carried, true)))
                : network.forward(input(batch), lengths(batch), null, 1.0, true).y();
    }

    /** Features of all steps, from the states that the batch goes on from. */
    private Tensor features(SequenceBatch batch, CarriedStates carried, boolean trains) {
        return new ChunkPass(network, config, carried).features(batch, input(batch), lengths(batch), trains);
    }

    @Override
    public StepScores scoreSteps(SequenceBatch batch) {
        return evaluated(() -> {
            Tensor targets = Goals.of(batch, config.dOutput(), device).values();
            Tensor features = StepTargets.predicted(batch, features(batch, evaluation, false));
            return StepTargets.scores(network, features, targets);
        });
    }

    @Override
    public float[] predict(SequenceBatch batch) {
        return evaluated(() -> Tensors.floats(network.forward(input(batch), lengths(batch), null, 1.0, false).y()));
    }

    @Override
    public Scored score(SequenceBatch batch) {
        return evaluated(() -> {
            Tensor outputs = network.forward(input(batch), lengths(batch), null, 1.0, false).y();
            Objective.Loss loss = objective.loss(outputs, Goals.of(batch, config.dOutput(), device));
            return new Scored(Tensors.floats(outputs), loss.mean().item().toDouble(), loss.size());
        });
    }

    /** In evaluation mode, with the weights that evaluation uses. */
    private <T> T evaluated(Supplier<T> work) {
        if (average != null) {
            average.swap();
        }
        try (var _ = NativeScope.withoutGradients()) {
            return work.get();
        } finally {
            if (average != null) {
                average.swap();
            }
        }
    }

    private Tensor input(SequenceBatch batch) {
        int expected = config.encoder().tokens() ? 1 : config.dInput();
        if (batch.features() != expected) {
            throw new IllegalArgumentException(
                    "batch has " + batch.features() + " values a step; expected " + expected);
        }
        return Tensor.create(batch.x(), batch.size(), batch.length(), batch.features()).to(device, ScalarType.Float);
    }

    private @Nullable Tensor lengths(SequenceBatch batch) {
        return batch.lengths() == null ? null : Tensor.create(batch.lengths()).to(device, ScalarType.Long);
    }

    @Override
    public Map<String, TensorData> modelTensors() { return evaluated(store::data); }

    @Override
    public Map<String, TensorData> trainingState() {
        Map<String, TensorData> state = sharedState();
        Map<String, TensorData> own = new LinkedHashMap<>(new RandomStates(device).data());
        own.putAll(training.data());
        state.putAll(new WorkerStates(workers).gathered(own));
        return state;
    }

    /** What all workers have alike. */
    private Map<String, TensorData> sharedState() {
        Map<String, TensorData> state = new LinkedHashMap<>();
        store.data().forEach((name, data) -> state.put("raw." + name, data));
        state.putAll(optimizer.state());
        if (average != null) {
            state.putAll(average.state());
        }
        return state;
    }

    @Override
    public void restore(Map<String, TensorData> state) {
        requireFitting(state);
        Map<String, TensorData> raw = new LinkedHashMap<>();
        state.forEach((name, data) -> {
            if (name.startsWith("raw.")) {
                raw.put(name.substring(4), data);
            }
        });
        store.load(raw);
        optimizer.restore(state);
        if (average != null) {
            average.restore(state);
        }
        WorkerStates mine = new WorkerStates(workers);
        if (mine.fits(state)) { // of another number of workers each one draws anew and its rows begin
            Map<String, TensorData> own = mine.own(state);
            new RandomStates(device).restore(own);
            training.restore(own, device);
        } else {
            training.clear();
        }
    }

    /** Before anything is overwritten. */
    private void requireFitting(Map<String, TensorData> state) {
        WorkerStates.requireFitting(sharedState(), state);
        WorkerStates mine = new WorkerStates(workers);
        if (mine.fits(state)) {
            WorkerStates.requireFitting(new RandomStates(device).data(), mine.own(state));
        }
    }

    @Override
    public void loadModel(Map<String, TensorData> tensors) { store.load(tensors); }

    @Override
    public List<ParameterInfo> parameters() {
        return groups.stream().flatMap(group -> group.parameters().stream().map(p -> new ParameterInfo(p.name(),
                Arrays.stream(Tensors.shape(p.value())).boxed().toList(), group.lr(), group.weightDecay())))
                .toList();
    }

    @Override
    public float[] kernel(int i, int length) {
        try (var _ = NativeScope.withoutGradients()) {
            return Tensors.floats(network.s4Layers().get(i).kernel(length, 1.0));
        }
    }

    @Override
    public String describe() { return Libtorch.describe(device) + ", " + kernels.describe(); }

    @Override
    public String fingerprint() {
        return Libtorch.fingerprint(device) + " " + kernels.describe()
                + (workers.size() == 1 ? "" : " workers=" + workers.size());
    }

    @Override
    public void close() {
        optimizer.close();
        if (average != null) {
            average.close();
        }
        training.clear();
        evaluation.clear();
        store.close();
        kernels.close();
        NativeScope.release(device);
    }
}
