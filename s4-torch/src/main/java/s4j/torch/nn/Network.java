package s4j.torch.nn;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import s4j.model.BackboneConfig;
import s4j.model.DecoderConfig;
import s4j.model.EncoderConfig;
import s4j.model.NetworkConfig;
import s4j.model.SashimiConfig;
import s4j.torch.ssm.Kernels;
import s4j.torch.tensor.Linear;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.RandomStates;
import s4j.torch.tensor.Tensors;

/** Encoder, backbone and decoder: from data to outputs. */
public final class Network {
    private final NetworkConfig config;
    private final @Nullable Linear encoder;
    private final @Nullable Parameter embedding;
    private final @Nullable Parameter classes;
    private final Body body;
    private final @Nullable Linear decoder;
    private final @Nullable PairHead pairs;
    private final @Nullable AdaptiveTables clusters;
    private final @Nullable AdaptiveSoftmax softmax;

    /** Outputs {@code [b, d_output]}, or {@code [b, l, d_output]} per step, and the next states if states were given. */
    public record Output(Tensor y, @Nullable List<Tensor> states) {}

    /** Creates all parameters in the store. Layers convolve with the given kernels. */
    public Network(NetworkConfig config, ParameterStore store, Kernels kernels) {
        this.config = config;
        int dModel = config.model().dModel();
        encoder = config.encoder().name() == EncoderConfig.Kind.LINEAR
                ? store.addLinear("encoder.0", config.dInput(), dModel)
                : null;
        embedding = config.encoder().name() == EncoderConfig.Kind.EMBEDDING
                ? table(store, "encoder.0.weight", config.dInput(), dModel)
                : null;
        int told = config.encoder().rows();
        classes = told == 0 ? null : table(store, "encoder.0.classes.weight", told, dModel);
        clusters = config.encoder().name() == EncoderConfig.Kind.ADAPTIVE
                ? new AdaptiveTables(config.clusters(), store)
                : null;
        if (config.encoder().name() == EncoderConfig.Kind.ID && config.dInput() != dModel) {
            throw new IllegalArgumentException("encoder id passes " + config.dInput() + " values a step, the model has "
                    + "d_model " + dModel + "; use encoder=linear");
        }
        body = switch (config.model()) {
            case BackboneConfig model -> new Backbone(model, config.layerLength(), "model.", store, kernels);
            case SashimiConfig model -> new Sashimi(model, config.lMax(), "model.", store, kernels);
        };
        decoder = config.decoder().name() == DecoderConfig.Kind.SEQUENCE && !config.decoder().tied()
                ? store.addLinear("decoder.0.output_transform", body.dOutput(),
                        config.dOutput() / Math.max(1, config.decoder().steps()))
                : embedding != null && config.decoder().tied() ? tied(embedding, store) : null;
        pairs = config.decoder().pairs() ? new PairHead(body.dOutput(), dModel, config.dOutput(), store) : null;
        softmax = clusters != null && config.decoder().name() == DecoderConfig.Kind.ADAPTIVE
                ? new AdaptiveSoftmax(clusters, body.dOutput(), store)
                : null;
    }

    private Linear tied(Parameter table, ParameterStore store) {
        if (body.dOutput() != config.model().dModel()) {
            throw new IllegalArgumentException("decoder.tied: the decoder gets " + body.dOutput()
                    + " features, the table has " + config.model().dModel() + "; expected equal numbers");
        }
        return new Linear(table, store.add("decoder.0.output_transform.bias", Role.BIAS, new double[config.dOutput()],
                config.dOutput()));
    }

    /** From now on, the blocks' activations are computed again for the backward pass. */
    public void recompute(RandomStates random) {
        body.recompute(random);
    }

    /**
     * Sets where training starts: the decoder's biases, and its weights to 0 if the configuration says so.
     *
     * @param outputs biases, over and over; empty: those it was created with
     */
    public void start(double[] outputs) {
        if (decoder == null || (!config.decoder().zeroInit() && outputs.length < 2)) {
            return;
        }
        Tensor bias = decoder.bias().value();
        double[] values = new double[(int) bias.numel()];
        Arrays.setAll(values, i -> outputs.length == 0 ? 0 : outputs[i % outputs.length]);
        bias.copy_(Tensors.of(values, bias, values.length));
        if (config.decoder().zeroInit()) {
            decoder.weight().value().zero_();
        }
    }

    private Parameter table(ParameterStore store, String name, int rows, int dModel) {
        var random = store.random(name);
        double[] values = new double[rows * dModel];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian() * (config.decoder().tied() ? 1 / Math.sqrt(dModel) : 1);
        }
        return store.add(name, Role.EMBEDDING, values, rows, dModel);
    }

    /**
     * A batch of whole sequences, or of chunks with their states.
     *
     * @param x {@code [b, l, d]} (tokens as numbers in {@code [b, l, 1]} with an embedding)
     * @param lengths steps of each sequence {@code [b]}, int64; null: all have l
     * @param states the states before the first step, one a layer; null: none
     * @param rate relative sampling rate
     * @param training whether dropout and batch statistics are on
     */
    public Output forward(Tensor x, @Nullable Tensor lengths, @Nullable List<Tensor> states, double rate,
            boolean training) {
        if (pairs != null) {
            Tensor texts = PairHead.texts(x);
            Tensor padding = mask(texts.size(1), PairHead.lengths(texts)).to(x.scalar_type());
            Body.Output each = body.forward(encode(texts), states, rate, padding, training);
            return new Output(pairs.forward(pool(each.y(), each.mask())), null);
        }
        Tensor mask = lengths == null ? null : mask(x.size(1), lengths).to(x.scalar_type());
        Body.Output out = body.forward(encode(x), states, rate, mask, training);
        return new Output(decode(out.y(), out.mask()), out.states());
    }

    /**
     * Features {@code [b, l, h]} before the decoder, for a decoder in mode step.
     *
     * @param states the states before the first step, one a layer; null: whole sequences
     */
    public Output features(Tensor x, @Nullable Tensor lengths, @Nullable List<Tensor> states, boolean training) {
        Tensor mask = lengths == null ? null : mask(x.size(1), lengths).to(x.scalar_type());
        Body.Output out = body.forward(encode(x), states, 1.0, mask, training);
        Tensor y = out.y();
        if (config.decoder().mode() != DecoderConfig.Mode.STEP || y.size(1) != x.size(1)) {
            throw new IllegalArgumentException("targets of each step need an output of each step; expected "
                    + "decoder.mode=step and a model without model.pool that shortens its output");
        }
        return new Output(y, out.states());
    }

    /** Outputs {@code [..., d_output]} of features {@code [..., h]}. */
    public Tensor readOut(Tensor features) {
        if (softmax != null) {
            return softmax.logProbabilities(features);
        }
        return decoder == null ? features : decoder.forward(features);
    }

    /** The softmax over clusters, which gives a loss without the scores of all tokens; null: outputs are all there is. */
    public @Nullable AdaptiveSoftmax softmax() {
        return softmax;
    }

    /** One step in evaluation mode; the output is that of a per-step decoder {@code [b, d_output]}. */
    public Output step(Tensor x, List<Tensor> states, List<Layer.Stepper> steppers) {
        Body.Output out = body.step(encode(x.unsqueeze(1)).squeeze(1), states, steppers);
        return new Output(readOut(out.y()), out.states());
    }

    /** Outputs of a sequence, or of a step. */
    public int dOutput() { return config.dOutput(); }

    /** The layers in order. */
    public List<Layer> layers() { return body.layers(); }

    /** Those of them that are S4, in order. */
    public List<S4Block> s4Layers() {
        return layers().stream().filter(S4Block.class::isInstance).map(S4Block.class::cast).toList();
    }

    /** A table that is the decoder's weights too is small; its rows are made as large as others. */
    private Tensor scaled(Tensor rows) {
        return config.decoder().tied() ? rows.mul(new Scalar(Math.sqrt(config.model().dModel()))) : rows;
    }

    private Tensor encode(Tensor x) {
        if (clusters != null) {
            return clusters.embed(x.squeeze(-1).to(ScalarType.Long));
        }
        if (embedding != null) {
            Tensor tokens = x.squeeze(-1);
            if (classes == null) {
                return scaled(torch.embedding(embedding.value(), tokens.to(ScalarType.Long)));
            }
            Scalar levels = new Scalar((long) config.dInput());
            Tensor told = tokens.div(levels).floor();
            return scaled(torch.embedding(embedding.value(), tokens.sub(told.mul(levels)).to(ScalarType.Long)))
                    .add(torch.embedding(classes.value(), told.to(ScalarType.Long)));
        }
        return encoder == null ? x : encoder.forward(x);
    }

    /** 1 where step &lt; length: {@code [b, l, 1]}. */
    private static Tensor mask(long length, Tensor lengths) {
        Tensor steps = torch.arange(new Scalar(length)).to(lengths.device(), lengths.scalar_type());
        return steps.unsqueeze(0).lt(lengths.unsqueeze(1)).unsqueeze(-1);
    }

    private Tensor decode(Tensor y, @Nullable Tensor mask) {
        if (mask != null && config.model() instanceof BackboneConfig model && model.pool() != null
                && mask.select(1, 0).min().item().toDouble() == 0) {
            throw new IllegalArgumentException("pooling leaves nothing of the shortest sequence; expected at least "
                    + "stride steps for each pooling (model.pool). Leave it out, or use a smaller stride");
        }
        int steps = config.decoder().steps();
        if (steps > 0 && decoder != null) {
            if (mask != null) {
                throw new IllegalArgumentException(
                        "decoder.l_output=%d needs sequences of one length; got some of several".formatted(steps));
            }
            return decoder.forward(y.narrow(1, y.size(1) - steps, steps)).flatten(1, 2);
        }
        Tensor pooled = pool(y, mask);
        return softmax != null
                ? softmax.logProbabilities(pooled.flatten(0, 1)).unflatten(0, pooled.size(0), pooled.size(1))
                : readOut(pooled);
    }

    /** Pools time; with lengths, padding never counts. */
    private Tensor pool(Tensor y, @Nullable Tensor mask) {
        return switch (config.decoder().mode()) {
            case STEP -> y;
            case FIRST -> y.select(1, 0);
            case SUM -> (mask == null ? y : y.mul(mask)).sum(1);
            case POOL -> mask == null ? y.mean(1) : y.mul(mask).sum(1).div(mask.sum(1));
            case LAST -> mask == null ? y.select(1, -1) : lastOf(y, mask);
            case RAGGED -> {
                if (mask == null) {
                    throw new IllegalArgumentException("decoder.mode=ragged needs the length of each sequence; "
                            + "use mode last for sequences of one length");
                }
                yield lastOf(y, mask);
            }
        };
    }

    /** Each sequence's features at its own last step. */
    private static Tensor lastOf(Tensor y, Tensor mask) {
        Tensor last = mask.sum(1).to(ScalarType.Long).sub(new Scalar(1L)); // [b, 1]
        Tensor index = last.unsqueeze(-1).expand(y.size(0), 1, y.size(2));
        return y.gather(1, index).squeeze(1);
    }
}
