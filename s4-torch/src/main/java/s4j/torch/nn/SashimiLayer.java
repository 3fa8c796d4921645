package s4j.torch.nn;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.model.BackboneConfig;
import s4j.torch.tensor.Linear;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Pointwise;
import s4j.torch.tensor.Tensors;

/** What SaShiMi's stages are made of: functions from {@code [b, l, h]} to {@code [b, l', h']}. */
sealed interface SashimiLayer {
    /** The layer's value; the mask is of its input's steps. */
    Tensor forward(Tensor x, double rate, @Nullable Tensor mask, boolean training);

    /**
     * s steps become one, h features expand · h: y_l = W vec(x_(sl), …, x_(sl+s−1)) + b, with feature before step in vec.
     *
     * @param stride s
     * @param linear {@code [expand h, h s, 1]}
     */
    record DownPool(int stride, Linear linear) implements SashimiLayer {
        static DownPool create(int features, int expand, int stride, String prefix, ParameterStore store) {
            return new DownPool(stride, store.addPointwise(prefix + "linear", features * stride, features * expand));
        }

        @Override
        public Tensor forward(Tensor x, double rate, @Nullable Tensor mask, boolean training) {
            Tensor real = mask == null ? x : x.mul(mask);
            Tensor groups = real.unflatten(1, x.size(1) / stride, stride); // [b, l / s, s, h]
            return linear.forward(groups.transpose(2, 3).flatten(2, 3));
        }
    }

    /**
     * One step becomes s, h features h / expand, one pooled step later: what comes out at steps sl … sl+s−1 was known after
     * step sl−1. The first s outputs are 0.
     *
     * @param stride s
     * @param linear {@code [h s / expand, h, 1]}
     */
    record UpPool(int stride, Linear linear) implements SashimiLayer {
        static UpPool create(int features, int expand, int stride, String prefix, ParameterStore store) {
            return new UpPool(stride, store.addPointwise(prefix + "linear", features, features / expand * stride));
        }

        @Override
        public Tensor forward(Tensor x, double rate, @Nullable Tensor mask, boolean training) {
            Tensor y = linear.forward(x.narrow(1, 0, x.size(1) - 1)); // what the last one says is never heard
            Tensor late = Tensors.cat(1, Tensors.zeros(y.scalar_type(), y, y.size(0), 1, y.size(2)), y);
            return late.unflatten(2, late.size(2) / stride, stride).transpose(2, 3).flatten(1, 2);
        }
    }

    /** x + dropout(layer(norm(x))). */
    record Mixing(Norm norm, Layer layer, double dropout) implements SashimiLayer {
        @Override
        public Tensor forward(Tensor x, double rate, @Nullable Tensor mask, boolean training) {
            Tensor y = layer.forwardWhole(norm.forward(x, mask, training), rate, mask, training);
            return x.add(Pointwise.dropout(y, dropout, training, null));
        }
    }

    /**
     * The norm before a block, under the official names: {@code norm.weight}, {@code norm.bias} as in models/sashimi, {@code
     * norm.norm.m}, {@code norm.norm.s} as in src/.
     */
    static Norm norm(BackboneConfig.Norm kind, int features, String prefix, ParameterStore store) {
        return Norm.create(kind, features, kind == BackboneConfig.Norm.LAYER ? prefix : prefix + "norm.", store);
    }
}
