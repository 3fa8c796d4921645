package s4j.torch.nn;

import java.util.Arrays;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import s4j.kernel.rows.RowFunctions;
import s4j.model.BackboneConfig;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;

/**
 * Normalisation of {@code [b, l, h]}: y = (x − mean) / √(var + 1e-5), then weight and bias where the kind has them; {@code
 * scalar_layer} adds its shift before it divides.
 */
sealed interface Norm {
    double EPS = 1e-5;

    /**
     * Normalises in training (statistics of the batch) or evaluation mode.
     *
     * @param mask 1 at real steps, 0 at padding {@code [b, l, 1]}; null: all steps are real
     */
    Tensor forward(Tensor x, @Nullable Tensor mask, boolean training);

    /** Creates the kind's parameters below {@code prefix}; null and none normalise nothing. */
    static Norm create(BackboneConfig.@Nullable Norm kind, int features, String prefix, ParameterStore store) {
        if (kind == null) {
            return new None();
        }
        return switch (kind) {
            case NONE -> new None();
            case INSTANCE -> new Instance();
            case LAYER -> new Layer(weight(prefix, features, store), bias(prefix, features, store));
            case SCALAR_LAYER ->
                new ScalarLayer(scalar(prefix + "norm.m", 0, store), scalar(prefix + "norm.s", 1, store));
            case BATCH -> new Batch(weight(prefix, features, store), bias(prefix, features, store),
                    store.add(prefix + "norm.running_mean", Role.BUFFER, new double[features], features),
                    store.add(prefix + "norm.running_var", Role.BUFFER, ones(features), features));
        };
    }

    private static Parameter weight(String prefix, int features, ParameterStore store) {
        return store.add(prefix + "norm.weight", Role.NORM, ones(features), features);
    }

    private static Parameter bias(String prefix, int features, ParameterStore store) {
        return store.add(prefix + "norm.bias", Role.NORM, new double[features], features);
    }

    /** One number that never decays, as in the official code. */
    private static Parameter scalar(String name, double value, ParameterStore store) {
        return store.add(name, Role.NORM, new double[]{value}, new long[]{1}, null, 0.0);
    }

    private static double[] ones(int n) {
        double[] values = new double[n];
        Arrays.fill(values, 1);
        return values;
    }

    /** The identity. */
    record None() implements Norm {
        @Override
        public Tensor forward(Tensor x, @Nullable Tensor mask, boolean training) { return x; }
    }

    /** Over the features of each step. */
    record Layer(Parameter weight, Parameter bias) implements Norm {
        @Override
        public Tensor forward(Tensor x, @Nullable Tensor mask, boolean training) {
            return torch.layer_norm(x, new long[]{x.size(-1)}, new TensorOptional(weight.value()),
                    new TensorOptional(bias.value()), EPS, false);
        }
    }

    /** Over the features of each step: s (x − mean + m) / σ; a step of equal values as in {@link RowFunctions#standardize}. */
    record ScalarLayer(Parameter m, Parameter s) implements Norm {
        private static final double MIN_VARIANCE = Math.pow(RowFunctions.MIN_DEVIATION, 2);

        @Override
        public Tensor forward(Tensor x, @Nullable Tensor mask, boolean training) {
            Tensor centred = x.sub(x.mean(-1).unsqueeze(-1));
            Tensor variance = centred.square().mean(-1).unsqueeze(-1);
            // the least value comes before the root, whose slope at 0 is infinite
            Tensor factor = torch.rsqrt(variance.clamp_min(new Scalar(MIN_VARIANCE))).mul(s.value());
            return centred.add(m.value()).mul(factor);
        }
    }

    /**
     * Over batch and time of each feature; running averages (momentum 0.1) in evaluation. Padding counts in training, as in
     * libtorch's.
     */
    record Batch(Parameter weight, Parameter bias, Parameter mean, Parameter variance) implements Norm {
        @Override
        public Tensor forward(Tensor x, @Nullable Tensor mask, boolean training) {
            if (training && x.size(0) * x.size(1) < 2) {
                throw new IllegalArgumentException("norm batch in training needs at least two values per feature, got "
                        + "batch 1 of length 1; use norm layer or a larger batch");
            }
            return torch.batch_norm(x.transpose(1, 2), new TensorOptional(weight.value()),
                    new TensorOptional(bias.value()), new TensorOptional(mean.value()),
                    new TensorOptional(variance.value()), training, 0.1, EPS, false).transpose(1, 2);
        }
    }

    /** Over the time of each sequence and feature, without weight and bias. */
    record Instance() implements Norm {
        @Override
        public Tensor forward(Tensor x, @Nullable Tensor mask, boolean training) {
            Tensor centred = x.sub(mean(x, mask));
            Tensor variance = mean(centred.square(), mask);
            return centred.mul(torch.rsqrt(variance.add(new Scalar(EPS))));
        }

        /** Over the real steps: {@code [b, 1, h]}. */
        private static Tensor mean(Tensor x, @Nullable Tensor mask) {
            return mask == null
                    ? x.mean(1).unsqueeze(1)
                    : x.mul(mask).sum(1).div(mask.sum(1)).unsqueeze(1);
        }
    }
}
