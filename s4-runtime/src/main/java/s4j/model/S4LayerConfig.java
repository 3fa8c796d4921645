package s4j.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import s4j.config.Default;
import s4j.config.Defaults;
import s4j.config.Key;
import s4j.config.Range;

/**
 * Options of one S4 or S4D layer in the words of the official block ({@code model.layer.*}).
 *
 * @param name {@code s4}, also of S4D
 * @param mode {@code nplr} (S4) or {@code diag} (S4D)
 * @param dState state size N; N/2 conjugate pairs are stored
 * @param lMax longest kernel; null: the data set's sequence length
 * @param channels outputs per feature
 * @param bidirectional two-sided kernel (with the official off-by-one in the reverse half)
 * @param init names of the initialisation, e.g. {@code legs}, {@code diag-lin}, {@code hippo}; more than one are
 *     combined
 * @param rank rank of the low-rank term
 * @param nSsm independent copies of (A, B, P); null: one per feature
 * @param dtMin smallest initial step
 * @param dtMax largest initial step
 * @param dtTie one step per feature (true) or per state
 * @param dtTransform map from the stored parameter to dt
 * @param disc discretisation; null: {@code zoh} for diag, {@code bilinear} for nplr
 * @param realTransform map from the stored parameter to −Re A
 * @param imagTransform map from the stored parameter to −Im A
 * @param bandlimit masks modes with dt |Im A| / 2π at or above half of it; null: none
 * @param activation after the convolution; {@code glu}, which halves, gets twice the channels; null: none
 * @param finalAct after the output projection: {@code glu}, {@code id}, or null for no projection at all
 * @param gate width factor of the multiplicative gate branch (GSS); null: none
 * @param gateAct activation of the gate branch
 * @param multAct activation after the gate product
 * @param bottleneck divides the width of the inner convolution (GSS); null: none
 * @param dropout after the convolution and after the activation; null: the model's
 * @param tieDropout one mask for the whole sequence
 * @param dropKernel dropout of the convolution kernel
 * @param lr learning rates of the SSM parameters
 * @param wd weight decay of the SSM parameters
 * @param realScale scales −Re A at initialisation
 * @param imagScale scales −Im A at initialisation
 * @param realRandom draws −Re A from U[0, 1)
 * @param imagRandom draws −Im A's index from U[0, N/2)
 * @param bInit {@code constant}, {@code random}, {@code alternating}, {@code unit-cw}, {@code unit-ccw}, {@code hippo}
 * @param bScale scales B at initialisation
 * @param pScale scales P at initialisation of {@code dplr-*}
 * @param normalize normalises B at initialisation
 */
public record S4LayerConfig(@Key("_name_") @Default("s4") String name, @Default("nplr") Mode mode,
        @Default("64") @Range(min = 2, max = 4096) int dState, @Range(min = 1) @Nullable Integer lMax,
        @Default("1") @Range(min = 1, max = 1024) int channels, @Default("false") boolean bidirectional,
        @Default("legs") List<String> init, @Default("1") @Range(min = 1, max = 16) int rank,
        @Range(min = 1) @Nullable Integer nSsm, @Default("0.001") @Range(min = 1e-8, max = 1e3) double dtMin,
        @Default("0.1") @Range(min = 1e-8, max = 1e3) double dtMax, @Default("true") boolean dtTie,
        @Default("softplus") Transform dtTransform, @Nullable Disc disc, @Default("exp") Transform realTransform,
        @Default("none") Transform imagTransform, @Range(min = 0) @Nullable Double bandlimit,
        @Default("gelu") @Nullable Activation activation, @Default("glu") @Nullable Activation finalAct,
        @Range(min = 1, max = 64) @Nullable Integer gate, @Nullable Activation gateAct, @Nullable Activation multAct,
        @Range(min = 1) @Nullable Integer bottleneck, @Range(min = 0, max = 0.999) @Nullable Double dropout,
        @Default("false") boolean tieDropout, @Default("0") @Range(min = 0, max = 0.999) double dropKernel,
        SsmLearningRates lr, @Default("0") @Range(min = 0, max = 1e6) double wd, @Default("1") double realScale,
        @Default("1") double imagScale, @Default("false") boolean realRandom, @Default("false") boolean imagRandom,
        @Key("B_init") @Default("constant") String bInit, @Key("B_scale") @Default("1") double bScale,
        @Key("P_scale") @Default("1") double pScale, @Default("false") boolean normalize) implements LayerConfig {

    public static final S4LayerConfig DEFAULTS = Defaults.of(S4LayerConfig.class);

    /** How the state matrix is parameterised: {@code dplr} and {@code s4} are other names of nplr, {@code s4d} of diag. */
    public enum Mode {
        NPLR, DPLR, S4, DIAG, S4D;

        /** Whether A is diagonal (S4D) rather than diagonal plus low rank (S4). */
        public boolean diagonal() {
            return this == DIAG || this == S4D;
        }
    }

    /** Maps a stored real parameter to a positive one: relu is relu(x) + 1e-4, none is x itself. */
    public enum Transform {
        NONE, EXP, RELU, SIGMOID, SOFTPLUS
    }

    /** Discretisations of the continuous system. */
    public enum Disc {
        ZOH, BILINEAR, DSS
    }

    /** Pointwise non-linearities; identity and linear are other names of id, swish of silu; glu halves the last axis. */
    public enum Activation {
        ID, IDENTITY, LINEAR, GELU, RELU, ELU, TANH, SIGMOID, SILU, SWISH, SOFTPLUS, GLU;

        /** Whether it leaves everything as it is. */
        public boolean identity() {
            return this == ID || this == IDENTITY || this == LINEAR;
        }
    }

    /** Checks what one component cannot see alone. */
    public S4LayerConfig {
        if (dState % 2 != 0) {
            throw new IllegalArgumentException("d_state must be even (it counts conjugate pairs twice), got " + dState);
        }
        if (dtMin > dtMax) {
            throw new IllegalArgumentException("dt_min " + dtMin + " is above dt_max " + dtMax);
        }
        if (init.isEmpty()) {
            throw new IllegalArgumentException("init names no initialisation; expected e.g. legs or diag-lin");
        }
        requireScale("real_scale", realScale, 1e-6);
        requireScale("imag_scale", imagScale, -1e6);
        requireScale("B_scale", bScale, -1e6);
        requireScale("P_scale", pScale, -1e6);
        init = List.copyOf(init);
    }

    private static void requireScale(String key, double value, double least) {
        if (!(value >= least && value <= 1e6)) {
            throw new IllegalArgumentException("%s: got %s; expected %s to 1e6".formatted(key, value, least));
        }
    }

    @Override
    public String title() { return mode.diagonal() ? "S4D" : "S4"; }
}
