package s4j.torch.nn;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import s4j.torch.tensor.Linear;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Tensors;

/**
 * Two towers (the head of the Long Range Arena's task Retrieval): from u and v, what the network says of two texts, to outputs
 * W₂ ReLU(W₁ [u, v, u v, u − v] + b₁) + b₂.
 */
final class PairHead {
    private final Linear joint;
    private final Linear last;

    PairHead(int features, int width, int outputs, ParameterStore store) {
        joint = store.addLinear("decoder.0.retrieval.classifier.0", 4 * features, width);
        last = store.addLinear("decoder.0.retrieval.classifier.2", width, outputs);
    }

    /** {@code [b, l, 1]} as {@code [2 b, l / 2, 1]}. */
    static Tensor texts(Tensor x) {
        if (x.size(1) % 2 != 0) {
            throw new IllegalArgumentException(
                    "a pair of %d steps; expected two texts of equal length, padded with token 0"
                            .formatted(x.size(1)));
        }
        return x.reshape(2 * x.size(0), x.size(1) / 2, 1);
    }

    /** Steps of texts {@code [b, l, 1]} before the padding {@code [b]}: up to the last token that is not 0, at least one. */
    static Tensor lengths(Tensor texts) {
        Tensor steps = torch.arange(new Scalar(1L), new Scalar(texts.size(1) + 1)).to(texts.device(), ScalarType.Long);
        return texts.squeeze(-1).ne(new Scalar(0.0)).to(ScalarType.Long).mul(steps).amax(new long[]{1}, false)
                .clamp_min(new Scalar(1L));
    }

    /** Outputs {@code [b, d]} of features {@code [2 b, h]}. */
    Tensor forward(Tensor features) {
        Tensor both = features.reshape(features.size(0) / 2, 2, features.size(1));
        Tensor u = both.select(1, 0);
        Tensor v = both.select(1, 1);
        return last.forward(torch.relu(joint.forward(Tensors.cat(1, u, v, u.mul(v), u.sub(v)))));
    }
}
