package s4j.examples;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import s4j.torch.S4;
import s4j.torch.S4D;
import s4j.torch.S4Optimizers;

/** A network of your own: four S4D layers and a head between layers of libtorch, trained on real series in a minute. */
public final class YourOwnModel extends Module {
    private final LinearImpl encoder = register_module("encoder", new LinearImpl(1, 32));
    private final List<S4> layers = IntStream.range(0, 4)
            .mapToObj(i -> register_module("s4_" + i, S4D.of(32, o -> o.dState(32).dropout(0.1)))).toList();
    private final LinearImpl head = register_module("head", new LinearImpl(32, 2));

    private Tensor forward(Tensor x) { // [b, l, 1] -> [b, 2]
        Tensor y = encoder.forward(x);
        for (S4 layer : layers) {
            y = y.add(layer.forward(torch.layer_norm(y, 32)));
        }
        return head.forward(y.mean(1));
    }

    /** Trains, and fails where less than 95 % of the test series are right. */
    public static void main(String[] arguments) {
        torch.manual_seed(1);
        GunPoint train = GunPoint.train();
        YourOwnModel model = new YourOwnModel();
        AdamW optimizer = S4Optimizers.adamW(model, model.layers, 0.005, 0.01);
        for (int epoch = 0; epoch < 100; epoch++) {
            try (var _ = new PointerScope()) { // frees the step's tensors
                optimizer.zero_grad();
                torch.cross_entropy_loss(model.forward(train.series()), train.classes()).backward();
                optimizer.step();
            }
        }
        model.eval();
        GunPoint test = GunPoint.test();
        try (var _ = new PointerScope(); var _ = new NoGradGuard()) {
            Tensor best = model.forward(test.series()).argmax(new LongOptional(1), false);
            double accuracy = best.eq(test.classes()).to(torch.ScalarType.Float).mean().item().toDouble();
            System.out.printf(Locale.ROOT, "test accuracy: %.3f%n", accuracy);
            if (accuracy < 0.95) {
                throw new IllegalStateException("test accuracy " + accuracy + "; expected at least 0.95");
            }
        }
    }
}
