package s4j.torch.ssm;

import java.util.List;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import s4j.math.Complex;
import s4j.model.S4LayerConfig;
import s4j.ssm.Dplr;
import s4j.ssm.DtInit;
import s4j.ssm.SsmInit;
import s4j.ssm.Transform;
import s4j.torch.tensor.Parameter;
import s4j.torch.tensor.Parameter.Role;
import s4j.torch.tensor.ParameterStore;
import s4j.torch.tensor.Pointwise;
import s4j.torch.tensor.Tensors;

/**
 * The trained parameters of an SSM kernel under their official names, and the positive transforms that keep Re A
 * negative and dt positive by construction. S = n_ssm copies of (A, B, P) serve H features: feature h uses copy h mod S.
 *
 * @param config the layer's options
 * @param h features H
 * @param c {@code C [c, h, n, 2]}
 * @param invDt {@code inv_dt [h, 1 or n]}
 * @param b {@code B [1, s, n, 2]}
 * @param aReal {@code A_real [s, n]}
 * @param aImag {@code A_imag [s, n]}
 * @param p {@code P [r, s, n, 2]}, of S4 only
 */
public record SsmParameters(S4LayerConfig config, int h, Parameter c, Parameter invDt, Parameter b, Parameter aReal,
        Parameter aImag, @Nullable Parameter p) {

    private static final double DT_LEAST = 1e-9;
    private static final double DT_MOST = 1e3;
    private static final double DECAY_LEAST = 1e-9;
    private static final double DECAY_MOST = 1e6;

    /** Initialises the parameters of {@code channels × h} systems below the name {@code prefix}. */
    public static SsmParameters create(S4LayerConfig config, int h, int channels, String prefix, ParameterStore store) {
        int n = config.dState() / 2;
        int s = copies(config, h, prefix);
        boolean diagonal = config.mode().diagonal();
        SsmInit.Options options = new SsmInit.Options(config.realScale(), config.imagScale(), config.realRandom(),
                config.imagRandom(), config.bInit(), config.bScale(), config.pScale(), config.normalize());
        List<Dplr> init = SsmInit.create(config.init(), config.dState(), config.rank(), s, options,
                store.random(prefix + "A"));
        double[] dt = DtInit.draw(h, config.dtTie() ? 1 : n, config.dtMin(), config.dtMax(),
                transform(config.dtTransform()),
                store.random(prefix + "inv_dt"));
        double[] aReal = new double[s * n];
        double[] aImag = new double[s * n];
        double[] b = new double[2 * s * n];
        for (int k = 0; k < s; k++) {
            for (int i = 0; i < n; i++) {
                Complex lambda = init.get(k).lambda()[i];
                aReal[k * n + i] = transform(config.realTransform()).inverse(-lambda.re());
                aImag[k * n + i] = transform(config.imagTransform()).inverse(-lambda.im());
                b[2 * (k * n + i)] = init.get(k).b()[i].re();
                b[2 * (k * n + i) + 1] = init.get(k).b()[i].im();
            }
        }
        var lr = config.lr();
        Parameter invDt = store.add(prefix + "inv_dt", Role.SSM, dt, new long[]{h, config.dtTie() ? 1 : n}, lr.dt(),
                config.wd());
        Parameter c = store.add(prefix + "C", Role.WEIGHT, gaussian(2 * channels * h * n, store.random(prefix + "C")),
                new long[]{channels, h, n, 2}, lr.c(), null);
        Parameter bp = store.add(prefix + "B", Role.SSM, b, new long[]{1, s, n, 2}, lr.b(), config.wd());
        Parameter ar = store.add(prefix + "A_real", Role.SSM, aReal, new long[]{s, n}, lr.a(), config.wd());
        Parameter ai = store.add(prefix + "A_imag", Role.SSM, aImag, new long[]{s, n}, lr.a(), config.wd());
        Parameter p = diagonal
                ? null
                : store.add(prefix + "P", Role.SSM, lowRank(init, config.rank(), s, n),
                        new long[]{config.rank(), s, n, 2}, lr.a(), config.wd());
        return new SsmParameters(config, h, c, invDt, bp, ar, ai, p);
    }

    private static int copies(S4LayerConfig config, int h, String prefix) {
        int s = config.nSsm() == null ? h : config.nSsm();
        if (h % s != 0) {
            throw new IllegalArgumentException("n_ssm " + s + " does not divide the " + h + " features of " + prefix
                    + "; expected a divisor, or null for one system per feature");
        }
        return s;
    }

    /** Complex normal values of variance 1, as (re, im): each part has variance ½. */
    private static double[] gaussian(int n, RandomGenerator random) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = random.nextGaussian() * Math.sqrt(0.5);
        }
        return values;
    }

    private static double[] lowRank(List<Dplr> init, int rank, int s, int n) {
        double[] p = new double[2 * rank * s * n];
        for (int r = 0; r < rank; r++) {
            for (int k = 0; k < s; k++) {
                for (int i = 0; i < n; i++) {
                    int at = 2 * ((r * s + k) * n + i);
                    p[at] = init.get(k).p()[r][i].re();
                    p[at + 1] = init.get(k).p()[r][i].im();
                }
            }
        }
        return p;
    }

    private static Transform transform(S4LayerConfig.Transform transform) {
        return Transform.valueOf(transform.name());
    }

    /** Stored states n. */
    public int n() { return config.dState() / 2; }

    /** dt {@code [h, 1 or n]}, float64, within {@value #DT_LEAST} … {@value #DT_MOST}, times the rate. */
    Tensor dt(double rate) {
        Tensor dt = Pointwise.transform(real64(invDt), config.dtTransform());
        return bounded(dt, DT_LEAST, DT_MOST).mul(new Scalar(rate));
    }

    /**
     * A {@code [h, n]}, complex: −f(A_real) − i g(A_imag) with f within {@value #DECAY_LEAST} … {@value #DECAY_MOST}. Only
     * DSS, whose kernel is normalised over its length, may grow.
     */
    Tensor a() {
        Tensor decay = Pointwise.transform(real64(aReal), config.realTransform());
        Tensor re = config.disc() == S4LayerConfig.Disc.DSS ? decay : bounded(decay, DECAY_LEAST, DECAY_MOST);
        Tensor im = Pointwise.transform(real64(aImag), config.imagTransform());
        return tile(Tensors.complex(re.neg(), im.neg()), 0);
    }

    /** Inside the bounds x itself; outside a constant without gradient, so that no step can make the system explode. */
    private static Tensor bounded(Tensor x, double least, double most) {
        return x.clamp(new ScalarOptional(new Scalar(least)), new ScalarOptional(new Scalar(most)));
    }

    /** B {@code [h, n]}, complex. */
    Tensor b64() { return tile(Tensors.complexOf(b.value()).select(0, 0), 0); }

    /**
     * C {@code [c, h, n]}, complex, without the modes that the bandlimit masks: those whose frequency dt |Im A| / 2π at
     * rate 1 reaches half of it (S4ND, appendix).
     */
    Tensor c64() {
        Tensor c64 = Tensors.complexOf(c.value());
        Double limit = config.bandlimit();
        if (limit == null) {
            return c64;
        }
        Tensor frequency = dt(1.0).mul(org.bytedeco.pytorch.global.torch.imag(a()).abs())
                .div(new Scalar(2 * Math.PI));
        return c64.mul(frequency.lt(new Scalar(limit * 0.5)).to(c64.scalar_type()));
    }

    /** P {@code [r, h, n]}, complex. */
    Tensor p64() {
        if (p == null) {
            throw new IllegalStateException("a diagonal system has no low-rank term");
        }
        return tile(Tensors.complexOf(p.value()), 1);
    }

    private static Tensor real64(Parameter parameter) {
        return parameter.value().to(org.bytedeco.pytorch.global.torch.ScalarType.Double);
    }

    /** Repeats the S copies along an axis until there is one per feature, in turn. */
    private Tensor tile(Tensor x, int axis) {
        long[] times = new long[Math.toIntExact(x.dim())];
        java.util.Arrays.fill(times, 1);
        times[axis] = h / x.size(axis);
        return times[axis] == 1 ? x : x.repeat(times);
    }
}
