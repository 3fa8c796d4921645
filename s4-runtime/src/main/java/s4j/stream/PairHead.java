package s4j.stream;

import java.util.Arrays;
import s4j.model.NetworkConfig;
import s4j.model.SequenceBatch;
import s4j.stream.Linear.Side;

/** Two towers: cuts sequences into their two texts, and joins what the network says of each. */
final class PairHead {
    private final int features;
    private final Linear joint;
    private final Linear last;
    private final int outputs;

    PairHead(NetworkConfig network, int features, Weights weights, Build build) {
        this.features = features;
        this.outputs = network.dOutput();
        int width = network.model().dModel();
        this.joint = Linear.load(weights, "decoder.0.retrieval.classifier.0", Side.plain(width),
                Side.plain(4 * features),
                build.backend());
        this.last = Linear.load(weights, "decoder.0.retrieval.classifier.2", Side.plain(outputs), Side.plain(width),
                build.backend());
    }

    int outputs() { return outputs; }

    /** {@code [b, l, 1]} as {@code [2 b, l / 2, 1]}; a text ends where only padding follows. */
    static SequenceBatch texts(SequenceBatch pairs) {
        if (pairs.lengths() != null || pairs.length() % 2 != 0) {
            throw new IllegalArgumentException(
                    "a pair of %d steps%s; expected two texts of equal length, padded with token 0"
                            .formatted(pairs.length(), pairs.lengths() == null ? "" : " with lengths"));
        }
        int l = pairs.length() / 2;
        int[] lengths = new int[2 * pairs.size()];
        for (int i = 0; i < lengths.length; i++) {
            int n = l;
            while (n > 1 && pairs.x()[i * l + n - 1] == 0) {
                n--;
            }
            lengths[i] = n;
        }
        return new SequenceBatch(lengths.length, l, 1, pairs.x(), lengths, (s4j.model.Targets) null);
    }

    /** Outputs {@code [b, d]} of the texts' features {@code [2 b, h]}. */
    float[] join(float[] texts, Scratch scratch) {
        int b = texts.length / (2 * features);
        int stride = Padding.stride(4 * features);
        float[] x = new float[b * stride];
        for (int i = 0; i < b; i++) {
            int u = 2 * i * features;
            int v = u + features;
            int at = i * stride;
            System.arraycopy(texts, u, x, at, 2 * features);
            for (int f = 0; f < features; f++) {
                x[at + 2 * features + f] = texts[u + f] * texts[v + f];
                x[at + 3 * features + f] = texts[u + f] - texts[v + f];
            }
        }
        float[] hidden = new float[b * joint.stride()];
        joint.apply(x, 0, stride, b, hidden, 0, scratch);
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = Math.max(0, hidden[i]);
        }
        float[] wide = new float[b * last.stride()];
        last.apply(hidden, 0, joint.stride(), b, wide, 0, scratch);
        float[] y = new float[b * outputs];
        for (int i = 0; i < b; i++) {
            System.arraycopy(wide, i * last.stride(), y, i * outputs, outputs);
        }
        return y;
    }

    @Override
    public String toString() { return "two texts, " + Arrays.toString(new int[]{features, outputs}); }
}
