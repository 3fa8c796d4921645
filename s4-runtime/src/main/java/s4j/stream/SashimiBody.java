package s4j.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.model.BackboneConfig;
import s4j.model.SashimiConfig;

/**
 * SaShiMi: stages of residual blocks at falling resolutions, one inside the other, and a last norm.
 *
 * <p>Source: Goel, Gu, Donahue, Ré (2022), section 4.
 */
final class SashimiBody implements Body {
    private final SashimiConfig config;
    private final SashimiStage outermost;
    private final Norm norm;
    private final Build build;

    /** From the tensors below {@code model.}. */
    SashimiBody(SashimiConfig config, Weights weights, Build build) {
        this.config = config;
        this.build = build;
        this.norm = Norm.load(BackboneConfig.Norm.LAYER, config.dModel(), weights.at("norm."), build.functions());
        this.outermost = SashimiStage.load(config, 0, config.dModel(), weights, build);
    }

    @Override
    public Output whole(float[] x, Sequences sequences) {
        outermost.whole(x, sequences);
        ResidualBlock.normalize(norm, x, x, sequences, build);
        return new Output(x, sequences);
    }

    @Override
    public void stream(float[] x, Flow flow, Scratch scratch) {
        outermost.stream(x, flow, scratch);
        norm.rows(x, 0, x, 0, flow.rows, scratch);
    }

    @Override
    public int dOutput() { return config.dModel(); }

    @Override
    public int multiple() { return config.totalPool(); }

    @Override
    public @Nullable String refusal() { return outermost.refusal(); }

    @Override
    public List<Layer> layers() {
        List<Layer> all = new ArrayList<>();
        outermost.collect(all);
        return all;
    }
}
