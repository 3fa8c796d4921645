package s4j.train.config;

import java.util.List;
import s4j.config.ConfigException;
import s4j.model.AttentionConfig;
import s4j.model.BackboneConfig;
import s4j.model.FeedForwardConfig;
import s4j.model.GruConfig;
import s4j.model.LayerConfig;
import s4j.model.LinearConfig;
import s4j.model.LstmConfig;
import s4j.model.ModelConfig;
import s4j.model.S4LayerConfig;
import s4j.model.TcnConfig;
import s4j.model.SashimiConfig;
import s4j.math.Complex;
import s4j.ssm.Dplr;
import s4j.ssm.DtInit;
import s4j.ssm.SsmInit;
import s4j.ssm.Transform;

/**
 * What no single key can see: whether layers, widths and initialisations go together. Looked at before any data is read or
 * anything is written.
 */
final class ConfigCheck {
    /** States of a trial initialisation: those of larger ones are of the same kind, and an eigen-decomposition is cubic. */
    private static final int TRIED = 64;
    private static final long WIDEST = 1 << 20;

    /**
     * Refuses what cannot be built.
     *
     * @throws ConfigException naming the key
     */
    static void check(ModelConfig model) {
        switch (model) {
            case SashimiConfig s -> {
                long width = s.dModel();
                for (int stage = 0; stage <= s.pool().size(); stage++) {
                    layers(s.layers(), width(width));
                    width = width * s.expand();
                }
            }
            case BackboneConfig b -> {
                long width = b.dModel();
                for (int i = 0; i < b.nLayers(); i++) {
                    layers(b.layers(), width(width));
                    width = b.pool() == null ? width : width * b.pool().expand();
                    if (b.pool() == null) {
                        break;
                    }
                }
            }
        }
    }

    private static int width(long width) {
        if (width > WIDEST) {
            throw new ConfigException(
                    "model.pool: expand makes layers of %,d features; expected at most %,d. Lower expand or model.d_model"
                            .formatted(width, WIDEST));
        }
        return (int) width;
    }

    private static void layers(List<LayerConfig> layers, int width) {
        for (LayerConfig layer : layers) {
            switch (layer) {
                case S4LayerConfig s4 -> layer(s4, width);
                case AttentionConfig attention -> heads(attention, width);
                case FeedForwardConfig _,LinearConfig _,LstmConfig _,GruConfig _,TcnConfig _ -> {
                    // fits any width
                }
            }
        }
    }

    private static void heads(AttentionConfig attention, int width) {
        try {
            attention.headOf(width);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("model.layer." + e.getMessage(), e);
        }
    }

    private static void layer(S4LayerConfig c, int width) {
        int bottleneck = c.bottleneck() == null ? 1 : c.bottleneck();
        if (width % bottleneck != 0) {
            throw new ConfigException("model.layer.bottleneck: got %d; expected a divisor of the %d features"
                    .formatted(bottleneck, width));
        }
        int inner = width / bottleneck;
        int copies = c.nSsm() == null ? inner : c.nSsm();
        if (inner % copies != 0) {
            throw new ConfigException("model.layer.n_ssm: got %d; expected a divisor of the %d features, or null"
                    .formatted(copies, inner));
        }
        if (c.multAct() == S4LayerConfig.Activation.GLU) {
            throw new ConfigException("model.layer.mult_act: got glu, which halves the features; expected another");
        }
        initialisation(c, copies);
    }

    /** One trial of the first copies' initialisation. */
    private static void initialisation(S4LayerConfig c, int copies) {
        try {
            SsmInit.Options options = new SsmInit.Options(c.realScale(), c.imagScale(), c.realRandom(), c.imagRandom(),
                    c.bInit(), c.bScale(), c.pScale(), c.normalize());
            List<Dplr> init = SsmInit.create(c.init(), Math.min(c.dState(), TRIED), c.rank(), Math.min(copies,
                    12 * Math.max(1, copies / 12)), options, new java.util.SplittableRandom(0));
            for (Complex lambda : init.getFirst().lambda()) {
                inverse("real_transform", c.realTransform(), -lambda.re());
                inverse("imag_transform", c.imagTransform(), -lambda.im());
            }
            DtInit.draw(1, 1, c.dtMin(), c.dtMax(), Transform.valueOf(c.dtTransform().name()),
                    new java.util.SplittableRandom(0));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ConfigException("model.layer: " + e.getMessage(), e);
        }
    }

    private static void inverse(String key, S4LayerConfig.Transform transform, double value) {
        double stored = Transform.valueOf(transform.name()).inverse(value);
        if (!Double.isFinite(value) || !Double.isFinite(stored)) {
            throw new IllegalArgumentException(key + " and init: got a pole at " + value + "; expected a finite one");
        }
    }

    private ConfigCheck() {}
}
